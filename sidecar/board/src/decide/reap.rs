//! Taking sessions off the registry that nobody speaks for any more.

use super::Draft;
use crate::{
    board::Row,
    command::ReapSessions,
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    ids::SessionId,
    reply::Reaped,
    session::Session,
    words::{counted, duration},
};

/// A day: whoever was not seen for so long has gone home.
const REAPED_AFTER_SECONDS: u64 = 24 * 3600;

/// How long a session must have been quiet.
pub fn reaping_age(command: &ReapSessions) -> u64 {
    command.max_age_seconds.unwrap_or(REAPED_AFTER_SECONDS)
}

/// Their leases run on to their end: expiry takes a module from nobody, and reaping does not either.
pub(super) fn reap(mut draft: Draft<'_>, command: &ReapSessions) -> Result<Decision, Refusal> {
    let sessions = draft.at.board.sessions.values();
    let quiet: Vec<&Session> =
        sessions.filter(|session| !session.reaped && command.quiet.contains(&session.id)).collect();
    let age = reaping_age(command);
    if quiet.is_empty() {
        let message = format!("no session was quiet for {}; nothing was changed", duration(age));
        return Err(Failure::new(Code::Nothing, message).hint("`remit sessions` lists them all"));
    }
    let revision = draft.revision();
    let ids: Vec<SessionId> = quiet.iter().map(|session| session.id.clone()).collect();
    let reaped = quiet.into_iter().map(|session| Session { reaped: true, revision, ..session.clone() });
    draft.rows.extend(reaped.map(Row::Session));
    let summary =
        format!("{} taken off the registry after {} of quiet", counted(ids.len(), "session"), duration(age));
    draft.record("reap-sessions", "board", None, None, summary);
    draft.reply(Reaped { sessions: ids })
}
