//! Everything that is on the board.

use super::Shown;
use crate::{
    event::Event,
    reply::{
        AgentWire, EventWire, ModuleWire, PreflightWire, RetentionWire, SafetyWire, SessionWire, StateReply,
    },
    session::Session,
};

pub fn state(shown: &Shown<'_>, notifications: &[Event]) -> StateReply {
    let board = shown.board;
    StateReply {
        revision: board.revision,
        incarnation: board.incarnation,
        project: board.project.clone(),
        modules: modules(shown),
        agents: board.agents.values().map(AgentWire::of).collect(),
        sessions: sessions(shown),
        handoffs: board.handoffs.values().map(|one| shown.handoff(one)).collect(),
        notifications: notifications.iter().map(EventWire::of).collect(),
        safety: SafetyWire::of(board.safety),
        preflight: board.last_preflight().map(PreflightWire::of),
        retention: RetentionWire::default(),
    }
}

pub fn modules(shown: &Shown<'_>) -> Vec<ModuleWire> {
    shown.board.modules.values().map(|module| shown.module(module)).collect()
}

/// In the order in which they last registered; their ids have none that means anything.
pub fn sessions(shown: &Shown<'_>) -> Vec<SessionWire> {
    let mut sessions: Vec<&Session> =
        shown.board.sessions.values().filter(|session| !session.reaped).collect();
    sessions.sort_by_key(|session| session.registered_at);
    sessions
        .into_iter()
        .map(|session| {
            let live = shown.live_sessions.contains(&session.id);
            SessionWire::of(session, live, shown.last_seen.get(&session.id).copied())
        })
        .collect()
}
