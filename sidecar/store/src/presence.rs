//! What each window has changed and nobody has committed, so that others are warned before there is a conflict.
//!
//! A file of its own beside the board: typing must wake no board. Nothing in it is worth keeping: it is not synced to
//! disk, is thrown away when damaged, and goes with the last session.

use std::{fs, io, path::PathBuf, time::Duration};

use remit_board::{ids::SessionId, path::ProjectPath, time::Millis};
use rusqlite::{Connection, OpenFlags, params};

use crate::{
    error::StoreError,
    files::PlanFolder,
    identity::FileIdentity,
    sqlite::{CommitError, Guard, Options, connect, only_for_the_owner, pause, until_free},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresenceState {
    /// The window's text differs from the disk.
    Unsaved,
    /// The window has written it to disk.
    Saved,
}

impl PresenceState {
    pub fn as_str(self) -> &'static str {
        match self {
            PresenceState::Unsaved => "unsaved",
            PresenceState::Saved => "saved",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Unsaved, Self::Saved].into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceRow {
    pub path: ProjectPath,
    pub state: PresenceState,
    pub since: Millis,
}

/// What one session has changed in its worktree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPresence {
    pub session: SessionId,
    pub worktree: String,
    /// By path.
    pub rows: Vec<PresenceRow>,
}

/// Raised when an older Remit could not read the tables. What an older one left is thrown away.
const FORMAT: i64 = 1;

/// How often a session tries to say something while others take the file away.
const ATTEMPTS: u32 = 50;

const SCHEMA: &str = "
CREATE TABLE sessions (session TEXT PRIMARY KEY, worktree TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
  session TEXT NOT NULL,
  path TEXT NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (session, path)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
";

/// One process's access to what windows have changed. Opens nothing before it is asked something.
pub struct PresenceDb {
    plan: PlanFolder,
    options: Options,
    link: Option<(Connection, FileIdentity)>,
}

impl PresenceDb {
    pub fn new(plan: &PlanFolder) -> Self {
        // Whoever publishes is about to do so again: nobody waits long for it.
        let options = Options { patience: Duration::from_secs(1), ..Options::default() };
        Self { plan: plan.clone(), options, link: None }
    }

    /// Replaces what the session has said before. Writes nothing when it says the same again.
    pub fn publish(
        &mut self,
        session: &SessionId,
        worktree: &str,
        rows: &[PresenceRow],
    ) -> Result<(), StoreError> {
        let mut now =
            SessionPresence { session: session.clone(), worktree: worktree.to_owned(), rows: rows.to_vec() };
        now.rows.sort_by(|a, b| a.path.cmp(&b.path));
        now.rows.dedup_by(|a, b| a.path == b.path);
        for _ in 0..ATTEMPTS {
            match self.or_start_again(|presence| presence.replace(&now)) {
                Ok(()) if self.is_in_place() => return Ok(()),
                // The last session to leave was taking the file away: what was written is gone with it, ...
                Ok(()) => {}
                // ... or SQLite noticed that nobody would ever find it.
                Err(StoreError::ReadOnly(_)) if !self.is_in_place() => self.link = None,
                failed => return failed,
            }
            pause();
        }
        Err(StoreError::ReadOnly("presence.db can't be written".to_owned()))
    }

    /// The session has gone, or has nothing more to say. The last one takes the file with it.
    pub fn withdraw(&mut self, session: &SessionId) -> Result<(), StoreError> {
        if !self.path().exists() {
            return Ok(());
        }
        match self.or_start_again(|presence| presence.remove(session)) {
            // Another session was the last to leave in the meantime: ours was not in the file any more.
            Err(StoreError::ReadOnly(_)) if !self.is_in_place() => Ok(()),
            answer => answer,
        }
    }

    /// What all sessions have said. Makes no file.
    pub fn all(&mut self) -> Result<Vec<SessionPresence>, StoreError> {
        if !self.path().exists() {
            self.link = None;
            return Ok(Vec::new());
        }
        match self.read_all() {
            Err(StoreError::Corrupt(_)) => Ok(Vec::new()),
            Err(_) if !self.path().exists() => Ok(Vec::new()),
            answer => answer,
        }
    }

    fn path(&self) -> PathBuf {
        self.plan.presence()
    }

    fn is_in_place(&self) -> bool {
        let now = FileIdentity::of(&self.path()).ok().flatten();
        matches!((&self.link, now), (Some((_, opened)), Some(now)) if now.is_same_file(*opened))
    }

    /// Nothing in a damaged file is worth an error.
    fn or_start_again(
        &mut self,
        mut body: impl FnMut(&mut Self) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match body(self) {
            Err(StoreError::Corrupt(_)) => {
                self.link = None;
                self.discard()?;
                body(self)
            }
            answer => answer,
        }
    }

    fn discard(&self) -> Result<(), StoreError> {
        for suffix in ["", "-wal", "-shm"] {
            let path = format!("{}{suffix}", self.path().display());
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::io("throwing damaged presence away failed", &error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn db(&mut self, mode: OpenFlags) -> Result<&Connection, StoreError> {
        let link = match self.link.take() {
            Some(link)
                if FileIdentity::of(&self.path())
                    .ok()
                    .flatten()
                    .is_some_and(|now| now.is_same_file(link.1)) =>
            {
                link
            }
            lost => {
                drop(lost);
                until_free(self.options.patience, || self.open(mode))?
            }
        };
        Ok(&self.link.insert(link).0)
    }

    fn open(&self, mode: OpenFlags) -> Result<(Connection, FileIdentity), StoreError> {
        let path = self.path();
        let looking = |error: io::Error| StoreError::io("looking at presence.db failed", &error);
        if !self.plan.path().is_dir() {
            return Err(StoreError::NoBoard { folder: self.plan.path().to_owned() });
        }
        let db = connect(&path, mode, &self.options)?;
        let identity = FileIdentity::of(&path).map_err(looking)?;
        let identity = identity.ok_or(StoreError::Locked { waited: Duration::ZERO })?;
        if identity.length == 0 {
            only_for_the_owner(&path).map_err(looking)?;
        }
        db.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL")?;
        make_tables(&db, &self.options)?;
        Ok((db, identity))
    }

    fn replace(&mut self, now: &SessionPresence) -> Result<(), StoreError> {
        let patience = self.options.patience;
        let db = self.db(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        let guard = Guard::write(db, patience)?;
        let before = select(db, Some(&now.session))?;
        if before.first() == Some(now) {
            return Ok(());
        }
        delete(db, &now.session)?;
        insert(db, now)?;
        finish(guard)
    }

    fn remove(&mut self, session: &SessionId) -> Result<(), StoreError> {
        let patience = self.options.patience;
        let path = self.path();
        let db = self.db(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let guard = Guard::write(db, patience)?;
        delete(db, session)?;
        let is_last = select(db, None)?.is_empty();
        finish(guard)?;
        if is_last && remove_file_if_alone(db, &path)? {
            self.link = None;
        }
        Ok(())
    }

    fn read_all(&mut self) -> Result<Vec<SessionPresence>, StoreError> {
        let patience = self.options.patience;
        let db = self.db(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        until_free(patience, || {
            let _guard = Guard::read(db)?;
            select(db, None)
        })
    }
}

fn make_tables(db: &Connection, options: &Options) -> Result<(), StoreError> {
    let format = || Ok::<i64, StoreError>(db.query_row("PRAGMA user_version", [], |row| row.get(0))?);
    if format()? == FORMAT {
        return Ok(());
    }
    let guard = Guard::write(db, options.patience)?;
    match format()? {
        0 => {
            db.execute_batch(SCHEMA)?;
            finish(guard)
        }
        FORMAT => Ok(()),
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

fn finish(guard: Guard<'_>) -> Result<(), StoreError> {
    match guard.commit() {
        Err(CommitError::Failed(error)) => Err(error),
        // It will be said again.
        Ok(()) | Err(CommitError::Unknown) => Ok(()),
    }
}

fn insert(db: &Connection, now: &SessionPresence) -> Result<(), StoreError> {
    let session = now.session.as_str();
    db.prepare_cached("INSERT INTO sessions (session, worktree) VALUES (?1, ?2)")?
        .execute([session, &now.worktree])?;
    let mut add =
        db.prepare_cached("INSERT INTO changes (session, path, state, since) VALUES (?1, ?2, ?3, ?4)")?;
    for row in &now.rows {
        add.execute(params![session, row.path.as_str(), row.state.as_str(), row.since.0])?;
    }
    Ok(())
}

fn delete(db: &Connection, session: &SessionId) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM sessions WHERE session = ?1")?.execute([session.as_str()])?;
    db.prepare_cached("DELETE FROM changes WHERE session = ?1")?.execute([session.as_str()])?;
    Ok(())
}

fn select(db: &Connection, session: Option<&SessionId>) -> Result<Vec<SessionPresence>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT sessions.session, worktree, path, state, since FROM sessions LEFT JOIN changes USING (session) \
         WHERE ?1 IS NULL OR sessions.session = ?1 ORDER BY sessions.session, path",
    )?;
    let mut rows = statement.query([session.map(|session| session.as_str())])?;
    let mut all: Vec<SessionPresence> = Vec::new();
    while let Some(row) = rows.next()? {
        let session: SessionId = parsed(&row.get::<_, String>(0)?)?;
        if all.last().is_none_or(|last| last.session != session) {
            all.push(SessionPresence { session, worktree: row.get(1)?, rows: Vec::new() });
        }
        let (Some(last), Some(path)) = (all.last_mut(), row.get::<_, Option<String>>(2)?) else { continue };
        let state = row.get::<_, String>(3)?;
        let state = PresenceState::parse(&state).ok_or_else(|| damaged(&state))?;
        last.rows.push(PresenceRow { path: parsed(&path)?, state, since: Millis(row.get(4)?) });
    }
    Ok(all)
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| damaged(text))
}

fn damaged(value: &str) -> StoreError {
    StoreError::corrupt(format!("presence holds the damaged value {value:?}"))
}

/// Only the one connection can leave WAL mode: whoever can is alone. Somebody who opens the file just now waits for
/// our lock, and then finds that the path names another file.
fn remove_file_if_alone(db: &Connection, path: &std::path::Path) -> Result<bool, StoreError> {
    if db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).is_err() {
        return Ok(false);
    }
    if db.prepare_cached("BEGIN EXCLUSIVE")?.execute([]).is_err() {
        return Ok(false);
    }
    let removed = select(db, None)?.is_empty() && fs::remove_file(path).is_ok();
    db.prepare_cached("ROLLBACK")?.execute([])?;
    Ok(removed)
}
