//! Whether the file is whole: SQLite's own check, and every row once.

use rusqlite::Connection;

use super::{Options, SqliteStore, guard::Guard};
use crate::{
    error::StoreError,
    files::PlanFolder,
    store::{EventFilter, Store},
};

/// What is wrong with the database itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// In SQLite's words or ours.
    pub lines: Vec<String>,
    /// Indexes alone, which can be made again from the rows.
    pub only_indexes: bool,
}

const LINES_TOLD: u32 = 20;

/// `None` for a sound database. Writes nothing. A board that can't be reached is an error, not damage.
pub fn examine(plan: &PlanFolder, options: &Options) -> Result<Option<Damage>, StoreError> {
    let told = SqliteStore::open(plan, options.clone()).and_then(|mut store| store.complaints());
    match told {
        Ok(lines) if lines.is_empty() => Ok(None),
        Ok(lines) => {
            let only_indexes = lines.iter().all(|line| is_of_an_index(line));
            Ok(Some(Damage { lines, only_indexes }))
        }
        // A statement that does not fit the tables: these were damaged, too.
        Err(error @ (StoreError::Corrupt(_) | StoreError::InvalidRow { .. } | StoreError::Defect(_))) => {
            Ok(Some(Damage { lines: vec![error.to_string()], only_indexes: false }))
        }
        Err(error) => Err(error),
    }
}

/// Makes all indexes again.
pub fn reindex(plan: &PlanFolder, options: &Options) -> Result<(), StoreError> {
    let store = SqliteStore::open(plan, options.clone())?;
    let Some(link) = &store.link else { return Ok(()) };
    let guard = Guard::write(&link.db, options.patience)?;
    link.db.execute_batch("REINDEX")?;
    guard.commit().map_err(|_| StoreError::Disk("indexes were being made; no row was changed".to_owned()))
}

impl SqliteStore {
    fn complaints(&mut self) -> Result<Vec<String>, StoreError> {
        let lines = self.reading(|db, _, _| integrity(db))?;
        if !lines.is_empty() {
            return Ok(lines);
        }
        // What SQLite finds whole may still make no sense to us.
        self.read()?;
        self.briefs()?;
        self.notes()?;
        self.events(&EventFilter::default())?;
        Ok(Vec::new())
    }
}

fn integrity(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare(&format!("PRAGMA integrity_check({LINES_TOLD})"))?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

fn is_of_an_index(line: &str) -> bool {
    line.contains("missing from index")
        || line.contains("wrong # of entries in index")
        || line.contains("non-unique entry in index")
}
