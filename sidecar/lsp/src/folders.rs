//! What the client has open of the project: it opens and closes folders while the session runs.

use std::path::{Path, PathBuf};

use tower_lsp::ls_types::{WorkspaceFolder, WorkspaceFoldersChangeEvent};

use crate::uri::{Roots, file_path};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folders {
    /// The one that the window was opened for: it counts where no other is open.
    first: PathBuf,
    open: Vec<PathBuf>,
}

impl Folders {
    pub(crate) fn new(first: PathBuf, open: Vec<PathBuf>) -> Self {
        Self { first, open }
    }

    pub(crate) fn change(&mut self, event: &WorkspaceFoldersChangeEvent) {
        let removed = local(&event.removed);
        self.open.retain(|folder| !removed.contains(folder));
        for added in local(&event.added) {
            if !self.open.contains(&added) {
                self.open.push(added);
            }
        }
    }

    /// Reads the disk; not for the task that owns the face.
    pub(crate) fn roots(&self, worktree: &Path) -> Roots {
        match self.open.as_slice() {
            [] => Roots::new(worktree, std::slice::from_ref(&self.first)),
            open => Roots::new(worktree, open),
        }
    }
}

/// Those of `folders` that lie on this machine.
pub(crate) fn local(folders: &[WorkspaceFolder]) -> Vec<PathBuf> {
    folders.iter().filter_map(|folder| file_path(&folder.uri)).collect()
}
