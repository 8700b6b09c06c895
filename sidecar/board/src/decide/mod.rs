//! The rules: what each command does to the board, or why it is refused.
//!
//! `decide` is pure. It runs inside the store's transaction, perhaps more than once for one commit.

mod bootstrap;
mod candidates;
mod claim;
mod draft;
mod gate;
mod handoff;
mod hold;
mod intake;
mod lease;
mod overlap;
mod plan;
mod preflight;
mod reach;
mod reap;
mod request;
mod review;
mod session;
mod signals;
mod validate;

use draft::Draft;

use crate::{
    board::{Board, Leases},
    bundle::BundleFacts,
    command::{Asking, Command},
    decision::{Decision, Refusal},
    failure::Failure,
    ids::{AgentId, HostId, LeaseToken, ModuleId, Seed, WindowId},
    intake::Survey,
    mode::BoardDisk,
    reply::Bootstrapped,
    scope::CaseRule,
    time::Millis,
};

pub use gate::confirmed_branch;
pub use lease::renew_window;
pub use overlap::{live_overlaps, refuses};
pub(crate) use plan::find_cycle;
pub use reap::reaping_age;
pub use signals::{acknowledge, acknowledgement, retention};

/// Who asks, as the engine made it out.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    pub agent: Option<AgentId>,
    /// The current token of the lease on the command's module: given, or from the holder's own keeping.
    pub token: Option<LeaseToken>,
    pub worktree: Option<String>,
    /// `detached` for a detached head, `None` outside git.
    pub branch: Option<String>,
    /// The commit that is checked out; asked for claims alone.
    pub head: Option<String>,
    pub host: Option<HostId>,
    /// The window of a caller that names none.
    pub window: Option<WindowId>,
}

/// All that a rule may look at.
pub struct Situation<'a> {
    pub board: &'a Board,
    pub leases: &'a Leases,
    pub now: Millis,
    pub asking: &'a Asking,
    pub caller: &'a Caller,
    pub seed: &'a Seed,
    pub case: CaseRule,
    pub before: DoneBefore<'a>,
    /// For `preflight` alone.
    pub disk: BoardDisk,
    /// Gathered before the transaction, for `handoff-bundle` alone.
    pub bundle: Option<&'a BundleFacts>,
    /// Gathered before the transaction, for `intake` alone.
    pub survey: Option<&'a Survey>,
}

/// What was done on disk before the rule, which puts it into the history.
#[derive(Clone, Copy, Debug, Default)]
pub enum DoneBefore<'a> {
    #[default]
    Nothing,
    /// For `validate` alone; sentences.
    Mended(&'a [String]),
    /// For `bootstrap` alone.
    Bootstrapped(&'a Bootstrapped),
}

/// Decides one command. A command that only prepares another (`infer-paths`) is the engine's.
pub fn decide(situation: &Situation<'_>, command: &Command) -> Result<Decision, Refusal> {
    let draft = Draft::new(situation);
    gate::check(situation, command)?;
    match command {
        Command::Bootstrap(command) => bootstrap::bootstrap(draft, command),
        Command::Preflight(preflight) => preflight::preflight(draft, preflight),
        Command::InitAgent(registration) => session::register(draft, registration, command.name()),
        Command::RegisterSession(register) => {
            session::register(draft, &register.registration, command.name())
        }
        Command::AddModule(add) => plan::add(draft, add),
        Command::EditModule(edit) => plan::edit(draft, edit),
        Command::ConfirmModule(confirm) => candidates::confirm(draft, confirm),
        Command::ImportPlan(plan) => plan::import(draft, plan),
        Command::Claim(claim) => claim::claim(draft, claim),
        Command::ClaimNext(next) => claim::claim_next(draft, next),
        Command::ClaimPaths(paths) => claim::claim_paths(draft, paths),
        Command::Heartbeat(heartbeat) => lease::heartbeat(draft, heartbeat),
        Command::Release(release) => hold::release(draft, &release.module),
        Command::Block(block) => hold::block(draft, block),
        Command::Unblock(unblock) => hold::unblock(draft, &unblock.module),
        Command::Submit(submit) => hold::submit(draft, &submit.module),
        Command::StartReview(start) => review::start(draft, start),
        Command::ClaimReviewNext(next) => review::claim_next(draft, next),
        Command::RequestChanges(request) => review::request_changes(draft, request),
        Command::Approve(approve) => review::approve(draft, &approve.module),
        Command::Finish(finish) => hold::finish(draft, &finish.module),
        Command::Cancel(cancel) => hold::cancel(draft, cancel),
        Command::Assign(assign) => request::assign(draft, assign),
        Command::RequestHandoff(request) => request::request_handoff(draft, request),
        Command::Reclaim(reclaim) => lease::reclaim(draft, reclaim.module.as_ref()),
        Command::HandoffBundle(bundle) => handoff::offer(draft, bundle),
        Command::ClaimHandoff(claim) => handoff::claim(draft, claim),
        Command::AckHandoff(ack) => handoff::acknowledge(draft, ack),
        Command::PruneEvents(prune) => signals::prune(draft, prune),
        Command::ReapSessions(reap) => reap::reap(draft, reap),
        Command::Intake(command) => intake::intake(draft, command),
        Command::Validate(validate) => validate::validate(draft, validate),
        Command::InferPaths(_) | Command::AckEvents(_) | Command::AckNotifications(_) => {
            Err(Failure::internal(format!("`{}` is not a rule of the board", command.name())))
        }
    }
}

/// The module whose lease token the command needs, if it needs one.
pub fn fenced_module(command: &Command) -> Option<&ModuleId> {
    match command {
        Command::EditModule(edit) => Some(&edit.id),
        Command::Heartbeat(heartbeat) => Some(&heartbeat.module),
        Command::Release(release) => Some(&release.module),
        Command::Finish(finish) => Some(&finish.module),
        Command::ConfirmModule(confirm) => Some(&confirm.id),
        Command::Block(block) => Some(&block.module),
        Command::Unblock(unblock) => Some(&unblock.module),
        Command::Submit(submit) => Some(&submit.module),
        Command::RequestChanges(request) => Some(&request.module),
        Command::Approve(approve) => Some(&approve.module),
        Command::Cancel(cancel) => Some(&cancel.module),
        Command::HandoffBundle(bundle) => Some(&bundle.module),
        Command::InferPaths(infer) => Some(&infer.module),
        _ => None,
    }
}

/// Whether the command gives a module to somebody who begins with it now.
pub fn begins_work(command: &Command) -> bool {
    matches!(command, Command::Claim(_) | Command::ClaimNext(_) | Command::ClaimPaths(_))
}

/// Whether the command is somebody's work, so that it must be known who asks.
pub fn needs_agent(command: &Command) -> bool {
    use Command::*;
    matches!(
        command,
        Claim(_)
            | ClaimNext(_)
            | ClaimPaths(_)
            | Heartbeat(_)
            | Release(_)
            | Finish(_)
            | Block(_)
            | Unblock(_)
            | Submit(_)
            | StartReview(_)
            | ClaimReviewNext(_)
            | RequestChanges(_)
            | Approve(_)
            | Cancel(_)
            | Assign(_)
            | RequestHandoff(_)
            | Reclaim(_)
            | HandoffBundle(_)
            | ClaimHandoff(_)
            | AckHandoff(_)
            | AckEvents(_)
            | AckNotifications(_)
    )
}
