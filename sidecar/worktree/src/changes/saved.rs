//! Outside git: there is nothing to compare with, so what was saved here is what changed.

use std::collections::BTreeMap;
use std::path::Path;

use remit_board::path::ProjectPath;

use super::{Change, ChangeKind, Changes};
use crate::worktree::Worktree;

/// The files that this window saved, as its editor told.
#[derive(Clone, Debug, Default)]
pub struct SavedFiles {
    saved: BTreeMap<ProjectPath, ChangeKind>,
}

impl SavedFiles {
    /// Notes a file that was saved, or one that the user deleted. Returns whether that was news.
    pub fn note(&mut self, worktree: &Worktree, path: &ProjectPath) -> bool {
        if worktree.is_board_file(path.as_str().as_bytes()) {
            return false;
        }
        let kind = kind_on_disk(&worktree.absolute(path));
        self.saved.insert(path.clone(), kind) != Some(kind)
    }

    /// For a file whose change is handed over or taken back.
    pub fn forget(&mut self, path: &ProjectPath) -> bool {
        self.saved.remove(path).is_some()
    }

    pub fn changes(&self) -> Changes {
        let list = self.saved.iter().map(|(path, kind)| change(path.clone(), *kind)).collect();
        Changes { list, ..Changes::default() }
    }
}

fn change(path: ProjectPath, kind: ChangeKind) -> Change {
    Change { path, kind, staged: false, unstaged: true, conflicted: false, committed: false }
}

fn kind_on_disk(file: &Path) -> ChangeKind {
    if file.symlink_metadata().is_ok() { ChangeKind::Modified } else { ChangeKind::Deleted }
}
