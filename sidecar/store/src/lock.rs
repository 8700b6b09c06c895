//! A lock that the operating system takes back when its process dies, however it dies.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
    time::{Duration, Instant},
};

/// Held until dropped. The file stays: removing it would let two processes hold two locks under one name.
///
/// Never for a database file: see `identity`.
#[derive(Debug)]
pub struct FileLock(File);

impl FileLock {
    /// `None` when another process (or another `FileLock` of this one) holds it.
    pub fn try_acquire(path: &Path) -> io::Result<Option<Self>> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// As `try_acquire`, for a lock that others may be asking about: `is_held` takes it for a moment.
    pub fn acquire_within(path: &Path, patience: Duration) -> io::Result<Option<Self>> {
        let deadline = Instant::now() + patience;
        loop {
            match Self::try_acquire(path)? {
                None if Instant::now() < deadline => std::thread::sleep(Duration::from_micros(200)),
                answer => return Ok(answer),
            }
        }
    }

    /// Whether somebody holds it now. Makes no file.
    pub fn is_held(path: &Path) -> io::Result<bool> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Closing the file unlocks it in any case; a child that inherited it would otherwise go on holding it.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert!(!FileLock::is_held(&path).unwrap());
        assert!(!path.exists(), "asking makes no file");

        let held = FileLock::try_acquire(&path).unwrap().expect("nobody holds it");
        assert!(FileLock::is_held(&path).unwrap());
        assert!(FileLock::try_acquire(&path).unwrap().is_none());

        drop(held);
        assert!(!FileLock::is_held(&path).unwrap());
        assert!(FileLock::try_acquire(&path).unwrap().is_some());
    }
}
