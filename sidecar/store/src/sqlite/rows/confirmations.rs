use remit_board::board::Confirmation;
use rusqlite::{Connection, params};

use super::{BoardTable, Cells, to_integer};
use crate::error::StoreError;

impl BoardTable for Confirmation {
    const NAME: &'static str = "confirmations";
    const COLUMNS: &'static str = "worktree, revision, branch";

    fn read(cells: &Cells<'_>) -> Result<Self, StoreError> {
        Ok(Confirmation { worktree: cells.string(0)?, revision: cells.number(1)?, branch: cells.string(2)? })
    }

    fn write(&self, db: &Connection, revision: u64) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT INTO confirmations (worktree, revision, branch) VALUES (?1, ?2, ?3) \
             ON CONFLICT (worktree) DO UPDATE SET revision = ?2, branch = ?3",
        )?
        .execute(params![self.worktree, to_integer(revision), self.branch])?;
        Ok(())
    }
}
