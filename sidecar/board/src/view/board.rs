//! The board as an editor's views draw it: grouped, ranked, with what the viewer may do.

use std::collections::BTreeMap;

use super::{
    Shown,
    actions::{actions, answers, is_for},
    state,
};
use crate::{
    board::Board,
    event::Event,
    handoff::{Handoff, HandoffStatus, Target},
    ids::{AgentId, CursorId, ModuleId},
    module::{Module, Status},
    rank::{Claimable, Ranked, reviewable},
    reply::{
        AgentWire, BoardAgent, BoardGroup, BoardHandoff, BoardHead, BoardModule, BoardNotification,
        BoardReply, ConflictRow, EventWire, Me, SafetyWire, SessionWire,
    },
    session::Agent,
    words::with_names,
};

/// From where the board is seen.
pub struct Seat<'a> {
    pub root: &'a str,
    pub worktree: Option<String>,
    pub me: Option<Me>,
    pub conflicts: Vec<ConflictRow>,
    /// What calls the viewer and was not acknowledged.
    pub notifications: &'a [Event],
}

pub fn board_view(shown: &Shown<'_>, seat: Seat<'_>) -> BoardReply {
    let board = shown.board;
    let viewer = seat.me.as_ref().and_then(|me| board.agents.get(&me.agent_id));
    let modules = modules(shown, viewer);
    let sessions = state::sessions(shown);
    BoardReply {
        agents: agents(shown, &sessions),
        notifications: notifications(board, seat.notifications, viewer, &modules),
        handoffs: board.handoffs.values().map(|handoff| handoff_view(shown, handoff, viewer)).collect(),
        conflicts: seat.conflicts,
        modules,
        sessions,
        head: BoardHead {
            exists: true,
            revision: board.revision,
            root: seat.root.to_owned(),
            worktree: seat.worktree,
            safety: SafetyWire::of(board.safety),
            me: seat.me,
            cursor_id: CursorId::of_editor(),
        },
    }
}

fn agents(shown: &Shown<'_>, sessions: &[SessionWire]) -> Vec<BoardAgent> {
    let mut holds: BTreeMap<&AgentId, Vec<ModuleId>> = BTreeMap::new();
    for module in shown.board.modules.keys() {
        if let Some(lease) = shown.leases.of(module) {
            holds.entry(&lease.holder).or_default().push(module.clone());
        }
    }
    let view = |agent: &Agent| BoardAgent {
        agent: AgentWire::of(agent),
        live: sessions.iter().any(|session| session.live && session.agent == agent.id),
        holds: holds.remove(&agent.id).unwrap_or_default(),
    };
    shown.board.agents.values().map(view).collect()
}

fn notifications(
    board: &Board,
    events: &[Event],
    viewer: Option<&Agent>,
    modules: &[BoardModule],
) -> Vec<BoardNotification> {
    if events.is_empty() {
        return Vec::new();
    }
    let by_id: BTreeMap<&ModuleId, &BoardModule> = modules.iter().map(|one| (&one.module.id, one)).collect();
    let view = |event: &Event| {
        let about = event.module.as_ref().and_then(|id| by_id.get(id));
        let offered = about.map_or(&[][..], |module| &module.actions);
        let answers = answers(&event.kind);
        let summary = named(board, viewer, &event.summary);
        BoardNotification {
            event: EventWire { summary, ..EventWire::of(event) },
            needs_me: needs(event, viewer),
            actions: offered.iter().filter(|action| answers.contains(&action.as_str())).cloned().collect(),
        }
    };
    events.iter().map(view).collect()
}

/// Summaries and reasons name agents by the ids that commands take; people know them by name.
fn named(board: &Board, viewer: Option<&Agent>, text: &str) -> String {
    with_names(board, viewer.map(|agent| &agent.id), text).into_owned()
}

/// A handoff counts where handoffs are shown.
fn needs(event: &Event, viewer: Option<&Agent>) -> bool {
    let by_name = matches!((&event.target, viewer), (Some(Target::Agent(id)), Some(me)) if *id == me.id);
    by_name && event.kind != "handoff-ready"
}

/// By group; what can be claimed or reviewed in the order in which it would be handed out, the rest by priority and age.
fn modules(shown: &Shown<'_>, viewer: Option<&Agent>) -> Vec<BoardModule> {
    let me = viewer.map(|agent| &agent.id);
    let claimable = Claimable::new(shown.seeker(viewer));
    let mut ranked = reviewable(&shown.seeker(viewer), claimable.pressure());
    ranked.extend(claimable.without_looking());
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
    let wire = shown.module(module);
    let actions = actions(shown, module, group, viewer).into_iter().map(str::to_owned).collect();
    let reasons = reasons(shown, module, group, ranked);
    let reasons = reasons.iter().map(|reason| named(shown.board, viewer, reason)).collect();
    BoardModule { module: wire, group, actions, reasons }
}

fn reasons(
    shown: &Shown<'_>,
    module: &Module,
    group: BoardGroup,
    ranked: Option<&Ranked<'_>>,
) -> Vec<String> {
    match group {
        BoardGroup::Ready | BoardGroup::InReview => ranked.map(Ranked::lasting_reasons).unwrap_or_default(),
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

fn handoff_view(shown: &Shown<'_>, handoff: &Handoff, viewer: Option<&Agent>) -> BoardHandoff {
    let me = viewer.map(|agent| &agent.id);
    BoardHandoff {
        for_me: is_for(handoff, viewer),
        by_me: me == Some(&handoff.from),
        to_acknowledge: handoff.status == HandoffStatus::Claimed
            && me.is_some()
            && handoff.claimed_by.as_ref() == me,
        handoff: shown.handoff(handoff),
    }
}
