//! Answers to queries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AgentWire, EventWire, HandoffWire, LeaseWire, ModuleWire, PreflightWire, SafetyWire, SessionWire,
    StatusCounts,
};
use crate::{
    ids::{AgentId, ModuleId, SessionId, WindowId},
    mode::Mode,
    module::Status,
    path::ProjectPath,
    retention::Retention,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateReply {
    pub revision: u64,
    pub incarnation: u64,
    pub project: String,
    pub modules: Vec<ModuleWire>,
    pub agents: Vec<AgentWire>,
    pub sessions: Vec<SessionWire>,
    pub handoffs: Vec<HandoffWire>,
    pub notifications: Vec<EventWire>,
    pub safety: SafetyWire,
    /// What the newest preflight said; null before the first.
    pub preflight: Option<PreflightWire>,
    pub retention: RetentionWire,
}

/// What is kept of events; what goes beyond it is archived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Retention")]
pub struct RetentionWire {
    pub max_rows: u64,
    pub max_age_seconds: u64,
}

impl Default for RetentionWire {
    fn default() -> Self {
        Retention::default().into()
    }
}

impl From<Retention> for RetentionWire {
    fn from(Retention { max_rows, max_age_seconds }: Retention) -> Self {
        Self { max_rows, max_age_seconds }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SummaryReply {
    pub safety: SafetyWire,
    pub mode: Mode,
    pub counts: StatusCounts,
    /// Modules that can be claimed now, best first, ten at most.
    pub claimable: Vec<Claimable>,
    /// Modules that somebody works on, with who and until when.
    pub held: Vec<HeldModule>,
    pub open_handoffs: Vec<HandoffWire>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claimable {
    pub module: ModuleId,
    pub title: String,
    /// Each a few words: why it stands where it stands.
    pub reasons: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeldModule {
    pub module: ModuleId,
    pub title: String,
    pub status: Status,
    pub owner: Option<AgentId>,
    pub lease: Option<LeaseWire>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModulesReply {
    pub modules: Vec<ModuleWire>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModuleShown {
    pub module: ModuleWire,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionsReply {
    pub sessions: Vec<SessionWire>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HandoffsReply {
    pub handoffs: Vec<HandoffWire>,
    /// The newest bundle of the module that was asked for: markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnersReply {
    pub paths: Vec<PathOwners>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PathOwners {
    pub path: ProjectPath,
    /// Live modules whose scope covers the path.
    pub owners: Vec<PathOwner>,
    /// Whose the path is, as the one who asks sees it; null where nobody owns it.
    #[serde(default)]
    pub standing: Option<Standing>,
}

/// Whose a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Mine,
    Others,
    /// More than one agent owns it.
    Contested,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PathOwner {
    pub module: ModuleId,
    pub title: String,
    pub status: Status,
    pub owner: Option<AgentId>,
    pub lease: Option<LeaseWire>,
    /// The owner is the one who asks.
    pub mine: bool,
}

/// Who a window is on this board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Me {
    pub agent_id: AgentId,
    pub session_id: Option<SessionId>,
    pub session_epoch: Option<u64>,
    /// The window's own id: given back when the window's sidecar is started again, it is the same session.
    pub window_id: Option<WindowId>,
    pub worktree: Option<String>,
    pub branch: Option<String>,
}
