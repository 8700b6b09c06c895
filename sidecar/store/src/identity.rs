//! Whether a path still names the file that was opened: `git clean -fdx` takes a board away under running processes.
//!
//! Asked with `stat` alone. Opening the database outside SQLite would drop this process's locks on it when closed.

use std::{io, path::Path};

/// Names a file, not its path. Can't be mistaken for a later file's as long as the file is held open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileIdentity {
    device: u64,
    file: u64,
    /// In bytes.
    pub length: u64,
}

impl FileIdentity {
    /// `None` when there is nothing under that path.
    pub fn of(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::metadata(path) {
            Ok(found) => Ok(Some(Self::of_metadata(&found))),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    pub fn is_same_file(self, other: Self) -> bool {
        (self.device, self.file) == (other.device, other.file)
    }

    #[cfg(unix)]
    fn of_metadata(found: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { device: found.dev(), file: found.ino(), length: found.len() }
    }

    /// Elsewhere an open database can't be removed, so that the time of its making tells enough.
    #[cfg(not(unix))]
    fn of_metadata(found: &std::fs::Metadata) -> Self {
        let made = found.created().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        let made = made.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX));
        Self { device: 0, file: made, length: found.len() }
    }
}
