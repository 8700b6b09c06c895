//! The board in memory: only what rules read, rebuilt from the store's rows at any time.

use std::collections::BTreeMap;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    handoff::{Handoff, Notes},
    ids::{AgentId, HandoffId, ModuleId, SessionId},
    mode::{Advice, ModeChoice, Topology},
    module::{Lease, Module},
    modules::Modules,
    session::{Agent, LoopKind, Session},
    time::Millis,
};

/// What a conflict does: `safe` refuses an overlapping claim, `balanced` warns, `throughput` informs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum SafetyProfile {
    Safe,
    #[default]
    Balanced,
    Throughput,
}

impl SafetyProfile {
    pub fn as_str(self) -> &'static str {
        match self {
            SafetyProfile::Safe => "safe",
            SafetyProfile::Balanced => "balanced",
            SafetyProfile::Throughput => "throughput",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        use SafetyProfile::*;
        [Safe, Balanced, Throughput].into_iter().find(|profile| profile.as_str() == text)
    }

    /// What it changes, in sentences.
    pub fn effects(self) -> [&'static str; 2] {
        match self {
            SafetyProfile::Safe => [
                "A claim is refused when its paths overlap somebody else's live module whose lease runs.",
                "Changes in other people's paths are errors.",
            ],
            SafetyProfile::Balanced => [
                "A claim whose paths overlap somebody else's is given, with a warning.",
                "Changes in other people's paths are warnings.",
            ],
            SafetyProfile::Throughput => [
                "A claim whose paths overlap somebody else's is given, with a note.",
                "Changes in other people's paths are only noted.",
            ],
        }
    }
}

/// What somebody confirmed of a worktree in its last preflight, and what was said there of the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    pub worktree: String,
    /// `detached` stands for a detached head.
    pub branch: String,
    pub loop_kind: LoopKind,
    pub mode_choice: ModeChoice,
    pub advice: Advice,
    pub topology: Topology,
    pub agent: Option<AgentId>,
    pub confirmed_at: Millis,
    pub revision: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// Names the project for agent ids; the same on every machine that shares the board.
    pub project: String,
    /// A rebuilt board is another one: numbers from before it are refused.
    pub incarnation: u64,
    pub revision: u64,
    pub safety: SafetyProfile,
    pub modules: Modules,
    pub agents: BTreeMap<AgentId, Agent>,
    pub sessions: BTreeMap<SessionId, Session>,
    pub handoffs: BTreeMap<HandoffId, Handoff>,
    pub confirmations: BTreeMap<String, Confirmation>,
}

/// Every held module's lease, read afresh in each transaction: expiries move without a revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leases(pub BTreeMap<ModuleId, Lease>);

impl Leases {
    pub fn of(&self, module: &ModuleId) -> Option<&Lease> {
        self.0.get(module)
    }
}

/// One changed row of the board. Rows are never deleted; their status changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    Module(Module),
    Agent(Agent),
    Session(Session),
    Handoff(Handoff),
    Confirmation(Confirmation),
    Safety(SafetyProfile),
}

/// Long text that no rule reads: kept in the store and fetched by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    Description { module: ModuleId, text: String },
    Acceptance { module: ModuleId, items: Vec<String> },
    Verify { module: ModuleId, items: Vec<String> },
    Notes { handoff: HandoffId, notes: Notes },
    Bundle { handoff: HandoffId, text: String },
}

/// Leases are bookkeeping beside the rows; granting or ending one comes with a row that says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaseChange {
    Grant(Lease),
    Renew { module: ModuleId, ttl_seconds: u64, expires_at: crate::time::Millis },
    End(ModuleId),
}

impl Board {
    pub fn apply(&mut self, row: Row) {
        match row {
            Row::Module(module) => self.modules.put(module),
            Row::Agent(agent) => drop(self.agents.insert(agent.id.clone(), agent)),
            Row::Session(session) => drop(self.sessions.insert(session.id.clone(), session)),
            Row::Handoff(handoff) => drop(self.handoffs.insert(handoff.id.clone(), handoff)),
            Row::Confirmation(one) => drop(self.confirmations.insert(one.worktree.clone(), one)),
            Row::Safety(profile) => self.safety = profile,
        }
    }

    /// The newest preflight's: what it said of mode and team holds for the whole board.
    pub fn last_preflight(&self) -> Option<&Confirmation> {
        self.confirmations.values().max_by_key(|one| (one.revision, &one.worktree))
    }

    /// Modules whose paths somebody answers for.
    pub fn live_modules(&self) -> impl Iterator<Item = &Module> {
        self.modules.values().filter(|module| module.scope_is_live())
    }

    pub fn open_handoff(&self, module: &ModuleId) -> Option<&Handoff> {
        self.handoffs.values().find(|handoff| handoff.module == *module && handoff.is_open())
    }

    pub fn open_dependencies<'a>(&'a self, module: &'a Module) -> impl Iterator<Item = &'a ModuleId> {
        module.depends_on.iter().filter(|id| !self.is_done(id))
    }

    fn is_done(&self, id: &ModuleId) -> bool {
        self.modules.get(id).is_some_and(|module| module.status == crate::module::Status::Done)
    }
}

impl Leases {
    pub fn apply(&mut self, change: LeaseChange) {
        match change {
            LeaseChange::Grant(lease) => drop(self.0.insert(lease.module.clone(), lease)),
            LeaseChange::End(module) => drop(self.0.remove(&module)),
            LeaseChange::Renew { module, ttl_seconds, expires_at } => {
                if let Some(lease) = self.0.get_mut(&module) {
                    lease.ttl_seconds = ttl_seconds;
                    lease.expires_at = expires_at;
                }
            }
        }
    }
}
