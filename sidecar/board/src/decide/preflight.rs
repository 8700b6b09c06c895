//! One confirmation of where somebody works, and how the team shares the board.

use super::Draft;
use crate::{
    board::{Confirmation, Row, SafetyProfile},
    command::Preflight,
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    mode::advise,
    reply::{Confirmed, PreflightWire},
};

/// Confirms the caller's worktree on its branch. What it does not say of mode and team stays as the last one said.
pub(super) fn preflight(mut draft: Draft<'_>, command: &Preflight) -> Result<Decision, Refusal> {
    command.topology.check()?;
    let confirmation = confirmation(&draft, command)?;
    let safety = command.safety_profile.unwrap_or(draft.at.board.safety);
    draft.record("preflight", "preflight", None, None, summary(&confirmation, safety));
    let reply = Confirmed {
        preflight: PreflightWire::of(&confirmation),
        safety_profile: safety,
        safety_effects: safety.effects().map(str::to_owned).to_vec(),
    };
    draft.rows.push(Row::Confirmation(confirmation));
    draft.rows.push(Row::Safety(safety));
    draft.reply(reply)
}

fn confirmation(draft: &Draft<'_>, command: &Preflight) -> Result<Confirmation, Refusal> {
    let at = draft.at;
    let (worktree, branch) = confirmed_place(draft, command)?;
    let before = at.board.last_preflight();
    let topology = match before {
        Some(before) if command.topology.is_silent() => before.topology.clone(),
        _ => command.topology.clone(),
    };
    let mode_choice = command.mode.or(before.map(|one| one.mode_choice)).unwrap_or_default();
    Ok(Confirmation {
        worktree,
        branch,
        loop_kind: command.session_kind.unwrap_or_default(),
        advice: advise(mode_choice, &topology, at.disk),
        mode_choice,
        topology,
        agent: at.caller.agent.clone(),
        confirmed_at: at.now,
        revision: draft.revision(),
    })
}

fn confirmed_place(draft: &Draft<'_>, command: &Preflight) -> Result<(String, String), Refusal> {
    let caller = draft.at.caller;
    let Some(worktree) = caller.worktree.clone() else {
        return Err(Failure::new(
            Code::NotConfirmed,
            "there is no worktree here that could be confirmed; nothing was changed",
        ));
    };
    let branch = caller.branch.clone().unwrap_or_else(|| "detached".to_owned());
    if command.confirm_workspace && command.confirm_branch {
        return Ok((worktree, branch));
    }
    let message =
        format!("confirm that {worktree} on branch {branch} is where you mean to work; nothing was changed");
    Err(Failure::new(Code::NotConfirmed, message).hint("repeat with --confirm-workspace --confirm-branch"))
}

fn summary(confirmation: &Confirmation, safety: SafetyProfile) -> String {
    let Confirmation { worktree, branch, advice, .. } = confirmation;
    let (mode, safety) = (advice.mode.as_str(), safety.as_str());
    format!("{worktree} on {branch} was confirmed; the mode is {mode}, the board is {safety}")
}
