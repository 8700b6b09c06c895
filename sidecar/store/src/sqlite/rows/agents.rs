use remit_board::{
    ids::Specialty,
    session::{Agent, Role},
};
use rusqlite::{Connection, params};

use super::{BoardTable, Cells, lines, to_integer};
use crate::error::StoreError;

impl BoardTable for Agent {
    const NAME: &'static str = "agents";
    const COLUMNS: &'static str = "id, revision, thread_key, role, specialties";

    fn read(cells: &Cells<'_>) -> Result<Self, StoreError> {
        Ok(Agent {
            id: cells.parsed(0)?,
            revision: cells.number(1)?,
            thread_key: cells.parsed(2)?,
            role: cells.word(3, Role::parse)?,
            specialties: cells.parsed_lines(4)?,
        })
    }

    fn write(&self, db: &Connection, revision: u64) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT INTO agents (id, revision, thread_key, role, specialties) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (id) DO UPDATE SET revision = ?2, thread_key = ?3, role = ?4, specialties = ?5",
        )?
        .execute(params![
            self.id.as_str(),
            to_integer(revision),
            self.thread_key.as_str(),
            self.role.as_str(),
            lines(self.specialties.iter().map(Specialty::as_str)),
        ])?;
        Ok(())
    }
}
