//! The board as it is shown: pure functions from state to answers.

mod board;
mod owners;
mod state;
mod summary;

use std::collections::{BTreeMap, BTreeSet};

pub use board::board_view;
pub use owners::path_owners;
pub use state::{modules, sessions, state};
pub use summary::summary;

use crate::{
    board::{Board, Leases},
    ids::{ModuleId, SessionId},
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
}
