//! The board as an editor's views draw it: grouped, ranked, with what the viewer may do.

use std::collections::BTreeMap;

use super::{Shown, state};
use crate::{
    handoff::{Handoff, HandoffStatus},
    ids::{AgentId, ModuleId},
    module::{Module, Status},
    rank::{Claimable, Ranked},
    reply::{
        BoardGroup, BoardHandoff, BoardModule, BoardReply, ConflictRow, HandoffWire, Me, ModuleWire,
        SafetyWire,
    },
    session::{Agent, Role},
};

pub fn board_view(
    shown: &Shown<'_>,
    root: &str,
    worktree: Option<String>,
    me: Option<Me>,
    conflicts: Vec<ConflictRow>,
) -> BoardReply {
    let board = shown.board;
    let viewer = me.as_ref().and_then(|me| board.agents.get(&me.agent_id));
    BoardReply {
        exists: true,
        revision: board.revision,
        root: root.to_owned(),
        worktree,
        safety: SafetyWire::of(board.safety),
        agents: board.agents.values().map(crate::reply::AgentWire::of).collect(),
        sessions: state::sessions(shown),
        modules: modules(shown, viewer),
        handoffs: board.handoffs.values().map(|handoff| handoff_view(handoff, viewer)).collect(),
        conflicts,
        me,
    }
}

/// By group; what can be claimed in the order in which it would be handed out, the rest by priority and age.
fn modules(shown: &Shown<'_>, viewer: Option<&Agent>) -> Vec<BoardModule> {
    let me = viewer.map(|agent| &agent.id);
    let ranked = Claimable::new(shown.seeker(viewer)).without_looking();
    let rank: BTreeMap<&ModuleId, usize> =
        ranked.iter().enumerate().map(|(at, ranked)| (&ranked.module.id, at)).collect();
    let mut modules: Vec<(usize, &Module, BoardGroup)> = shown
        .board
        .modules
        .values()
        .map(|module| {
            let at = rank.get(&module.id).copied().unwrap_or(usize::MAX);
            (at, module, group(shown, module, me))
        })
        .collect();
    modules.sort_by_key(|(at, module, group)| (*group, *at, module.priority, module.ordinal));
    let view = |(at, module, group)| module_view(shown, module, group, viewer, ranked.get(at));
    modules.into_iter().map(view).collect()
}

fn group(shown: &Shown<'_>, module: &Module, me: Option<&AgentId>) -> BoardGroup {
    let owned_by_me = me.is_some_and(|me| module.is_owned_by(me));
    let reviewed_by_me = module.status == Status::InReview && me.is_some() && module.reviewer.as_ref() == me;
    match module.status {
        Status::Done | Status::Cancelled => BoardGroup::Done,
        Status::Todo if shown.board.open_dependencies(module).next().is_some() => BoardGroup::Waiting,
        Status::Todo => BoardGroup::Ready,
        _ if owned_by_me || reviewed_by_me => BoardGroup::Mine,
        Status::Blocked => BoardGroup::Blocked,
        Status::ReviewReady | Status::InReview => BoardGroup::InReview,
        Status::InProgress => BoardGroup::Others,
    }
}

fn module_view(
    shown: &Shown<'_>,
    module: &Module,
    group: BoardGroup,
    viewer: Option<&Agent>,
    ranked: Option<&Ranked<'_>>,
) -> BoardModule {
    let mut wire = ModuleWire::of(module, shown.leases.of(&module.id), shown.now);
    if let Some(text) = shown.descriptions.get(&module.id) {
        wire.description.clone_from(text);
    }
    let actions = actions(shown, module, group, viewer).into_iter().map(str::to_owned).collect();
    BoardModule { module: wire, group, actions, reasons: reasons(shown, module, group, ranked) }
}

fn actions(
    shown: &Shown<'_>,
    module: &Module,
    group: BoardGroup,
    viewer: Option<&Agent>,
) -> Vec<&'static str> {
    let mut actions = Vec::new();
    let lease = shown.leases.of(&module.id);
    let holds = viewer.is_some_and(|me| lease.is_some_and(|lease| lease.holder == me.id));
    let expired = lease.is_some_and(|lease| lease.is_expired(shown.now));
    let owns = viewer.is_some_and(|me| module.is_owned_by(&me.id));
    match (group, module.status) {
        (BoardGroup::Ready, _) => actions.push("claim"),
        (BoardGroup::Others | BoardGroup::Blocked, _) if expired => actions.push("take-over"),
        (_, Status::ReviewReady) if !owns => actions.push("start-review"),
        (_, Status::InReview) if !owns && !holds && expired => actions.push("start-review"),
        _ => {}
    }
    if holds {
        actions.extend(holders_actions(module));
    } else if viewer.is_some()
        && !expired
        && (lease.is_some() || module.status == Status::ReviewReady && !owns)
    {
        actions.push("request-handoff");
    }
    let coordinates = viewer.is_some_and(|me| me.role == Role::Coordinator);
    if holds || coordinates && group != BoardGroup::Done {
        actions.push("cancel");
    }
    if let Some(handoff) = shown.board.open_handoff(&module.id) {
        actions.push("open-handoff");
        if is_for(handoff, viewer) {
            actions.push("claim-handoff");
        }
    }
    actions
}

fn holders_actions(module: &Module) -> Vec<&'static str> {
    let moves: &[&str] = match module.status {
        Status::InProgress if module.reviewer.is_some() => &["block", "submit", "infer-paths"],
        Status::InProgress => &["block", "submit", "finish", "infer-paths"],
        Status::Blocked => &["unblock", "infer-paths"],
        Status::InReview => &["approve", "request-changes"],
        _ => &[],
    };
    ["release", "handoff-bundle"].iter().chain(moves).copied().collect()
}

fn reasons(
    shown: &Shown<'_>,
    module: &Module,
    group: BoardGroup,
    ranked: Option<&Ranked<'_>>,
) -> Vec<String> {
    match group {
        BoardGroup::Ready => ranked.map(Ranked::reasons).unwrap_or_default(),
        BoardGroup::Waiting => {
            let open: Vec<&str> = shown.board.open_dependencies(module).map(ModuleId::as_str).collect();
            vec![format!("waits for {}", open.join(", "))]
        }
        BoardGroup::Blocked => module.block_reason.iter().cloned().collect(),
        BoardGroup::Mine if module.status == Status::Blocked => module.block_reason.iter().cloned().collect(),
        BoardGroup::Mine => {
            module.changes_requested.iter().map(|changes| format!("changes requested: {changes}")).collect()
        }
        _ => Vec::new(),
    }
}

fn is_for(handoff: &Handoff, viewer: Option<&Agent>) -> bool {
    viewer.is_some_and(|me| handoff.is_open() && handoff.from != me.id && handoff.to.includes(me))
}

fn handoff_view(handoff: &Handoff, viewer: Option<&Agent>) -> BoardHandoff {
    let me = viewer.map(|agent| &agent.id);
    BoardHandoff {
        for_me: is_for(handoff, viewer),
        by_me: me == Some(&handoff.from),
        to_acknowledge: handoff.status == HandoffStatus::Claimed
            && me.is_some()
            && handoff.claimed_by.as_ref() == me,
        handoff: HandoffWire::of(handoff),
    }
}
