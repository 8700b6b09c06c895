//! What happened on the board, in order; a notification is an event that is addressed to somebody.

use crate::{
    handoff::Target,
    ids::{AgentId, ModuleId, Specialty},
    module::Priority,
    time::Millis,
};

/// An event as a rule makes it; the store adds sequence, time and revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The command's name, or a notification's kind.
    pub kind: &'static str,
    /// Which part of Remit speaks: `board`, `preflight`, …
    pub source: &'static str,
    pub module: Option<ModuleId>,
    pub agent: Option<AgentId>,
    pub target: Option<Target>,
    pub priority: Option<Priority>,
    pub specialty: Option<Specialty>,
    pub summary: String,
}

/// An event as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub seq: u64,
    pub at: Millis,
    pub revision: u64,
    pub kind: String,
    pub source: String,
    pub module: Option<ModuleId>,
    pub agent: Option<AgentId>,
    pub target: Option<Target>,
    pub priority: Option<Priority>,
    pub specialty: Option<Specialty>,
    pub summary: String,
}
