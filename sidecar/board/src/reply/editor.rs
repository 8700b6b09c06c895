//! What an editor's views draw: the board from one window's seat, with everything decided that a view would have to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgentWire, ConflictRow, EventWire, HandoffWire, Me, ModuleWire, SafetyWire, SessionWire};
use crate::ids::{CursorId, ModuleId};

/// What an editor's views draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardReply {
    /// False where there is no board yet: everything else is empty then.
    pub exists: bool,
    pub revision: u64,
    /// The folder that holds `project-plan`.
    pub root: String,
    pub worktree: Option<String>,
    pub safety: SafetyWire,
    pub me: Option<Me>,
    pub agents: Vec<BoardAgent>,
    pub sessions: Vec<SessionWire>,
    pub modules: Vec<BoardModule>,
    pub handoffs: Vec<BoardHandoff>,
    pub conflicts: Vec<ConflictRow>,
    /// What calls the caller and was not acknowledged, oldest first.
    pub notifications: Vec<BoardNotification>,
    /// Under which name the caller's windows acknowledge notifications.
    pub cursor_id: CursorId,
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
