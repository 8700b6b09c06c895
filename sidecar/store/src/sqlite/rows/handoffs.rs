use remit_board::handoff::{Handoff, HandoffStatus};
use rusqlite::{Connection, params};

use super::{BoardTable, Cells, texts, to_integer};
use crate::error::StoreError;

impl BoardTable for Handoff {
    const NAME: &'static str = "handoffs";
    const COLUMNS: &'static str = "id, revision, module, author, target, status, summary, next_steps, after_expiry, \
         claimed_by, offered_at";

    fn read(cells: &Cells<'_>) -> Result<Self, StoreError> {
        Ok(Handoff {
            id: cells.parsed(0)?,
            revision: cells.number(1)?,
            module: cells.parsed(2)?,
            from: cells.parsed(3)?,
            to: cells.parsed(4)?,
            status: cells.word(5, HandoffStatus::parse)?,
            summary: cells.string(6)?,
            next_steps: cells.texts(7)?,
            after_expiry: cells.integer(8)? != 0,
            claimed_by: cells.maybe_parsed(9)?,
            offered_at: cells.time(10)?,
        })
    }

    fn write(&self, db: &Connection, revision: u64) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT INTO handoffs (id, revision, module, author, target, status, summary, next_steps, after_expiry, \
             claimed_by, offered_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
             ON CONFLICT (id) DO UPDATE SET revision = ?2, module = ?3, author = ?4, target = ?5, status = ?6, \
             summary = ?7, next_steps = ?8, after_expiry = ?9, claimed_by = ?10, offered_at = ?11",
        )?
        .execute(params![
            self.id.as_str(),
            to_integer(revision),
            self.module.as_str(),
            self.from.as_str(),
            self.to.to_string(),
            self.status.as_str(),
            self.summary,
            texts(&self.next_steps)?,
            self.after_expiry,
            self.claimed_by.as_ref().map(|agent| agent.as_str()),
            self.offered_at.0,
        ])?;
        Ok(())
    }
}
