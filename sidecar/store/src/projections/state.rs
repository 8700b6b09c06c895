//! `state.json`: the board for programs that can't ask `remit` itself.
//!
//! The shape is that of `remit state --json`'s result, without what moves between revisions: leases, and who is live.

use std::{collections::BTreeMap, io};

use remit_board::{
    board::Board,
    event::Event,
    ids::{AgentId, HostId, ModuleId, SessionId, Specialty, WindowId},
    module::{Module, Priority, Status},
    reply::{AgentWire, EventWire, HandoffWire, RetentionWire, SafetyWire},
    scope::Scope,
    session::{Session, SessionKind},
};
use serde::{Serialize, Serializer};

use super::Mark;

#[derive(Serialize)]
struct State<'a> {
    project: &'a str,
    safety: SafetyWire,
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
    descriptions: &'a BTreeMap<ModuleId, String>,
}

#[derive(Serialize)]
struct ModuleEntry<'a> {
    id: &'a ModuleId,
    title: &'a str,
    description: &'a str,
    status: Status,
    priority: Priority,
    specialty: Option<&'a Specialty>,
    depends_on: &'a [ModuleId],
    owned_paths: &'a Scope,
    candidate_depends_on: &'a [ModuleId],
    candidate_owned_paths: &'a Scope,
    owner: Option<&'a AgentId>,
    reviewer: Option<&'a AgentId>,
    block_reason: Option<&'a str>,
    branch: Option<&'a str>,
    created_at: String,
    revision: u64,
}

#[derive(Serialize)]
struct SessionEntry<'a> {
    id: &'a SessionId,
    agent: &'a AgentId,
    host_id: &'a HostId,
    window_id: &'a WindowId,
    kind: SessionKind,
    epoch: u64,
    worktree: Option<&'a str>,
    branch: Option<&'a str>,
    registered_at: String,
    revision: u64,
}

/// The newest `notifications` come with it, oldest first.
pub(crate) fn render(
    board: &Board,
    descriptions: &BTreeMap<ModuleId, String>,
    notifications: &[Event],
) -> io::Result<Vec<u8>> {
    let state = State {
        project: &board.project,
        safety: SafetyWire { profile: board.safety },
        retention: RetentionWire::default(),
        agents: board.agents.values().map(AgentWire::of).collect(),
        sessions: board.sessions.values().map(session).collect(),
        handoffs: board.handoffs.values().map(HandoffWire::of).collect(),
        notifications: notifications.iter().map(EventWire::of).collect(),
        modules: Modules { board, descriptions },
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
    let describe = |id| modules.descriptions.get(id).map_or("", String::as_str);
    serializer.collect_seq(modules.board.modules.values().map(|one| module(one, describe(&one.id))))
}

fn module<'a>(module: &'a Module, description: &'a str) -> ModuleEntry<'a> {
    ModuleEntry {
        id: &module.id,
        title: &module.title,
        description,
        status: module.status,
        priority: module.priority,
        specialty: module.specialty.as_ref(),
        depends_on: &module.depends_on,
        owned_paths: &module.owned_paths,
        candidate_depends_on: &module.candidate_depends_on,
        candidate_owned_paths: &module.candidate_owned_paths,
        owner: module.owner.as_ref(),
        reviewer: module.reviewer.as_ref(),
        block_reason: module.block_reason.as_deref(),
        branch: module.branch.as_deref(),
        created_at: module.created_at.rfc3339(),
        revision: module.revision,
    }
}

fn session(session: &Session) -> SessionEntry<'_> {
    SessionEntry {
        id: &session.id,
        agent: &session.agent,
        host_id: &session.host,
        window_id: &session.window,
        kind: session.kind,
        epoch: session.epoch,
        worktree: session.worktree.as_deref(),
        branch: session.branch.as_deref(),
        registered_at: session.registered_at.rfc3339(),
        revision: session.revision,
    }
}
