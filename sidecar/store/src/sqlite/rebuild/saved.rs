//! What the files beside the database still know of the board.

use std::{collections::BTreeMap, fs};

use remit_board::{
    board::{Confirmation, Row, SafetyProfile, Text},
    event::Event,
    handoff::{Handoff, Notes},
    ids::{AgentId, HostId, ModuleId, SessionId, WindowId},
    mode::Advice,
    module::Module,
    reply::{AgentWire, EventWire, HandoffWire, ModuleWire, PreflightWire, SafetyWire},
    session::{Agent, Session, SessionKind},
    time::Millis,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{files::PlanFolder, projections::bundle_text};

pub(super) struct Saved {
    pub project: String,
    pub safety: SafetyProfile,
    pub rows: Vec<Row>,
    pub texts: Vec<Text>,
    /// Those that `state.json` shows: they may still call somebody.
    pub notifications: Vec<Event>,
    pub missing: Vec<String>,
}

/// `state.json`, entry by entry: one that makes no sense costs no other.
#[derive(Default, Deserialize)]
#[serde(default)]
struct State {
    revision: Option<u64>,
    project: Option<String>,
    safety: Option<Value>,
    modules: Vec<Value>,
    agents: Vec<Value>,
    sessions: Vec<Value>,
    handoffs: Vec<Value>,
    notifications: Vec<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Preflight {
    worktrees: Vec<Value>,
}

#[derive(Deserialize)]
struct SavedSession {
    id: SessionId,
    agent: AgentId,
    host_id: HostId,
    window_id: WindowId,
    kind: SessionKind,
    epoch: u64,
    worktree: Option<String>,
    branch: Option<String>,
    registered_at: String,
}

impl Saved {
    pub fn read(plan: &PlanFolder, project: &str) -> Self {
        let state: Option<State> = read_json(&plan.state_json());
        let mut saved = Self {
            project: project.to_owned(),
            safety: SafetyProfile::default(),
            rows: Vec::new(),
            texts: Vec::new(),
            notifications: Vec::new(),
            missing: Vec::new(),
        };
        match state {
            Some(state) => saved.take(plan, state),
            None => saved.missing.push(
                "state.json can't be read: all modules, agents, sessions and handoffs are missing".to_owned(),
            ),
        }
        saved.confirmations(plan);
        saved
    }

    fn take(&mut self, plan: &PlanFolder, state: State) {
        let revision = state
            .revision
            .map_or("an unknown revision".to_owned(), |revision| format!("revision {revision}"));
        self.missing.push(format!("whatever came after {revision}, which state.json shows"));
        self.project = state.project.unwrap_or_else(|| self.project.clone());
        let safety = state.safety.and_then(|value| serde_json::from_value::<SafetyWire>(value).ok());
        self.safety = safety.map(|safety| safety.profile).unwrap_or_default();
        self.modules(state.modules);
        for agent in self.entries("agent", state.agents) {
            self.push(Row::Agent(to_agent(agent)), None);
        }
        for session in self.entries("session", state.sessions) {
            self.push(Row::Session(to_session(session)), None);
        }
        self.handoffs(plan, state.handoffs);
        let notifications: Vec<EventWire> = self.entries("notification", state.notifications);
        self.notifications = notifications.into_iter().map(to_event).collect();
    }

    /// Their order of making is told by their times; the file has them by name.
    fn modules(&mut self, values: Vec<Value>) {
        let mut modules: Vec<ModuleWire> = self.entries("module", values);
        modules.sort_by(|a, b| (&a.created_at, &a.id).cmp(&(&b.created_at, &b.id)));
        for (ordinal, wire) in (0..).zip(modules) {
            self.brief(&wire);
            self.push(Row::Module(to_module(wire, ordinal)), None);
        }
    }

    fn brief(&mut self, wire: &ModuleWire) {
        let module = || wire.id.clone();
        if !wire.description.is_empty() {
            self.texts.push(Text::Description { module: module(), text: wire.description.clone() });
        }
        if !wire.acceptance.is_empty() {
            self.texts.push(Text::Acceptance { module: module(), items: wire.acceptance.clone() });
        }
        if !wire.verify.is_empty() {
            self.texts.push(Text::Verify { module: module(), items: wire.verify.clone() });
        }
    }

    /// The newest bundle of each module lies in a file; the older ones are gone.
    fn handoffs(&mut self, plan: &PlanFolder, values: Vec<Value>) {
        let handoffs: Vec<HandoffWire> = self.entries("handoff", values);
        let mut bundles: BTreeMap<ModuleId, Option<(String, String)>> = BTreeMap::new();
        for wire in handoffs {
            let file =
                bundles.entry(wire.module.clone()).or_insert_with(|| bundle_text(&plan.bundle(&wire.module)));
            let text = file.as_ref().filter(|(id, _)| *id == wire.id.as_str());
            let text = text.map(|(_, text)| Text::Bundle { handoff: wire.id.clone(), text: text.clone() });
            if text.is_none() {
                self.missing.push(format!("the text of the handoff {}", wire.id));
            }
            let notes = notes(&wire);
            if notes != Notes::default() {
                self.texts.push(Text::Notes { handoff: wire.id.clone(), notes });
            }
            self.push(Row::Handoff(to_handoff(wire)), text);
        }
    }

    fn confirmations(&mut self, plan: &PlanFolder) {
        let preflight: Option<Preflight> = read_json(&plan.preflight());
        let worktrees = preflight.unwrap_or_default().worktrees;
        for wire in self.entries("preflight", worktrees) {
            self.push(Row::Confirmation(to_confirmation(wire)), None);
        }
    }

    fn entries<T: DeserializeOwned>(&mut self, what: &str, values: Vec<Value>) -> Vec<T> {
        let mut entries = Vec::new();
        for value in values {
            let id =
                value.get("id").or(value.get("worktree")).and_then(Value::as_str).unwrap_or("?").to_owned();
            match serde_json::from_value(value) {
                Ok(entry) => entries.push(entry),
                Err(error) => self.missing.push(format!("the {what} {id}, which makes no sense: {error}")),
            }
        }
        entries
    }
}

fn read_json<T: DeserializeOwned>(path: &std::path::Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn time(text: &str) -> Millis {
    Millis::parse_rfc3339(text).unwrap_or_default()
}

fn to_module(wire: ModuleWire, ordinal: u64) -> Module {
    Module {
        id: wire.id,
        title: wire.title,
        status: wire.status,
        priority: wire.priority,
        specialty: wire.specialty,
        depends_on: wire.depends_on,
        owned_paths: wire.owned_paths,
        candidate_depends_on: wire.candidate_depends_on,
        candidate_owned_paths: wire.candidate_owned_paths,
        owner: wire.owner,
        reviewer: wire.reviewer,
        block_reason: wire.block_reason,
        changes_requested: wire.changes_requested,
        assigned_to: wire.assigned_to,
        branch: wire.branch,
        claimed_head: wire.claimed_head,
        created_at: time(&wire.created_at),
        ordinal,
        revision: 0,
    }
}

fn to_agent(wire: AgentWire) -> Agent {
    Agent {
        id: wire.id,
        thread_key: wire.thread_key,
        role: wire.role,
        specialties: wire.specialties,
        revision: 0,
    }
}

fn to_session(saved: SavedSession) -> Session {
    Session {
        id: saved.id,
        agent: saved.agent,
        host: saved.host_id,
        window: saved.window_id,
        kind: saved.kind,
        epoch: saved.epoch,
        worktree: saved.worktree,
        branch: saved.branch,
        registered_at: time(&saved.registered_at),
        reaped: false,
        revision: 0,
    }
}

fn notes(wire: &HandoffWire) -> Notes {
    Notes {
        acceptance: wire.acceptance.clone(),
        verify: wire.verify.clone(),
        decisions: wire.decisions.clone(),
        open_questions: wire.open_questions.clone(),
    }
}

fn to_handoff(wire: HandoffWire) -> Handoff {
    Handoff {
        id: wire.id,
        module: wire.module,
        from: wire.from,
        to: wire.to,
        status: wire.status,
        summary: wire.summary,
        next_steps: wire.next_steps,
        after_expiry: wire.after_expiry,
        claimed_by: wire.claimed_by,
        offered_at: time(&wire.offered_at),
        revision: 0,
    }
}

/// Its revision stays the one at which it happened: handoffs are told apart by it.
fn to_event(wire: EventWire) -> Event {
    Event {
        seq: wire.seq,
        at: time(&wire.at),
        revision: wire.revision,
        kind: wire.kind,
        source: wire.source,
        module: wire.module,
        agent: wire.agent_id,
        target: wire.target,
        priority: wire.priority,
        specialty: wire.specialty,
        summary: wire.summary,
    }
}

fn to_confirmation(wire: PreflightWire) -> Confirmation {
    Confirmation {
        worktree: wire.worktree,
        branch: wire.branch,
        loop_kind: wire.session_kind,
        mode_choice: wire.mode_choice,
        advice: Advice { mode: wire.mode, reasons: wire.reasons },
        topology: wire.topology,
        agent: wire.agent_id,
        confirmed_at: time(&wire.confirmed_at),
        revision: 0,
    }
}
