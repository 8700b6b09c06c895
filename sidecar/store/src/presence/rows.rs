//! What stands in `presence.db`.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use remit_board::{ids::SessionId, time::Millis};
use rusqlite::{Connection, params};

use super::{PresenceRow, PresenceState, SessionPresence};
use crate::{
    error::StoreError,
    sqlite::{CommitError, Guard},
};

/// Raised when an older Remit could not read the tables. What an older one left is thrown away.
const FORMAT: i64 = 1;

const SCHEMA: &str = "
CREATE TABLE sessions (
  session TEXT PRIMARY KEY,
  worktree TEXT NOT NULL,
  head TEXT,
  serial INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
  session TEXT NOT NULL,
  path TEXT NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  edits TEXT,
  PRIMARY KEY (session, path)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
";

/// What an older Remit's file lacks, which goes on writing to it: it leaves these alone. `serial` is another number
/// whenever the session says something else.
const ADDED: &str = "
ALTER TABLE sessions ADD COLUMN head TEXT;
ALTER TABLE sessions ADD COLUMN serial INTEGER NOT NULL DEFAULT 0;
ALTER TABLE changes ADD COLUMN edits TEXT;
";

pub(super) fn make_tables(db: &Connection, patience: Duration) -> Result<(), StoreError> {
    let format = || Ok::<i64, StoreError>(db.query_row("PRAGMA user_version", [], |row| row.get(0))?);
    let is_whole = || db.prepare("SELECT edits FROM changes").is_ok();
    if format()? == FORMAT && is_whole() {
        return Ok(());
    }
    let guard = Guard::write(db, patience)?;
    match format()? {
        0 => {
            db.execute_batch(SCHEMA)?;
            finish(guard)
        }
        FORMAT if is_whole() => Ok(()),
        FORMAT => {
            db.execute_batch(ADDED)?;
            finish(guard)
        }
        // Left to the newer windows: throwing theirs away again and again would help nobody.
        newer if newer > FORMAT => {
            Err(StoreError::SchemaNewer { needed: as_format(newer), known: as_format(FORMAT) })
        }
        older => Err(StoreError::corrupt(format!("its format is {older}"))),
    }
}

fn as_format(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn finish(guard: Guard<'_>) -> Result<(), StoreError> {
    guard.commit().map_err(|error| match error {
        CommitError::Failed(error) => error,
        CommitError::Unknown => StoreError::Disk("presence may have been written or not".to_owned()),
    })
}

pub(super) fn insert(db: &Connection, now: &SessionPresence) -> Result<(), StoreError> {
    let session = now.session.as_str();
    db.prepare_cached(
        "INSERT INTO sessions (session, worktree, head, serial) VALUES (?1, ?2, ?3, random())",
    )?
    .execute(params![session, now.worktree, now.head])?;
    let mut add = db.prepare_cached(
        "INSERT INTO changes (session, path, state, since, edits) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for row in &now.rows {
        let edits = row.edits.as_ref().and_then(|edits| serde_json::to_string(edits).ok());
        add.execute(params![session, row.path.as_str(), row.state.as_str(), row.since.0, edits])?;
    }
    Ok(())
}

pub(super) fn delete(db: &Connection, session: &SessionId) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM sessions WHERE session = ?1")?.execute([session.as_str()])?;
    db.prepare_cached("DELETE FROM changes WHERE session = ?1")?.execute([session.as_str()])?;
    Ok(())
}

pub(super) fn select(
    db: &Connection,
    session: Option<&SessionId>,
) -> Result<Vec<SessionPresence>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT sessions.session, worktree, path, state, since, edits, head FROM sessions LEFT JOIN changes USING (session) \
         WHERE ?1 IS NULL OR sessions.session = ?1 ORDER BY sessions.session, path",
    )?;
    let mut rows = statement.query([session.map(|session| session.as_str())])?;
    let mut all: Vec<SessionPresence> = Vec::new();
    while let Some(row) = rows.next()? {
        let session: SessionId = parsed(&row.get::<_, String>(0)?)?;
        if all.last().is_none_or(|last| last.session != session) {
            all.push(SessionPresence { session, worktree: row.get(1)?, head: row.get(6)?, rows: Vec::new() });
        }
        let (Some(last), Some(path)) = (all.last_mut(), row.get::<_, Option<String>>(2)?) else { continue };
        let state = row.get::<_, String>(3)?;
        let state = PresenceState::parse(&state).ok_or_else(|| damaged(&state))?;
        let edits = row.get::<_, Option<String>>(5)?;
        let edits = edits.map(|text| serde_json::from_str(&text).map_err(|_| damaged(&text))).transpose()?;
        last.rows.push(PresenceRow { path: parsed(&path)?, state, since: Millis(row.get(4)?), edits });
    }
    Ok(all)
}

pub(super) fn pulse(db: &Connection, except: Option<&SessionId>) -> Result<u64, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT session, serial FROM sessions WHERE session IS NOT ?1 ORDER BY session")?;
    let mut rows = statement.query([except.map(|session| session.as_str())])?;
    let mut hasher = DefaultHasher::new();
    while let Some(row) = rows.next()? {
        (row.get::<_, String>(0)?, row.get::<_, i64>(1)?).hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| damaged(text))
}

fn damaged(value: &str) -> StoreError {
    StoreError::corrupt(format!("presence holds the damaged value {value:?}"))
}
