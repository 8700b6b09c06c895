//! Modules, sessions, handoffs and events as they are shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    board::Board,
    event::Event,
    handoff::{Handoff, HandoffStatus, Notes, Target},
    ids::{AgentId, HandoffId, HostId, ModuleId, SessionId, Specialty, ThreadKey, WindowId},
    module::{Brief, Lease, Module, Priority, Status},
    scope::Scope,
    session::{Agent, Role, Session, SessionKind},
    time::Millis,
};

/// A module, whole. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Module")]
pub struct ModuleWire {
    pub id: ModuleId,
    pub title: String,
    pub description: String,
    /// What must hold for it to be done; left out where nothing was said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acceptance: Vec<String>,
    /// How to see that it holds; left out where nothing was said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verify: Vec<String>,
    pub status: Status,
    pub priority: Priority,
    pub specialty: Option<Specialty>,
    pub depends_on: Vec<ModuleId>,
    pub owned_paths: Scope,
    pub candidate_depends_on: Vec<ModuleId>,
    pub candidate_owned_paths: Scope,
    pub owner: Option<AgentId>,
    pub reviewer: Option<AgentId>,
    pub block_reason: Option<String>,
    /// What the reviewer asked for, until the work is submitted again.
    pub changes_requested: Option<String>,
    /// Whom somebody asked to take it next.
    pub assigned_to: Option<AgentId>,
    pub branch: Option<String>,
    /// The commit at which it was claimed.
    pub claimed_head: Option<String>,
    pub lease: Option<LeaseWire>,
    pub created_at: String,
    /// The revision at which it last changed.
    pub revision: u64,
}

/// The lease as anybody may see it: without its token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Lease")]
pub struct LeaseWire {
    pub holder: AgentId,
    pub session_id: Option<SessionId>,
    pub expires_at: String,
    pub ttl_seconds: u64,
    /// It ran out by the time of the answer: others may take the module.
    pub expired: bool,
}

impl LeaseWire {
    pub fn of(lease: &Lease, now: Millis) -> Self {
        Self {
            holder: lease.holder.clone(),
            session_id: lease.session.clone(),
            expires_at: lease.expires_at.rfc3339(),
            ttl_seconds: lease.ttl_seconds,
            expired: lease.is_expired(now),
        }
    }
}

impl ModuleWire {
    /// As [`Module::is_candidate`].
    pub fn is_candidate(&self) -> bool {
        self.status == Status::Todo && self.owned_paths.is_empty() && !self.candidate_owned_paths.is_empty()
    }

    /// The brief is the store's; whoever answers tells it, too.
    pub fn of(module: &Module, lease: Option<&Lease>, now: Millis) -> Self {
        Self {
            id: module.id.clone(),
            title: module.title.clone(),
            description: String::new(),
            acceptance: Vec::new(),
            verify: Vec::new(),
            status: module.status,
            priority: module.priority,
            specialty: module.specialty.clone(),
            depends_on: module.depends_on.clone(),
            owned_paths: module.owned_paths.clone(),
            candidate_depends_on: module.candidate_depends_on.clone(),
            candidate_owned_paths: module.candidate_owned_paths.clone(),
            owner: module.owner.clone(),
            reviewer: module.reviewer.clone(),
            block_reason: module.block_reason.clone(),
            changes_requested: module.changes_requested.clone(),
            assigned_to: module.assigned_to.clone(),
            branch: module.branch.clone(),
            claimed_head: module.claimed_head.clone(),
            lease: lease.map(|lease| LeaseWire::of(lease, now)),
            created_at: module.created_at.rfc3339(),
            revision: module.revision,
        }
    }

    pub fn tell(&mut self, brief: &Brief) {
        self.description.clone_from(&brief.description);
        self.acceptance.clone_from(&brief.acceptance);
        self.verify.clone_from(&brief.verify);
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Agent")]
pub struct AgentWire {
    pub id: AgentId,
    /// What people call it: the thread key, of a window's only the end.
    pub name: String,
    pub thread_key: ThreadKey,
    pub role: Role,
    pub specialties: Vec<Specialty>,
    pub revision: u64,
}

impl AgentWire {
    pub fn of(agent: &Agent) -> Self {
        Self {
            id: agent.id.clone(),
            name: agent.name().to_owned(),
            thread_key: agent.thread_key.clone(),
            role: agent.role,
            specialties: agent.specialties.clone(),
            revision: agent.revision,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Session")]
pub struct SessionWire {
    pub id: SessionId,
    pub agent: AgentId,
    pub host_id: HostId,
    pub window_id: WindowId,
    pub kind: SessionKind,
    pub epoch: u64,
    pub worktree: Option<String>,
    pub branch: Option<String>,
    /// A window is live while its sidecar runs, a terminal for one lease's time after its last command.
    pub live: bool,
    pub last_seen: Option<String>,
    pub registered_at: String,
    pub revision: u64,
}

impl SessionWire {
    pub fn of(session: &Session, live: bool, last_seen: Option<Millis>) -> Self {
        Self {
            id: session.id.clone(),
            agent: session.agent.clone(),
            host_id: session.host.clone(),
            window_id: session.window.clone(),
            kind: session.kind,
            epoch: session.epoch,
            worktree: session.worktree.clone(),
            branch: session.branch.clone(),
            live,
            last_seen: last_seen.map(Millis::rfc3339),
            registered_at: session.registered_at.rfc3339(),
            revision: session.revision,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Handoff")]
pub struct HandoffWire {
    pub id: HandoffId,
    pub module: ModuleId,
    pub from: AgentId,
    pub to: Target,
    pub status: HandoffStatus,
    pub summary: String,
    pub next_steps: Vec<String>,
    /// What was decided, and why. Each of these four is left out where nothing was said, and in summaries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_questions: Vec<String>,
    /// What must hold for the module to be done, as it was said when the handoff was offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acceptance: Vec<String>,
    /// How to see that it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verify: Vec<String>,
    /// Written by somebody else than the holder, after the lease had run out.
    pub after_expiry: bool,
    pub claimed_by: Option<AgentId>,
    pub offered_at: String,
    /// The bundle, below the board's root.
    pub path: String,
    pub revision: u64,
}

impl HandoffWire {
    /// With the notes that the store has of it, if any.
    pub fn told(handoff: &Handoff, notes: Option<&Notes>) -> Self {
        let mut wire = Self::of(handoff);
        wire.tell(notes);
        wire
    }

    pub fn tell(&mut self, notes: Option<&Notes>) {
        let Notes { acceptance, verify, decisions, open_questions } = notes.cloned().unwrap_or_default();
        (self.acceptance, self.verify) = (acceptance, verify);
        (self.decisions, self.open_questions) = (decisions, open_questions);
    }

    pub fn of(handoff: &Handoff) -> Self {
        Self {
            id: handoff.id.clone(),
            module: handoff.module.clone(),
            from: handoff.from.clone(),
            to: handoff.to.clone(),
            status: handoff.status,
            summary: handoff.summary.clone(),
            next_steps: handoff.next_steps.clone(),
            decisions: Vec::new(),
            open_questions: Vec::new(),
            acceptance: Vec::new(),
            verify: Vec::new(),
            after_expiry: handoff.after_expiry,
            claimed_by: handoff.claimed_by.clone(),
            offered_at: handoff.offered_at.rfc3339(),
            path: bundle_path(&handoff.module),
            revision: handoff.revision,
        }
    }
}

/// Where the steward writes a module's newest bundle, below the board's root.
pub fn bundle_path(module: &ModuleId) -> String {
    format!("project-plan/handoffs/{module}.handoff.md")
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Event")]
pub struct EventWire {
    pub seq: u64,
    pub at: String,
    pub revision: u64,
    pub kind: String,
    pub source: String,
    pub module: Option<ModuleId>,
    pub agent_id: Option<AgentId>,
    pub target: Option<Target>,
    pub priority: Option<Priority>,
    pub specialty: Option<Specialty>,
    pub summary: String,
}

impl EventWire {
    pub fn of(event: &Event) -> Self {
        Self {
            seq: event.seq,
            at: event.at.rfc3339(),
            revision: event.revision,
            kind: event.kind.clone(),
            source: event.source.clone(),
            module: event.module.clone(),
            agent_id: event.agent.clone(),
            target: event.target.clone(),
            priority: event.priority,
            specialty: event.specialty.clone(),
            summary: event.summary.clone(),
        }
    }
}

/// How many modules stand in each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct StatusCounts {
    pub todo: u64,
    pub in_progress: u64,
    pub blocked: u64,
    pub review_ready: u64,
    pub in_review: u64,
    pub done: u64,
    pub cancelled: u64,
}

impl StatusCounts {
    pub fn of(board: &Board) -> Self {
        let mut counts = Self::default();
        for module in board.modules.values() {
            *counts.slot(module.status) += 1;
        }
        counts
    }

    fn slot(&mut self, status: Status) -> &mut u64 {
        match status {
            Status::Todo => &mut self.todo,
            Status::InProgress => &mut self.in_progress,
            Status::Blocked => &mut self.blocked,
            Status::ReviewReady => &mut self.review_ready,
            Status::InReview => &mut self.in_review,
            Status::Done => &mut self.done,
            Status::Cancelled => &mut self.cancelled,
        }
    }
}
