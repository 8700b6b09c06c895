//! What an editor's views draw: the board from one window's seat, with everything decided that a view would have to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgentWire, ConflictRow, EventWire, HandoffWire, Me, ModuleWire, SafetyWire, SessionWire};
use crate::ids::{CursorId, ModuleId};

/// What an editor's views draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardReply {
    #[serde(flatten)]
    pub head: BoardHead,
    pub agents: Vec<BoardAgent>,
    pub sessions: Vec<SessionWire>,
    pub modules: Vec<BoardModule>,
    pub handoffs: Vec<BoardHandoff>,
    pub conflicts: Vec<ConflictRow>,
    /// What calls the caller and was not acknowledged, oldest first.
    pub notifications: Vec<BoardNotification>,
}

/// What there is one of on a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardHead {
    /// False where there is no board yet: everything else is empty then.
    pub exists: bool,
    pub revision: u64,
    /// The folder that holds `project-plan`.
    pub root: String,
    pub worktree: Option<String>,
    pub safety: SafetyWire,
    pub me: Option<Me>,
    /// Under which name the caller's windows acknowledge notifications.
    pub cursor_id: CursorId,
}

/// What an editor's views draw, told by how it differs from an earlier answer: each list is its stretches, one after the
/// other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardDifference {
    #[serde(flatten)]
    pub head: BoardHead,
    pub agents: Vec<Stretch<BoardAgent>>,
    pub sessions: Vec<Stretch<SessionWire>>,
    pub modules: Vec<Stretch<BoardModule>>,
    pub handoffs: Vec<Stretch<BoardHandoff>>,
    pub conflicts: Vec<Stretch<ConflictRow>>,
    pub notifications: Vec<Stretch<BoardNotification>>,
}

/// A part of a list: first so many rows of the earlier list that are still what they were, then rows that are new or
/// other ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "{T}Stretch")]
pub struct Stretch<T> {
    /// Where in the earlier list the rows that stay begin, counted from 0.
    pub from: usize,
    pub count: usize,
    pub rows: Vec<T>,
}

/// Where a module stands in the Board view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BoardGroup {
    Mine,
    Ready,
    Others,
    Waiting,
    InReview,
    Blocked,
    Done,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardModule {
    #[serde(flatten)]
    pub module: ModuleWire,
    pub group: BoardGroup,
    /// What the caller may do with it now: names of commands.
    pub actions: Vec<String>,
    /// Why it stands there, each a few words.
    pub reasons: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardHandoff {
    #[serde(flatten)]
    pub handoff: HandoffWire,
    /// It is offered to the caller, who may claim it.
    pub for_me: bool,
    /// The caller wrote it.
    pub by_me: bool,
    /// The caller claimed it and has not acknowledged it yet.
    pub to_acknowledge: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardAgent {
    #[serde(flatten)]
    pub agent: AgentWire,
    /// One of its windows or terminals is live.
    pub live: bool,
    /// What it has a lease on now.
    pub holds: Vec<ModuleId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardNotification {
    #[serde(flatten)]
    pub event: EventWire,
    /// It calls the caller by name, and nothing else that is shown does so: it counts.
    pub needs_me: bool,
    /// What the caller may do about it now: names of the module's actions that answer it.
    pub actions: Vec<String>,
}
