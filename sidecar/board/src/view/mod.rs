//! The board as it is shown: pure functions from state to answers.

mod actions;
mod board;
mod graph;
mod next;
mod next_handoff;
mod owners;
mod state;
mod summary;

use std::collections::{BTreeMap, BTreeSet};

pub use board::{Seat, board_view};
pub use graph::graph;
pub use next::{next_action, next_claimable, next_reviewable};
pub use next_handoff::next_handoff;
pub use owners::path_owners;
pub use state::{modules, sessions, state};
pub use summary::summary;

use crate::{
    board::{Board, Leases},
    ids::{ModuleId, SessionId},
    rank::Seeker,
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
    pub descriptions: &'a BTreeMap<ModuleId, String>,
    pub case: CaseRule,
}

impl<'a> Shown<'a> {
    /// The viewer as one who looks for something to do.
    fn seeker(&self, viewer: Option<&'a Agent>) -> Seeker<'a> {
        let Self { board, leases, now, case, .. } = *self;
        Seeker { board, leases, now, case, agent: viewer, specialty: None }
    }
}
