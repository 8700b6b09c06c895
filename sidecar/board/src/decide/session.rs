//! Who works here: registering windows and terminals.

use super::Draft;
use crate::{
    board::Row,
    command::InitAgent,
    decision::{Decision, Refusal},
    failure::Failure,
    ids::{AgentId, HostId, SessionId, ThreadKey, WindowId},
    module::Lease,
    reply::{GivenLease, Registered, ReissuedLease},
    session::{Agent, Session},
};

/// Registering the same window again raises its epoch and re-issues its leases: the old tokens are void, so of two
/// processes that believe to be one window, only the last can go on.
pub(super) fn register(
    mut draft: Draft<'_>,
    command: &InitAgent,
    kind: &'static str,
) -> Result<Decision, Refusal> {
    let Some(key) = &command.thread_key else {
        return Err(Failure::invalid("a registration needs --thread-key; nothing was changed")
            .hint("`remit init-agent --thread-key NAME`, with a name of your own"));
    };
    let caller = draft.at.caller;
    let host = named(command.host_id.as_ref().or(caller.host.as_ref()), "host")?;
    let window = named(command.window_id.as_ref().or(caller.window.as_ref()), "window")?;
    let agent = put_agent(&mut draft, command, key);
    let session = put_session(&mut draft, command, &agent, host, window);
    let leases = reissue(&mut draft, &session);
    draft.record(
        kind,
        "board",
        None,
        None,
        format!("{} registered as {key} in {}", agent.id, session.window),
    );
    let reply = Registered {
        agent_id: agent.id,
        session_id: session.id,
        session_epoch: session.epoch,
        role: agent.role,
        specialties: agent.specialties,
        host_id: session.host,
        window_id: session.window,
        worktree: session.worktree,
        branch: session.branch,
        leases,
    };
    draft.reply(reply)
}

fn named<T: Clone>(given: Option<&T>, what: &str) -> Result<T, Refusal> {
    given.cloned().ok_or_else(|| {
        Failure::invalid(format!("this {what} has no name; give --{what}-id; nothing was changed"))
    })
}

fn put_agent(draft: &mut Draft<'_>, command: &InitAgent, key: &ThreadKey) -> Agent {
    let id = agent_id(draft, key);
    let known = draft.at.board.agents.get(&id);
    let specialties = match (command.specialties.as_slice(), known) {
        ([], Some(agent)) => agent.specialties.clone(),
        (given, _) => given.to_vec(),
    };
    let role = command.role.or(known.map(|agent| agent.role)).unwrap_or_default();
    let agent = Agent { id, thread_key: key.clone(), role, specialties, revision: draft.revision() };
    draft.rows.push(Row::Agent(agent.clone()));
    agent
}

/// Two keys whose short digests meet get different ids, in the order in which they came.
pub(super) fn agent_id(draft: &Draft<'_>, key: &ThreadKey) -> AgentId {
    let board = draft.at.board;
    (0..)
        .map(|attempt| AgentId::of_thread(&board.project, key, attempt))
        .find(|id| board.agents.get(id).is_none_or(|agent| agent.thread_key == *key))
        .expect("among endless attempts one id is free")
}

fn put_session(
    draft: &mut Draft<'_>,
    command: &InitAgent,
    agent: &Agent,
    host: HostId,
    window: WindowId,
) -> Session {
    let id = SessionId::of_window(&agent.id, &host, &window);
    let epoch = draft.at.board.sessions.get(&id).map_or(1, |session| session.epoch + 1);
    let session = Session {
        id,
        agent: agent.id.clone(),
        host,
        window,
        kind: command.kind,
        epoch,
        worktree: draft.at.caller.worktree.clone(),
        branch: draft.at.caller.branch.clone(),
        registered_at: draft.at.now,
        reaped: false,
        revision: draft.revision(),
    };
    draft.rows.push(Row::Session(session.clone()));
    session
}

fn reissue(draft: &mut Draft<'_>, session: &Session) -> Vec<ReissuedLease> {
    let at = draft.at;
    let held = at.leases.0.values().filter(|lease| lease.session.as_ref() == Some(&session.id));
    let fresh: Vec<Lease> =
        held.map(|lease| Lease { token: at.seed.token(&lease.module), ..lease.clone() }).collect();
    fresh
        .into_iter()
        .map(|lease| {
            draft.leases.push(crate::board::LeaseChange::Grant(lease.clone()));
            ReissuedLease { module: lease.module.clone(), lease: GivenLease::of(&lease) }
        })
        .collect()
}
