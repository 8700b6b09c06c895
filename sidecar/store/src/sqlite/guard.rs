//! A transaction that ends by itself on every way out.

use std::time::Duration;

use rusqlite::{Connection, ffi};

use super::retry::until_free;
use crate::error::StoreError;

/// Rolls back when dropped, unless SQLite has done so already, as it does on a full disk.
pub(crate) struct Guard<'c> {
    db: &'c Connection,
    patience: Duration,
}

pub(crate) enum CommitError {
    /// Nothing was written.
    Failed(StoreError),
    /// The disk failed at the moment of writing: it may be there or not.
    Unknown,
}

impl<'c> Guard<'c> {
    /// Takes the write lock at once: a reading transaction that turned to writing would fail whenever somebody else
    /// had committed in between, however long it waited.
    pub fn write(db: &'c Connection, patience: Duration) -> Result<Self, StoreError> {
        until_free(patience, || Ok(db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?))?;
        Ok(Self { db, patience })
    }

    pub fn read(db: &'c Connection) -> Result<Self, StoreError> {
        db.prepare_cached("BEGIN")?.execute([])?;
        Ok(Self { db, patience: Duration::ZERO })
    }

    pub fn commit(self) -> Result<(), CommitError> {
        let committed = until_free(self.patience, || match self.db.prepare_cached("COMMIT")?.execute([]) {
            Err(error) if is_io(&error) => Ok(false),
            Err(error) => Err(error.into()),
            Ok(_) => Ok(true),
        });
        match committed {
            Ok(true) => Ok(()),
            Ok(false) => Err(CommitError::Unknown),
            Err(error) => Err(CommitError::Failed(error)),
        }
    }
}

/// Also when it is the log's index that can't grow: the commit may stand in the log already, for whoever reads it after a
/// crash.
fn is_io(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code & 0xff == ffi::SQLITE_IOERR)
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if !self.db.is_autocommit() {
            // Nobody is left to tell, and what was not committed is gone with the connection at the latest.
            let _ = self.db.prepare_cached("ROLLBACK").and_then(|mut rollback| rollback.execute([]));
        }
    }
}
