//! Saying how far one has read. It is bookkeeping: no revision, no event.

use super::{Draft, Situation, gate};
use crate::{
    command::{AckEvents, AckNotifications, Acknowledgement, Command, PruneEvents},
    cursor::{self, Cursor, EventRange, Standing, Stream},
    decision::{Decision, Refusal},
    failure::Failure,
    ids::AgentId,
    reply::Pruned,
    retention::Retention,
    words,
};

/// The cursor that an acknowledgement moves, and what it says; `None` for every other command.
pub fn acknowledgement<'a>(
    command: &'a Command,
    agent: Option<&AgentId>,
) -> Option<(Cursor, &'a Acknowledgement)> {
    let (stream, read) = match command {
        Command::AckEvents(AckEvents { read }) => (Stream::Events, read),
        Command::AckNotifications(AckNotifications { read }) => (Stream::Notifications, read),
        _ => return None,
    };
    Some((Cursor { agent: agent.cloned(), stream, id: read.cursor_id.clone() }, read))
}

/// Where the cursor stands afterwards. `given_out` is what its reader was last shown, where it named no number itself.
pub fn acknowledge(
    situation: &Situation<'_>,
    command: &Command,
    given_out: Option<Standing>,
    range: EventRange,
    standing: Option<Standing>,
) -> Result<u64, Refusal> {
    gate::check(situation, command)?;
    let Some((_, read)) = acknowledgement(command, None) else {
        return Err(Failure::internal(format!("`{}` acknowledges nothing", command.name())));
    };
    let incarnation = situation.board.incarnation;
    let given_out = given_out.filter(|given| given.incarnation == incarnation).map(|given| given.seq);
    cursor::acknowledged(range, standing, incarnation, read.up_to.or(given_out), read.rewind)
}

/// What the command keeps to: what it does not say is as always.
pub fn retention(command: &PruneEvents) -> Retention {
    let usual = Retention::default();
    Retention {
        max_rows: command.max_rows.unwrap_or(usual.max_rows),
        max_age_seconds: command.max_age_seconds.unwrap_or(usual.max_age_seconds),
    }
}

/// Only says so: archiving and taking away follow the commit, so that this event is counted with the others.
pub(super) fn prune(mut draft: Draft<'_>, command: &PruneEvents) -> Result<Decision, Refusal> {
    let policy = retention(command);
    let summary = format!(
        "events beyond the newest {} or older than {} go to the archive",
        policy.max_rows,
        words::duration(policy.max_age_seconds)
    );
    draft.record("prune-events", "retention", None, None, summary);
    draft.reply(Pruned { archived: 0, oldest: 0, retention: policy.into() })
}
