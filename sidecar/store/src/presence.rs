//! What each window has changed and nobody has committed, so that others are warned before there is a conflict.
//!
//! A file of its own beside the board: typing must wake no board. Nothing in it is worth keeping: it is not synced to
//! disk, is thrown away when damaged, and goes with the last session.

mod file;
mod rows;

use remit_board::{ids::SessionId, path::ProjectPath, time::Millis};
use rusqlite::OpenFlags;
use serde::{Deserialize, Serialize};

use self::file::PresenceFile;
use crate::{
    error::StoreError,
    files::PlanFolder,
    sqlite::{Guard, pause, until_free},
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
    /// Of unsaved text: what it makes of the file on the disk.
    pub edits: Option<PresenceEdits>,
}

/// Edits to the file whose blob id is `base`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceEdits {
    pub base: String,
    pub edits: Vec<PresenceEdit>,
}

/// Lines of that file, counted from zero, and what stands in their place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceEdit {
    pub start: usize,
    pub removed: usize,
    pub added: usize,
    /// The lines themselves, where their window shares them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What one session has changed in its worktree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPresence {
    pub session: SessionId,
    pub worktree: String,
    /// The commit that its worktree stands on.
    pub head: Option<String>,
    /// By path.
    pub rows: Vec<PresenceRow>,
}

/// How often a session tries to say something while others take the file away.
const ATTEMPTS: u32 = 50;

/// One process's access to what windows have changed. Opens nothing before it is asked something.
pub struct PresenceDb {
    file: PresenceFile,
    /// The file's version when the pulse was taken last.
    pulse: Option<(i64, u64)>,
}

impl PresenceDb {
    pub fn new(plan: &PlanFolder) -> Self {
        Self { file: PresenceFile::new(plan), pulse: None }
    }

    /// Replaces what the session has said before. Writes nothing when it says the same again.
    pub fn publish(
        &mut self,
        session: &SessionId,
        worktree: &str,
        head: Option<&str>,
        rows: &[PresenceRow],
    ) -> Result<(), StoreError> {
        let mut now = SessionPresence {
            session: session.clone(),
            worktree: worktree.to_owned(),
            head: head.map(str::to_owned),
            rows: rows.to_vec(),
        };
        now.rows.sort_by(|a, b| a.path.cmp(&b.path));
        now.rows.dedup_by(|a, b| a.path == b.path);
        self.pulse = None;
        for _ in 0..ATTEMPTS {
            match self.or_start_again(|presence| presence.replace(&now)) {
                Ok(()) if self.file.is_in_place() => return Ok(()),
                // The last session to leave was taking the file away: what was written is gone with it, ...
                Ok(()) => {}
                // ... or SQLite noticed that nobody would ever find it.
                Err(StoreError::ReadOnly(_)) if !self.file.is_in_place() => self.file.close(),
                failed => return failed,
            }
            pause();
        }
        Err(StoreError::ReadOnly("presence.db can't be written".to_owned()))
    }

    /// The session has gone, or has nothing more to say. The last one takes the file with it.
    pub fn withdraw(&mut self, session: &SessionId) -> Result<(), StoreError> {
        // One's own words don't move the file's version.
        self.pulse = None;
        if !self.file.exists() {
            return Ok(());
        }
        match self.or_start_again(|presence| presence.remove(session)) {
            // Another session was the last to leave in the meantime: ours was not in the file any more.
            Err(StoreError::ReadOnly(_)) if !self.file.is_in_place() => Ok(()),
            answer => answer,
        }
    }

    /// What all sessions have said. Makes no file.
    pub fn all(&mut self) -> Result<Vec<SessionPresence>, StoreError> {
        if !self.file.exists() {
            self.file.close();
            return Ok(Vec::new());
        }
        match self.read_all() {
            Err(StoreError::Corrupt(_) | StoreError::Disk(_)) => Ok(Vec::new()),
            Err(_) if !self.file.exists() => Ok(Vec::new()),
            answer => answer,
        }
    }

    /// A number that is another once another session has said something else or left. Cheap while nobody does.
    pub fn pulse(&mut self, except: Option<&SessionId>) -> Result<u64, StoreError> {
        if !self.file.exists() {
            self.file.close();
            return Ok(0);
        }
        match self.read_pulse(except) {
            Err(StoreError::Corrupt(_) | StoreError::Disk(_)) => Ok(0),
            Err(_) if !self.file.exists() => Ok(0),
            answer => answer,
        }
    }

    fn read_pulse(&mut self, except: Option<&SessionId>) -> Result<u64, StoreError> {
        let patience = self.file.patience();
        let known = self.pulse.filter(|_| self.file.is_in_place());
        let db = self.file.db(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let version = db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get::<_, i64>(0))?;
        if let Some((_, pulse)) = known.filter(|(seen, _)| *seen == version) {
            return Ok(pulse);
        }
        let pulse = until_free(patience, || rows::pulse(db, except))?;
        self.pulse = Some((version, pulse));
        Ok(pulse)
    }

    /// Nothing in a damaged file is worth an error; a disk that failed may be sound the next moment.
    fn or_start_again(
        &mut self,
        mut body: impl FnMut(&mut Self) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match body(self) {
            // Said twice is said once.
            Err(StoreError::Disk(_)) => {
                self.file.close();
                body(self)
            }
            Err(StoreError::Corrupt(_)) => {
                self.file.discard()?;
                body(self)
            }
            answer => answer,
        }
    }

    fn replace(&mut self, now: &SessionPresence) -> Result<(), StoreError> {
        let patience = self.file.patience();
        let db = self.file.db(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        let guard = Guard::write(db, patience)?;
        let before = rows::select(db, Some(&now.session))?;
        if before.first() == Some(now) {
            return Ok(());
        }
        rows::delete(db, &now.session)?;
        rows::insert(db, now)?;
        rows::finish(guard)
    }

    fn remove(&mut self, session: &SessionId) -> Result<(), StoreError> {
        let patience = self.file.patience();
        let db = self.file.db(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let guard = Guard::write(db, patience)?;
        rows::delete(db, session)?;
        let is_last = rows::select(db, None)?.is_empty();
        rows::finish(guard)?;
        if is_last { self.file.remove_if_alone() } else { Ok(()) }
    }

    fn read_all(&mut self) -> Result<Vec<SessionPresence>, StoreError> {
        let patience = self.file.patience();
        let db = self.file.db(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        until_free(patience, || {
            let _guard = Guard::read(db)?;
            rows::select(db, None)
        })
    }
}
