//! Who is asking, where nobody said so.

use std::{collections::BTreeSet, path::Path};

use remit_board::{
    board::Board,
    failure::{Code, Failure},
    ids::{AgentId, HostId, SessionId},
    module::DEFAULT_TTL_SECONDS,
    session::{Agent, Session, SessionKind},
    time::Millis,
};
use remit_store::Snapshot;
use serde_json::json;

use crate::window_lock;

const DAY: i64 = 24 * 3600 * 1000;
/// A window on another host can't be asked for its lock; it says that it lives by being seen.
const SEEN_ELSEWHERE: i64 = 60_000;

/// Windows whose sidecar holds its lock, and terminals within one lease's time of their last command.
pub fn live_sessions(board: &Path, here: &HostId, snapshot: &Snapshot) -> BTreeSet<SessionId> {
    let sessions = snapshot.board.sessions.values();
    sessions
        .filter(|session| is_live(board, here, snapshot, session))
        .map(|session| session.id.clone())
        .collect()
}

/// Sessions that were not seen for `age_seconds`. A window that runs is never among them.
pub fn quiet_sessions(board: &Path, here: &HostId, snapshot: &Snapshot, age_seconds: u64) -> Vec<SessionId> {
    let age = i64::try_from(age_seconds).unwrap_or(i64::MAX).saturating_mul(1000);
    let quiet = |session: &&Session| snapshot.now.0 - last_seen(snapshot, session).0 >= age;
    let runs =
        |session: &Session| session.kind == SessionKind::Window && is_live(board, here, snapshot, session);
    let sessions = snapshot.board.sessions.values().filter(quiet).filter(|session| !runs(session));
    sessions.map(|session| session.id.clone()).collect()
}

fn is_live(board: &Path, here: &HostId, snapshot: &Snapshot, session: &Session) -> bool {
    let quiet_for = snapshot.now.0 - last_seen(snapshot, session).0;
    match session.kind {
        SessionKind::Window if session.host == *here => window_lock::is_live(board, here, &session.window),
        SessionKind::Window => quiet_for <= SEEN_ELSEWHERE,
        SessionKind::Terminal => quiet_for <= DEFAULT_TTL_SECONDS as i64 * 1000,
    }
}

fn last_seen(snapshot: &Snapshot, session: &Session) -> Millis {
    snapshot.last_seen.get(&session.id).copied().unwrap_or(session.registered_at).max(session.registered_at)
}

/// The agent of the only live session of this worktree, else the only one that was used here within the last day.
///
/// `Ok(None)` where nobody has worked here; refused where it could be several.
pub fn presumed_agent(
    board: &Path,
    here: &HostId,
    snapshot: &Snapshot,
    worktree: Option<&str>,
) -> Result<Option<AgentId>, Failure> {
    let candidates = presumed_agents(board, here, snapshot, worktree);
    match candidates.len() {
        0 => Ok(None),
        1 => Ok(candidates.into_iter().next()),
        _ => Err(several(&snapshot.board, &candidates)),
    }
}

/// Whoever it may be that acts in this worktree and does not say so.
pub fn presumed_agents(
    board: &Path,
    here: &HostId,
    snapshot: &Snapshot,
    worktree: Option<&str>,
) -> BTreeSet<AgentId> {
    let in_worktree = || {
        let registered = snapshot.board.sessions.values().filter(|session| !session.reaped);
        registered.filter(|session| session.worktree.as_deref() == worktree)
    };
    let agents = |sessions: &mut dyn Iterator<Item = &Session>| -> BTreeSet<AgentId> {
        sessions.map(|session| session.agent.clone()).collect()
    };
    let live = agents(&mut in_worktree().filter(|session| is_live(board, here, snapshot, session)));
    if live.len() == 1 {
        return live;
    }
    agents(&mut in_worktree().filter(|s| snapshot.now.0 - last_seen(snapshot, s).0 <= DAY))
}

fn several(board: &Board, candidates: &BTreeSet<AgentId>) -> Failure {
    let mut known: Vec<(&str, &AgentId)> =
        candidates.iter().map(|id| (board.agents.get(id).map_or("", Agent::name), id)).collect();
    known.sort();
    let named: Vec<String> = known.iter().map(|(name, id)| format!("{name} ({id})")).collect();
    Failure::new(
        Code::AgentUnclear,
        format!("several agents work in this worktree: {}; nothing was changed", named.join(", ")),
    )
    .hint("say which: `--agent-id ID` or `export REMIT_AGENT_ID=ID`; `remit init-agent --thread-key NAME` registers another")
    .details(json!({ "agents": candidates }))
}
