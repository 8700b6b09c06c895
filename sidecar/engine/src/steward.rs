//! Looking after the files beside the database.

use std::time::Duration;

use remit_store::Steward;

use crate::local::{LocalEngine, lock};

/// So long nobody must have committed before the log is moved into the database.
pub const IDLE: Duration = Duration::from_secs(30);

impl LocalEngine {
    /// A command's part, once it has answered: nothing, while a long-lived process looks after the board.
    ///
    /// A failing projection fails no command: the next one, or the next steward, writes it.
    pub fn try_to_be_steward(&self) {
        let tended = self.with_store(|store| Ok(Steward::tend_once(&self.plan, store)));
        // The board itself is sound; what could not be written is written next time.
        drop(tended);
    }

    /// A window's part, after each commit.
    pub(crate) fn tend(&self) {
        let mut steward = lock(&self.steward);
        drop(self.with_store(|store| Ok(steward.tend(store))));
    }

    pub(crate) fn upkeep(&self, idle: bool) {
        let mut steward = lock(&self.steward);
        drop(self.with_store(|store| steward.upkeep(store, idle)));
    }
}
