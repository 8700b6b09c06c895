//! `state.json`: the board for programs that can't ask `remit` itself.
//!
//! The shape is that of `remit state --json`'s result, without what moves between revisions: leases, and who is live.

use std::{collections::BTreeMap, io};

use remit_board::{
    board::Board,
    event::Event,
    ids::{AgentId, ModuleId, Specialty},
    module::{Brief, Module, Status},
    reply::{AgentWire, EventWire, HandoffWire, PreflightWire, RetentionWire, SafetyWire},
    scope::{Pattern, Scope},
    session::{Session, SessionKind},
    view::Texts,
};
use serde::{Serialize, Serializer};

use super::Mark;

#[derive(Serialize)]
struct State<'a> {
    project: &'a str,
    safety: SafetyWire,
    preflight: Option<PreflightWire>,
    retention: RetentionWire,
    agents: Vec<AgentWire>,
    sessions: Vec<SessionEntry<'a>>,
    handoffs: Vec<HandoffWire>,
    notifications: Vec<EventWire>,
    #[serde(serialize_with = "each_module")]
    modules: Modules<'a>,
}

struct Modules<'a> {
    board: &'a Board,
    briefs: &'a BTreeMap<ModuleId, Brief>,
}

/// Borrowed to the last id: on a board of 10,000 modules the copies would cost more than the writing.
#[derive(Serialize)]
struct ModuleEntry<'a> {
    id: &'a str,
    title: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    acceptance: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    verify: &'a [String],
    status: Status,
    priority: u8,
    specialty: Option<&'a str>,
    #[serde(serialize_with = "ids")]
    depends_on: &'a [ModuleId],
    #[serde(serialize_with = "patterns")]
    owned_paths: &'a Scope,
    #[serde(serialize_with = "ids")]
    candidate_depends_on: &'a [ModuleId],
    #[serde(serialize_with = "patterns")]
    candidate_owned_paths: &'a Scope,
    owner: Option<&'a str>,
    reviewer: Option<&'a str>,
    block_reason: Option<&'a str>,
    changes_requested: Option<&'a str>,
    assigned_to: Option<&'a str>,
    branch: Option<&'a str>,
    claimed_head: Option<&'a str>,
    created_at: String,
    revision: u64,
}

fn ids<S: Serializer>(ids: &[ModuleId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(ModuleId::as_str))
}

fn patterns<S: Serializer>(scope: &Scope, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(scope.patterns().map(Pattern::as_str))
}

#[derive(Serialize)]
struct SessionEntry<'a> {
    id: &'a str,
    agent: &'a str,
    host_id: &'a str,
    window_id: &'a str,
    kind: SessionKind,
    epoch: u64,
    worktree: Option<&'a str>,
    branch: Option<&'a str>,
    registered_at: String,
    revision: u64,
}

/// The newest `notifications` come with it, oldest first.
pub(crate) fn render(board: &Board, texts: &Texts, notifications: &[Event]) -> io::Result<Vec<u8>> {
    let state = State {
        project: &board.project,
        safety: SafetyWire::of(board.safety),
        preflight: board.last_preflight().map(PreflightWire::of),
        retention: RetentionWire::default(),
        agents: board.agents.values().map(AgentWire::of).collect(),
        sessions: board.sessions.values().filter(|one| !one.reaped).map(session).collect(),
        handoffs: board
            .handoffs
            .values()
            .map(|one| HandoffWire::told(one, texts.notes.get(&one.id)))
            .collect(),
        notifications: notifications.iter().map(EventWire::of).collect(),
        modules: Modules { board, briefs: &texts.briefs },
    };
    let mark = Mark { incarnation: board.incarnation, revision: board.revision };
    let mut out = mark.json_head().into_bytes();
    out.reserve(512 * board.modules.len());
    let head = out.len();
    serde_json::to_writer(&mut out, &state)?;
    // The mark took the place of the object's opening brace.
    out.remove(head);
    out.push(b'\n');
    Ok(out)
}

fn each_module<S: Serializer>(modules: &Modules<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let untold = Brief::default();
    let brief = |id| modules.briefs.get(id).unwrap_or(&untold);
    serializer.collect_seq(modules.board.modules.values().map(|one| module(one, brief(&one.id))))
}

fn module<'a>(module: &'a Module, brief: &'a Brief) -> ModuleEntry<'a> {
    ModuleEntry {
        id: module.id.as_str(),
        title: &module.title,
        description: &brief.description,
        acceptance: &brief.acceptance,
        verify: &brief.verify,
        status: module.status,
        priority: module.priority.into(),
        specialty: module.specialty.as_ref().map(Specialty::as_str),
        depends_on: &module.depends_on,
        owned_paths: &module.owned_paths,
        candidate_depends_on: &module.candidate_depends_on,
        candidate_owned_paths: &module.candidate_owned_paths,
        owner: module.owner.as_ref().map(AgentId::as_str),
        reviewer: module.reviewer.as_ref().map(AgentId::as_str),
        block_reason: module.block_reason.as_deref(),
        changes_requested: module.changes_requested.as_deref(),
        assigned_to: module.assigned_to.as_ref().map(AgentId::as_str),
        branch: module.branch.as_deref(),
        claimed_head: module.claimed_head.as_deref(),
        created_at: module.created_at.rfc3339(),
        revision: module.revision,
    }
}

fn session(session: &Session) -> SessionEntry<'_> {
    SessionEntry {
        id: session.id.as_str(),
        agent: session.agent.as_str(),
        host_id: session.host.as_str(),
        window_id: session.window.as_str(),
        kind: session.kind,
        epoch: session.epoch,
        worktree: session.worktree.as_deref(),
        branch: session.branch.as_deref(),
        registered_at: session.registered_at.rfc3339(),
        revision: session.revision,
    }
}
