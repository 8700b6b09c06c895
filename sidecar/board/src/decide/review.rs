//! Reviewing: taking up what was submitted, sending it back, approving it. Nobody reviews their own work.

use super::{
    Draft,
    claim::lease_held,
    draft::unchanged,
    hold::{announce_unblocked, done, held_at, let_go_of, reason},
};
use crate::{
    command::{ClaimReviewNext, RequestChanges, StartReview},
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    handoff::Target,
    ids::ModuleId,
    module::{Lease, Module, Status},
    rank::{Pressure, nothing_to_review, reviewable},
    reply::{Claimed, GivenLease, ModuleChanged},
    session::Agent,
};

pub(super) fn start(draft: Draft<'_>, command: &StartReview) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let module = draft.module(&command.module)?;
    check_reviewable(&draft, module, agent)?;
    take_review(draft, module, agent, command.ttl_seconds, "start-review")
}

/// What waits for review; a review whose lease ran out; one's own again, for a fresh token.
fn check_reviewable(draft: &Draft<'_>, module: &Module, agent: &Agent) -> Result<(), Refusal> {
    if !module.status.is_review() {
        return Err(Draft::wrong_status(module, "a review", &[Status::ReviewReady]));
    }
    refuse_own_work(module, agent)?;
    match draft.lease(&module.id) {
        Some(lease) if lease.holder != agent.id && !lease.is_expired(draft.at.now) => {
            Err(lease_held(module, lease))
        }
        _ => Ok(()),
    }
}

pub(super) fn refuse_own_work(module: &Module, agent: &Agent) -> Result<(), Refusal> {
    if !module.is_owned_by(&agent.id) {
        return Ok(());
    }
    let message = format!("{} is your own work; somebody else reviews it; nothing was changed", module.id);
    Err(Failure::new(Code::NotHolder, message).hint(
        "`remit claim-next` gives you the next piece of work, `remit claim-review-next` others' reviews",
    ))
}

pub(super) fn claim_next(draft: Draft<'_>, command: &ClaimReviewNext) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let seeker = draft.seeker(agent, command.specialty.as_ref());
    match reviewable(&seeker, &Pressure::of(draft.at.board)).first() {
        Some(best) => take_review(draft, best.module, agent, command.ttl_seconds, "claim-review-next"),
        None => Err(unchanged(nothing_to_review(&seeker))),
    }
}

fn take_review(
    mut draft: Draft<'_>,
    module: &Module,
    agent: &Agent,
    ttl: Option<u64>,
    kind: &'static str,
) -> Result<Decision, Refusal> {
    let ttl = draft.ttl(ttl, draft.default_ttl())?;
    let before = draft.lease(&module.id).map(|lease| lease.holder.clone());
    if before.as_ref() != Some(&agent.id) {
        draft.withdraw_handoff(&module.id);
    }
    if let Some(loser) = before.filter(|holder| *holder != agent.id) {
        let summary =
            format!("{} took the review of {} over after your lease had run out", agent.id, module.id);
        draft.notify("lease-lost", Target::Agent(loser), module, summary);
    }
    let module = draft.put(Module {
        status: Status::InReview,
        reviewer: Some(agent.id.clone()),
        assigned_to: None,
        ..module.clone()
    });
    let lease = draft.grant(&module.id, &agent.id, ttl);
    draft.event(kind, Some(&module), format!("{} reviews {}", agent.id, module.id));
    let reply = Claimed {
        module: draft.wire(&module, Some(&lease)),
        lease: GivenLease::of(&lease),
        conflicts: Vec::new(),
    };
    draft.reply(reply)
}

/// Back to its owner, with a lease whose token the owner fetches by claiming; the same reviewer stays named.
pub(super) fn request_changes(mut draft: Draft<'_>, command: &RequestChanges) -> Result<Decision, Refusal> {
    let module = held_at(&draft, &command.module, "request-changes", Status::InReview)?;
    let reason = reason(command.reason.as_deref(), "request-changes")?.to_owned();
    let agent = draft.agent()?;
    let Some(owner) = module.owner.clone() else {
        return Err(Failure::internal(format!("{} is in review and has no owner", module.id)));
    };
    let ttl = draft.ttl(command.ttl_seconds, draft.default_ttl())?;
    draft.withdraw_handoff(&module.id);
    let summary = format!("{} asks for changes in {}: {reason}", agent.id, module.id);
    let module =
        draft.put(Module { status: Status::InProgress, changes_requested: Some(reason), ..module.clone() });
    let lease: Lease = draft.grant(&module.id, &owner, ttl);
    draft.event("request-changes", Some(&module), summary.clone());
    draft.notify("changes-requested", Target::Agent(owner), &module, summary);
    let reply = ModuleChanged { module: draft.wire(&module, Some(&lease)), conflicts: Vec::new() };
    draft.reply(reply)
}

pub(super) fn approve(mut draft: Draft<'_>, id: &ModuleId) -> Result<Decision, Refusal> {
    let module = held_at(&draft, id, "approve", Status::InReview)?;
    let agent = draft.agent()?;
    let module = done(&mut draft, module);
    let summary = format!("{} approved {}", agent.id, module.id);
    draft.event("approve", Some(&module), summary.clone());
    if let Some(owner) = module.owner.clone() {
        draft.notify("approved", Target::Agent(owner), &module, summary);
    }
    announce_unblocked(&mut draft, &module.id);
    let_go_of(draft, &module)
}
