//! The board as it is shown: pure functions from state to answers.

mod actions;
mod board;
mod difference;
mod graph;
mod next;
mod next_handoff;
mod owners;
mod state;
mod summary;

use std::collections::{BTreeMap, BTreeSet};

pub use board::{Seat, board_view};
pub use difference::difference;
pub use graph::graph;
pub use next::{next_action, next_claimable, next_reviewable};
pub use next_handoff::next_handoff;
pub use owners::path_owners;
pub use state::{modules, sessions, state};
pub use summary::summary;

use crate::{
    board::{Board, Leases},
    handoff::{Handoff, Notes},
    ids::{HandoffId, ModuleId, SessionId},
    module::{Brief, Module},
    rank::Seeker,
    reply::{HandoffWire, ModuleWire},
    scope::CaseRule,
    session::Agent,
    time::Millis,
};

/// What a view is drawn from.
pub struct Shown<'a> {
    pub board: &'a Board,
    pub leases: &'a Leases,
    pub now: Millis,
    pub last_seen: &'a BTreeMap<SessionId, Millis>,
    pub live_sessions: &'a BTreeSet<SessionId>,
    pub texts: &'a Texts,
    pub case: CaseRule,
}

/// What the store tells beside the board; empty where a view shows none of it.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    pub briefs: BTreeMap<ModuleId, Brief>,
    pub notes: BTreeMap<HandoffId, Notes>,
}

impl<'a> Shown<'a> {
    /// A module, with what is told of it.
    fn module(&self, module: &Module) -> ModuleWire {
        let mut wire = ModuleWire::of(module, self.leases.of(&module.id), self.now);
        self.texts.briefs.get(&module.id).into_iter().for_each(|brief| wire.tell(brief));
        wire
    }

    /// A handoff, with what is told in it.
    fn handoff(&self, handoff: &Handoff) -> HandoffWire {
        HandoffWire::told(handoff, self.texts.notes.get(&handoff.id))
    }

    /// The viewer as one who looks for something to do.
    fn seeker(&self, viewer: Option<&'a Agent>) -> Seeker<'a> {
        let Self { board, leases, now, case, .. } = *self;
        Seeker { board, leases, now, case, agent: viewer, specialty: None }
    }
}
