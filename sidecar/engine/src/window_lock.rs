//! A window lives as long as its sidecar holds an OS lock: a killed process lets go of it by dying.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use remit_board::ids::{HostId, WindowId};
use sha2::{Digest, Sha256};

/// Held for the life of a window. The file stays; the lock goes with the process.
#[derive(Debug)]
pub struct WindowLock {
    _file: File,
    pub window: WindowId,
}

/// Somebody may be asking just now whether the window lives, and hold its lock for that moment.
const ASKED_PATIENCE: Duration = Duration::from_millis(4);

/// The window's last sidecar may be leaving. Even when it has ended, a process that it was starting holds a copy of its lock until it
/// has become another program. Who takes another id too early loses what the window holds.
const OLD_ID_PATIENCE: Duration = Duration::from_millis(500);

/// The lowest free slot of a folder: two windows on one folder are two.
const SLOTS: std::ops::RangeInclusive<u32> = 1..=999;

impl WindowLock {
    /// Takes the window's old id unless another live window keeps it, else the lowest free slot of its folder.
    pub fn take(board: &Path, host: &HostId, folder: &Path, hint: Option<&WindowId>) -> io::Result<Self> {
        let locks = locks_folder(board);
        fs::create_dir_all(&locks)?;
        if let Some(hint) = hint
            && let Some(lock) = try_take(&locks, host, hint, OLD_ID_PATIENCE)?
        {
            return Ok(lock);
        }
        for slot in SLOTS {
            if let Some(lock) = try_take(&locks, host, &slot_id(host, folder, slot), ASKED_PATIENCE)? {
                return Ok(lock);
            }
        }
        Err(io::Error::other("there are too many windows on this folder"))
    }
}

/// `host:worktree#n`.
pub fn slot_id(host: &HostId, folder: &Path, slot: u32) -> WindowId {
    let text: String = folder.to_string_lossy().chars().filter(|c| !c.is_control()).collect();
    let long = text.chars().count().saturating_sub(150);
    let text: String = text.chars().skip(long).collect();
    let host: String = host.as_str().chars().take(80).collect();
    format!("{host}:{text}#{slot}").parse().expect("host, folder and slot are within a window id's bounds")
}

/// Whether some process holds the window now.
pub fn is_live(board: &Path, host: &HostId, window: &WindowId) -> bool {
    let Ok(file) = File::open(lock_file(&locks_folder(board), host, window)) else { return false };
    // A shared lock that can be had shows that nobody has the exclusive one; it goes at once.
    matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock))
}

fn locks_folder(board: &Path) -> PathBuf {
    board.join("windows")
}

fn lock_file(locks: &Path, host: &HostId, window: &WindowId) -> PathBuf {
    let mut hasher = Sha256::new();
    hasher.update(host.as_str().as_bytes());
    hasher.update([0]);
    hasher.update(window.as_str().as_bytes());
    let name: String = hasher.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    locks.join(name)
}

fn try_take(
    locks: &Path,
    host: &HostId,
    window: &WindowId,
    patience: Duration,
) -> io::Result<Option<WindowLock>> {
    let path = lock_file(locks, host, window);
    let file = OpenOptions::new().create(true).truncate(false).write(true).read(true).open(path)?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(WindowLock { _file: file, window: window.clone() })),
            Err(fs::TryLockError::WouldBlock) if begun.elapsed() >= patience => return Ok(None),
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_micros(200)),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_waits_for_its_old_id_while_the_last_sidecar_leaves() {
        let board = tempfile::tempdir().unwrap();
        let host: HostId = "h".parse().unwrap();
        let folder = Path::new("/repo");
        let old = WindowLock::take(board.path(), &host, folder, None).unwrap();
        let id = old.window.clone();
        let (locks, hint) = (board.path(), &id);
        let next = std::thread::scope(|scope| {
            let next = scope.spawn(|| WindowLock::take(locks, &host, folder, Some(hint)).unwrap());
            std::thread::sleep(ASKED_PATIENCE * 5);
            drop(old);
            next.join().unwrap()
        });
        assert_eq!(next.window, id);
    }

    #[test]
    fn two_windows_on_one_folder_are_two_and_a_freed_slot_is_taken_again() {
        let board = tempfile::tempdir().unwrap();
        let host: HostId = "h".parse().unwrap();
        let folder = Path::new("/repo");
        let take = |hint: Option<&WindowId>| WindowLock::take(board.path(), &host, folder, hint).unwrap();
        let one = take(None);
        let two = take(None);
        assert_eq!((one.window.as_str(), two.window.as_str()), ("h:/repo#1", "h:/repo#2"));
        assert!(is_live(board.path(), &host, &one.window));
        let freed = one.window.clone();
        drop(one);
        assert!(!is_live(board.path(), &host, &freed));
        let again = take(Some(&freed));
        assert_eq!(again.window, freed);
        assert_eq!(
            take(Some(&two.window)).window.as_str(),
            "h:/repo#3",
            "a hint that lives elsewhere is not taken"
        );
    }
}
