//! How far a reader has read, and what it may do next: never a silent gap.
//!
//! Events are numbered without a gap and go away at the old end only. A *position* says that everything up to it was
//! read. One that lies before the oldest event has lost something, one behind the newest comes from another board;
//! both are said, and the reader decides.

use serde_json::json;

use crate::{
    decision::Refusal,
    failure::{Code, Failure},
    ids::{AgentId, CursorId},
};

/// Which events there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRange {
    /// The oldest there is; `last + 1` when there is none.
    pub first: u64,
    /// The newest there ever was, 0 before the first.
    pub last: u64,
}

/// Two streams are read apart: who has seen all notifications has not seen all events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    Events,
    Notifications,
}

impl Stream {
    pub fn as_str(self) -> &'static str {
        match self {
            Stream::Events => "events",
            Stream::Notifications => "notifications",
        }
    }
}

/// A cursor is its agent's: two agents that chose the same name do not read for each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub agent: Option<AgentId>,
    pub stream: Stream,
    pub id: CursorId,
}

/// Where a cursor was put, and on which board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub seq: u64,
    pub incarnation: u64,
}

impl EventRange {
    /// Whether a reader who stands at `position` has missed nothing. One who never read stands nowhere.
    pub fn check(self, position: u64) -> Result<(), Refusal> {
        if position > self.last {
            return Err(ahead(position, self.last));
        }
        if position + 1 < self.first {
            return Err(expired(position, self.first));
        }
        Ok(())
    }
}

/// Behind what a reader with this cursor goes on; `None`, with the oldest there is, when it was never put anywhere.
pub fn resume(standing: Option<Standing>, incarnation: u64) -> Result<Option<u64>, Refusal> {
    match standing {
        None => Ok(None),
        Some(standing) if standing.incarnation == incarnation => Ok(Some(standing.seq)),
        Some(standing) => Err(Failure::new(
            Code::CursorAhead,
            format!(
                "the cursor stands at {} of another board, which this one took the place of",
                standing.seq
            ),
        )
        .hint("put it somewhere on this board with --up-to SEQ")
        .details(json!({ "seq": standing.seq, "incarnation": incarnation }))),
    }
}

/// Where the cursor stands once `up_to` was read. What was read stays read, unless the reader wants it again.
pub fn acknowledged(
    range: EventRange,
    standing: Option<Standing>,
    incarnation: u64,
    up_to: Option<u64>,
    rewind: bool,
) -> Result<u64, Refusal> {
    let read = up_to.unwrap_or(range.last);
    range.check(read)?;
    let before = standing.filter(|standing| standing.incarnation == incarnation).map_or(0, |s| s.seq);
    Ok(if rewind { read } else { read.max(before) })
}

fn expired(position: u64, oldest: u64) -> Refusal {
    Failure::new(
        Code::CursorExpired,
        format!("events {} to {} are no longer on the board, the oldest there is {oldest}; nothing was changed", position + 1, oldest - 1),
    )
    .hint(format!(
        "`remit event-archives` says where they are; go on with --since {0}, or put the cursor there with --up-to {0}",
        oldest - 1
    ))
    .details(json!({ "oldest": oldest, "position": position }))
}

fn ahead(position: u64, newest: u64) -> Refusal {
    Failure::new(
        Code::CursorAhead,
        format!("{position} lies ahead of the newest event, which is {newest}; nothing was changed"),
    )
    .hint("the number comes from another board; begin anew with --since 0")
    .details(json!({ "newest": newest, "position": position }))
}
