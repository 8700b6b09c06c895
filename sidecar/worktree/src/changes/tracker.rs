//! A worktree's changes, kept current by file events: one full scan, and after it a look at the named paths only.

use remit_board::path::ProjectPath;

use super::tracking::Tracking;
use super::{Changes, SavedFiles};
use crate::error::Result;
use crate::worktree::Worktree;

/// At every moment its answer is the one that a full scan would give, as far as the events told of what happened.
pub struct ChangeTracker {
    worktree: Worktree,
    source: Source,
}

enum Source {
    Git(Box<Tracking>),
    /// Outside git.
    Saved(SavedFiles),
}

impl ChangeTracker {
    /// Makes one full scan.
    pub fn start(worktree: Worktree) -> Result<Self> {
        let source = match &worktree.git {
            Some(dirs) => Source::Git(Box::new(Tracking::start(&worktree, dirs.clone())?)),
            None => Source::Saved(SavedFiles::default()),
        };
        Ok(Self { worktree, source })
    }

    pub fn worktree(&self) -> &Worktree {
        &self.worktree
    }

    pub fn changes(&self) -> Changes {
        match &self.source {
            Source::Git(tracking) => tracking.changes(),
            Source::Saved(saved) => saved.changes(),
        }
    }

    /// Looks at the paths that file events name: files or folders, made, saved, renamed or deleted. Returns whether the
    /// changes differ from before. Outside git, the paths are taken for saved by the user.
    pub fn refresh_paths(&mut self, paths: &[ProjectPath]) -> Result<bool> {
        match &mut self.source {
            Source::Git(tracking) => tracking.refresh(&self.worktree, paths),
            Source::Saved(saved) => {
                Ok(paths.iter().fold(false, |news, path| saved.note(&self.worktree, path) | news))
            }
        }
    }

    /// For events at the [watched paths](crate::watch): does nothing where git only touched its files, and otherwise what
    /// is needed, up to a full scan. Returns whether the changes differ from before.
    pub fn head_or_index_changed(&mut self) -> Result<bool> {
        match &mut self.source {
            Source::Git(tracking) => tracking.catch_up(&self.worktree),
            Source::Saved(_) => Ok(false),
        }
    }

    /// For when events were lost, or the user's own rules changed. Returns whether the changes differ from before.
    pub fn rescan(&mut self) -> Result<bool> {
        match &mut self.source {
            Source::Git(tracking) => tracking.rescan(&self.worktree),
            Source::Saved(_) => Ok(false),
        }
    }
}
