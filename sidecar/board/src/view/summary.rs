//! How the work stands, in a few lines.

use super::Shown;
use crate::{
    ids::AgentId,
    module::Status,
    rank,
    reply::{Claimable, HandoffWire, HeldModule, LeaseWire, SafetyWire, StatusCounts, SummaryReply},
};

const CLAIMABLE_SHOWN: usize = 10;

pub fn summary(shown: &Shown<'_>, me: Option<&AgentId>) -> SummaryReply {
    let board = shown.board;
    let claimable = rank::claimable(board, shown.leases, shown.now, me, None);
    let held = board.modules.values().filter(|m| m.scope_is_live() && m.status != Status::ReviewReady);
    SummaryReply {
        safety: SafetyWire::of(board.safety),
        mode: board.last_preflight().map(|one| one.advice.mode).unwrap_or_default(),
        counts: StatusCounts::of(board),
        claimable: claimable
            .into_iter()
            .take(CLAIMABLE_SHOWN)
            .map(|module| Claimable {
                module: module.id.clone(),
                title: module.title.clone(),
                reasons: rank::reasons(board, module),
            })
            .collect(),
        held: held
            .map(|module| HeldModule {
                module: module.id.clone(),
                title: module.title.clone(),
                status: module.status,
                owner: module.owner.clone(),
                lease: shown.leases.of(&module.id).map(|lease| LeaseWire::of(lease, shown.now)),
            })
            .collect(),
        open_handoffs: board.handoffs.values().filter(|h| h.is_open()).map(HandoffWire::of).collect(),
    }
}
