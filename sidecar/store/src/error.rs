//! What can go wrong between a decision and the disk, and what the caller is told of it.

use std::{io, path::PathBuf, time::Duration};

use remit_board::failure::{Code, Failure};
use rusqlite::ffi;

/// Each leaves the board as it was, whole; where that isn't certain, the answer is `Outcome::Unknown` instead.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no board in {}", .folder.display())]
    NoBoard { folder: PathBuf },
    #[error("the board was locked by another process for {} s; nothing was changed", .waited.as_secs())]
    Locked { waited: Duration },
    #[error("the disk is full; nothing was changed")]
    DiskFull,
    #[error("the disk reported an error: {0}")]
    Disk(String),
    #[error("the board can't be written here ({0}); nothing was changed")]
    ReadOnly(String),
    #[error(
        "project-plan lies on a network file system ({0}), where the board's log can't be shared; nothing was changed"
    )]
    NetworkDisk(&'static str),
    #[error("project-plan/coordination.db can't be used: {0}; it was left as it is")]
    Corrupt(String),
    #[error("the row {id:?} of the board's table {table} makes no sense ({flaw}); nothing was changed")]
    InvalidRow { table: &'static str, id: String, flaw: String },
    #[error(
        "the board needs a newer remit (its format asks for {needed}, this one knows {known}); nothing was changed"
    )]
    SchemaNewer { needed: u32, known: u32 },
    #[error("events can't be archived ({0}); none was taken from the board")]
    Archive(String),
    #[error("{0}")]
    Defect(String),
}

impl StoreError {
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt(what.into())
    }

    pub(crate) fn io(doing: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly(format!("{doing}: {error}"))
            }
            _ => Self::corrupt(format!("{doing}: {error}")),
        }
    }

    pub(crate) fn is_locked(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }

    fn code(&self) -> Code {
        match self {
            Self::NoBoard { .. } => Code::NoBoard,
            Self::Locked { .. } => Code::Locked,
            Self::DiskFull => Code::DiskFull,
            Self::Disk(_) => Code::DiskError,
            Self::ReadOnly(_) | Self::NetworkDisk(_) | Self::Archive(_) => Code::ReadOnly,
            Self::Corrupt(_) => Code::Corrupt,
            Self::InvalidRow { .. } => Code::InvalidBoard,
            Self::SchemaNewer { .. } => Code::SchemaNewer,
            Self::Defect(_) => Code::Internal,
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::NoBoard { .. } => "`remit bootstrap` makes one",
            Self::Locked { .. } => {
                "try again; if it stays so, look for a stopped `remit` process that has the board open"
            }
            Self::DiskFull => "free some space, then do the same again",
            Self::Disk(_) => {
                "do the same again; if it stays so, look at the disk (its file system may say more in the system's log), and copy \
                 project-plan to a sound one"
            }
            Self::ReadOnly(_) => {
                "reading goes on; to write, run remit as the owner of project-plan and on a file system that is not read-only"
            }
            Self::NetworkDisk(_) => {
                "run `remit serve` on the machine that has the disk and ask it with `remit client --server-url URL`; or let the \
                 machines share the folder with `remit bootstrap --shared-storage true`"
            }
            Self::Corrupt(_) | Self::InvalidRow { .. } => {
                "`remit validate` says more; `remit validate --repair` sets the database aside and rebuilds the board from the files beside it"
            }
            Self::Archive(_) => {
                "look at project-plan/archive; the board itself works, and keeps its events until they can be archived"
            }
            Self::SchemaNewer { .. } => "restart this window, or install the newest remit",
            Self::Defect(_) => "please report this message with `remit --version`",
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Defect(what) => Failure::internal(what),
            error => Failure::new(error.code(), error.to_string()).hint(error.hint()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(code, message) = &error else {
            return not_from_the_disk(&error);
        };
        let said = message.clone().unwrap_or_else(|| code.to_string());
        match code.extended_code {
            // The shared-memory file beside the log could not grow.
            ffi::SQLITE_IOERR_SHMSIZE => return Self::DiskFull,
            ffi::SQLITE_IOERR_SHORT_READ => return Self::corrupt("it ends too early"),
            _ => {}
        }
        match code.extended_code & 0xff {
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_PROTOCOL => {
                Self::Locked { waited: Duration::ZERO }
            }
            ffi::SQLITE_FULL => Self::DiskFull,
            ffi::SQLITE_READONLY | ffi::SQLITE_CANTOPEN | ffi::SQLITE_PERM | ffi::SQLITE_AUTH => {
                Self::ReadOnly(said)
            }
            ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => Self::corrupt(said),
            ffi::SQLITE_IOERR => Self::Disk(format!("{said}; nothing was changed")),
            _ => Self::Defect(format!("SQLite says: {said} (code {})", code.extended_code)),
        }
    }
}

/// A value of another type than its column's, or a statement that does not fit the tables: not ours, or damaged.
fn not_from_the_disk(error: &rusqlite::Error) -> StoreError {
    use rusqlite::Error::*;
    match error {
        FromSqlConversionFailure(..)
        | IntegralValueOutOfRange(..)
        | InvalidColumnType(..)
        | QueryReturnedNoRows => StoreError::corrupt(format!("a value is damaged ({error})")),
        other => StoreError::Defect(format!("SQLite: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(code: i32) -> Failure {
        StoreError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)).into()
    }

    #[test]
    fn each_failure_of_sqlite_has_its_code_and_says_what_to_do() {
        for (code, expected) in [
            (ffi::SQLITE_BUSY_RECOVERY, Code::Locked),
            (ffi::SQLITE_BUSY_SNAPSHOT, Code::Locked),
            (ffi::SQLITE_FULL, Code::DiskFull),
            (ffi::SQLITE_IOERR_SHMSIZE, Code::DiskFull),
            (ffi::SQLITE_READONLY_DIRECTORY, Code::ReadOnly),
            (ffi::SQLITE_CANTOPEN, Code::ReadOnly),
            (ffi::SQLITE_NOTADB, Code::Corrupt),
            (ffi::SQLITE_CORRUPT_INDEX, Code::Corrupt),
            (ffi::SQLITE_IOERR_SHORT_READ, Code::Corrupt),
            (ffi::SQLITE_IOERR_FSYNC, Code::DiskError),
            (ffi::SQLITE_MISUSE, Code::Internal),
        ] {
            let failure = sqlite(code);
            assert_eq!(failure.code, expected, "{code}");
            assert!(failure.hint.is_some(), "{code}");
        }
    }
}
