//! Answers about what happened, and how far it was read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Answer, EventWire};
use crate::ids::CursorId;

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
