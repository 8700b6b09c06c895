//! What is checked before any command: revision, session, agent and confirmation.

use serde_json::json;

use super::{Situation, draft::unchanged};
use crate::{
    board::Board,
    command::Command,
    decision::Refusal,
    failure::{Code, Failure},
    words,
};

pub(super) fn check(situation: &Situation<'_>, command: &Command) -> Result<(), Refusal> {
    expected_revision(situation)?;
    agent(situation)?;
    session(situation)?;
    confirmation(situation, command)
}

/// Compare-and-swap on the whole board. A number from before a rebuild is never the current one.
fn expected_revision(situation: &Situation<'_>) -> Result<(), Refusal> {
    let current = situation.board.revision;
    match situation.asking.expected_revision {
        Some(expected) if expected != current => Err(Failure::new(
            Code::StaleRevision,
            format!("the board is at revision {current}, not {expected}; nothing was changed"),
        )
        .hint("read the board again, and repeat the command if it still makes sense")
        .details(json!({ "revision": current }))),
        _ => Ok(()),
    }
}

fn agent(situation: &Situation<'_>) -> Result<(), Refusal> {
    match &situation.caller.agent {
        Some(id) if !situation.board.agents.contains_key(id) => {
            Err(unchanged(words::unknown_agent(situation.board, id)))
        }
        _ => Ok(()),
    }
}

/// Fencing by session: a window that was registered again speaks with its newest epoch only.
fn session(situation: &Situation<'_>) -> Result<(), Refusal> {
    let Some(id) = &situation.asking.session_id else { return Ok(()) };
    let Some(session) = situation.board.sessions.get(id) else {
        return Err(Failure::not_found("session", id)
            .hint("nothing was changed; register again with `remit register-session --thread-key NAME`"));
    };
    if session.reaped {
        let message =
            format!("session {id} was quiet for long and taken off the registry; nothing was changed");
        return Err(Failure::new(Code::SessionExpired, message)
            .hint("register again with `remit register-session --thread-key NAME`"));
    }
    if situation.caller.agent.as_ref().is_some_and(|agent| *agent != session.agent) {
        return Err(Failure::invalid(format!(
            "session {id} belongs to {}, not to the agent given; nothing was changed",
            session.agent
        )));
    }
    match situation.asking.session_epoch {
        Some(epoch) if epoch < session.epoch => Err(Failure::new(
            Code::StaleSessionEpoch,
            format!(
                "session {id} was registered again since: epoch {} is current, not {epoch}; nothing was changed",
                session.epoch
            ),
        )
        .hint("whoever registered it last holds its leases; register again to go on here")
        .details(json!({ "session_epoch": session.epoch }))),
        Some(epoch) if epoch > session.epoch => Err(Failure::invalid(format!(
            "session {id} has no epoch {epoch}; its current one is {}; nothing was changed",
            session.epoch
        ))),
        _ => Ok(()),
    }
}

/// `--while-session` reuses one confirmation until the worktree's branch is another one.
fn confirmation(situation: &Situation<'_>, command: &Command) -> Result<(), Refusal> {
    if !situation.asking.while_session || matches!(command, Command::Preflight(_)) {
        return Ok(());
    }
    let caller = situation.caller;
    confirmed_branch(situation.board, caller.worktree.as_deref(), caller.branch.as_deref())
}

/// Whether this worktree's branch is the one that was confirmed; `None` stands for a detached head.
pub fn confirmed_branch(board: &Board, worktree: Option<&str>, branch: Option<&str>) -> Result<(), Refusal> {
    let confirm = "run `remit preflight --confirm-workspace --confirm-branch` once in this worktree";
    let Some(worktree) = worktree else {
        return Err(Failure::new(
            Code::NotConfirmed,
            "there is no worktree here that could be confirmed; nothing was changed",
        )
        .hint("run it inside the repository, or in one of its linked worktrees"));
    };
    let Some(confirmed) = board.confirmations.get(worktree) else {
        return Err(Failure::new(
            Code::NotConfirmed,
            format!("the worktree {worktree} was not confirmed yet; nothing was changed"),
        )
        .hint(confirm));
    };
    let branch = branch.unwrap_or("detached");
    if confirmed.branch != branch {
        let message = format!(
            "{worktree} is on branch {branch}; {} was confirmed; nothing was changed",
            confirmed.branch
        );
        return Err(Failure::new(Code::NotConfirmed, message).hint(confirm));
    }
    Ok(())
}
