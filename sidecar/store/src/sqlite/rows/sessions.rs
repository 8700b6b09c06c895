use remit_board::session::{Session, SessionKind};
use rusqlite::{Connection, params};

use super::{BoardTable, Cells, to_integer};
use crate::error::StoreError;

impl BoardTable for Session {
    const NAME: &'static str = "sessions";
    const COLUMNS: &'static str =
        "id, revision, agent, host, window, kind, epoch, worktree, branch, registered_at, reaped";

    fn read(cells: &Cells<'_>) -> Result<Self, StoreError> {
        Ok(Session {
            id: cells.parsed(0)?,
            revision: cells.number(1)?,
            agent: cells.parsed(2)?,
            host: cells.parsed(3)?,
            window: cells.parsed(4)?,
            kind: cells.word(5, SessionKind::parse)?,
            epoch: cells.number(6)?,
            worktree: cells.maybe_string(7)?,
            branch: cells.maybe_string(8)?,
            registered_at: cells.time(9)?,
            reaped: cells.integer(10)? != 0,
        })
    }

    fn write(&self, db: &Connection, revision: u64) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT INTO sessions (id, revision, agent, host, window, kind, epoch, worktree, branch, registered_at, \
             reaped) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
             ON CONFLICT (id) DO UPDATE SET revision = ?2, agent = ?3, host = ?4, window = ?5, kind = ?6, epoch = ?7, \
             worktree = ?8, branch = ?9, registered_at = ?10, reaped = ?11",
        )?
        .execute(params![
            self.id.as_str(),
            to_integer(revision),
            self.agent.as_str(),
            self.host.as_str(),
            self.window.as_str(),
            self.kind.as_str(),
            to_integer(self.epoch),
            self.worktree,
            self.branch,
            self.registered_at.0,
            self.reaped,
        ])?;
        Ok(())
    }
}
