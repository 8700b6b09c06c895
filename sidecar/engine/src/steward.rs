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

    /// Whether the files beside the database are so large that writing them would keep a command's caller waiting.
    pub fn has_much_to_tend(&self) -> bool {
        Steward::has_much_to_write(&self.plan)
    }

    /// Whether a process is at it now. It looks at the revision once more when it has done, so it will find what was
    /// committed before this was asked.
    pub fn is_tended(&self) -> bool {
        Steward::is_at_work(&self.plan)
    }

    /// The part of a process that was started for it: brings the files up to date until nobody commits any more.
    pub fn tend_until_quiet(&self) {
        drop(self.with_store(|store| Ok(Steward::tend_until_quiet(&self.plan, store))));
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
