//! How the work stands, in a few lines.

use super::Shown;
use crate::{
    ids::AgentId,
    module::Status,
    rank::Claimable,
    reply::{
        Claimable as ClaimableWire, HandoffWire, HeldModule, LeaseWire, SafetyWire, StatusCounts,
        SummaryReply,
    },
};

const CLAIMABLE_SHOWN: usize = 10;

pub fn summary(shown: &Shown<'_>, me: Option<&AgentId>) -> SummaryReply {
    let board = shown.board;
    let claimable = Claimable::new(shown.seeker(me.and_then(|id| board.agents.get(id))));
    let held = board.modules.values().filter(|m| m.scope_is_live() && m.status != Status::ReviewReady);
    SummaryReply {
        safety: SafetyWire::of(board.safety),
        mode: board.last_preflight().map(|one| one.advice.mode).unwrap_or_default(),
        counts: StatusCounts::of(board),
        claimable: claimable
            .take(CLAIMABLE_SHOWN)
            .map(|ranked| ClaimableWire {
                module: ranked.module.id.clone(),
                title: ranked.module.title.clone(),
                reasons: ranked.reasons(),
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
