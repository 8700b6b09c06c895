//! Answers about what happened, and how far it was read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Answer, EventWire, HandoffWire, RetentionWire};
use crate::ids::{CursorId, SessionId};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventsReply {
    /// In the order in which they happened.
    pub events: Vec<EventWire>,
    /// Where to go on: by `--since`, or by acknowledging it.
    pub up_to: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NotificationsReply {
    /// In the order in which they came.
    pub notifications: Vec<EventWire>,
    /// Where to go on: by `--since`, or by acknowledging it.
    pub up_to: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CursorMoved {
    pub cursor_id: CursorId,
    /// Where the cursor now stands: all up to here was read.
    pub up_to: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pruned {
    /// How many events went from the board to the archive.
    pub archived: u64,
    /// The oldest that is still on the board, or the next one to come.
    pub oldest: u64,
    /// What was kept to.
    pub retention: RetentionWire,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventArchivesReply {
    pub event_archives: Vec<EventArchiveWire>,
    pub retention: RetentionWire,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EventArchive")]
pub struct EventArchiveWire {
    /// Below the board's root.
    pub path: String,
    pub first: u64,
    pub last: u64,
    pub events: u64,
    pub bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reaped {
    /// Those that were taken off the registry.
    pub sessions: Vec<SessionId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NextHandoffReply {
    pub handoff: HandoffWire,
}

impl Answer {
    /// Whether somebody who watches goes on waiting.
    pub fn holds_nothing(&self) -> bool {
        match self {
            Answer::EventsReply(reply) => reply.events.is_empty(),
            Answer::NotificationsReply(reply) => reply.notifications.is_empty(),
            _ => false,
        }
    }
}
