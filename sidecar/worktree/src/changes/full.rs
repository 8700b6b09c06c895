//! A full look at a worktree: for the start, for one-shot commands, and for when events were lost.

use std::thread;

use super::base::committed;
use super::model::{Committed, Uncommitted, overlay};
use super::{Changes, Operation, status};
use crate::error::Result;
use crate::git::Git;
use crate::worktree::{GitDirs, Worktree};

/// Everything that this worktree changed. Outside git nothing can be compared: there, saved files are all there is.
pub fn changes(worktree: &Worktree) -> Result<Changes> {
    match &worktree.git {
        Some(dirs) => scan(worktree, dirs).map(|scan| scan.changes()),
        None => Ok(Changes::default()),
    }
}

pub(crate) struct FullScan {
    pub(crate) uncommitted: Uncommitted,
    pub(crate) committed: Committed,
    pub(crate) operation: Option<Operation>,
}

impl FullScan {
    fn changes(&self) -> Changes {
        overlay(&self.uncommitted, &self.committed, self.operation)
    }
}

/// Tracked files, untracked files and commits are three questions that don't wait for each other. `git status -uall` asks
/// the first two one after the other and takes longer.
pub(crate) fn scan(worktree: &Worktree, dirs: &GitDirs) -> Result<FullScan> {
    let git = Git::inside(worktree);
    let operation = Operation::under_way(&dirs.git_dir);
    if operation.is_some() {
        let uncommitted = status::conflicted(worktree, &git)?;
        return Ok(FullScan { uncommitted, committed: Committed::new(), operation });
    }
    let head = dirs.refs().head(&dirs.git_dir)?.oid;
    let (tracked, untracked, committed) = thread::scope(|scope| {
        let untracked = scope.spawn(|| status::untracked(worktree, &git));
        let committed = scope.spawn(|| committed(worktree, &git, head.as_deref()));
        (status::tracked(worktree, &git), joined(untracked), joined(committed))
    });
    let mut uncommitted = tracked?;
    uncommitted.absorb(untracked?);
    Ok(FullScan { uncommitted, committed: committed?, operation })
}

/// A thread that panicked has found a defect; it goes on here.
pub(crate) fn joined<T>(handle: thread::ScopedJoinHandle<'_, T>) -> T {
    handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
