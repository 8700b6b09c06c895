//! The one row that every transaction reads: which board this is, where it stands, and who may write it.

use remit_board::{board::SafetyProfile, time::Millis};
use rusqlite::{Connection, params};

use super::rows::{Cells, to_integer};
use crate::error::StoreError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meta {
    pub format: u32,
    pub min_writer: u32,
    pub project: String,
    pub incarnation: u64,
    pub revision: u64,
    pub event_seq: u64,
    /// When the newest revision was committed.
    pub clock: Millis,
    pub safety: SafetyProfile,
}

impl Meta {
    pub fn read(db: &Connection) -> Result<Self, StoreError> {
        let mut statement = db.prepare_cached(
            "SELECT id, format, min_writer, project, incarnation, revision, event_seq, clock, safety FROM meta",
        )?;
        let mut rows = statement.query([])?;
        let row =
            rows.next()?.ok_or_else(|| StoreError::corrupt("the row that holds its revision is missing"))?;
        let cells = Cells { table: "meta", row };
        Ok(Self {
            format: cells.number(1)?,
            min_writer: cells.number(2)?,
            project: cells.string(3)?,
            incarnation: cells.number(4)?,
            revision: cells.number(5)?,
            event_seq: cells.number(6)?,
            clock: cells.time(7)?,
            safety: cells.word(8, SafetyProfile::parse)?,
        })
    }

    pub fn insert(&self, db: &Connection) -> Result<(), StoreError> {
        db.execute(
            "INSERT INTO meta (id, format, min_writer, project, incarnation, revision, event_seq, clock, safety) \
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                self.format,
                self.min_writer,
                self.project,
                to_integer(self.incarnation),
                to_integer(self.revision),
                to_integer(self.event_seq),
                self.clock.0,
                self.safety.as_str()
            ],
        )?;
        Ok(())
    }

    /// Writes what a commit moves.
    pub fn advance(&self, db: &Connection) -> Result<(), StoreError> {
        db.prepare_cached("UPDATE meta SET revision = ?1, event_seq = ?2, clock = ?3, safety = ?4")?
            .execute(params![
                to_integer(self.revision),
                to_integer(self.event_seq),
                self.clock.0,
                self.safety.as_str()
            ])?;
        Ok(())
    }
}
