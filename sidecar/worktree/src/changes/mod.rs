//! What this worktree changed, as far as it can be somebody else's business.
//!
//! Three layers lie over each other: commits since the merge base with the default branch, what is staged, and what lies
//! in the work tree. A rename is two changes, its old path deleted and its new one added: either may have an owner.

mod base;
mod content;
mod full;
mod index;
mod look;
mod model;
mod operation;
mod plan;
mod saved;
mod settings;
mod staged;
mod status;
mod tracker;
mod tracking;

use remit_board::path::ProjectPath;

pub use base::configured_email;
pub(crate) use base::{default_branch, merge_base, paths_of_author};
pub use full::changes;
pub(crate) use index::Stamp;
pub use operation::Operation;
pub use saved::SavedFiles;
pub(crate) use staged::merge_parents;
pub use staged::{index_of_running_commit, staged_changes};
pub use tracker::ChangeTracker;

/// What happened to a path, in its topmost layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    Added,
    Modified,
    Deleted,
    /// New, and git hasn't been told of it.
    Untracked,
    /// Left by a merge, a rebase or a cherry-pick for somebody to resolve.
    Conflicted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: ProjectPath,
    pub kind: ChangeKind,
    /// The index differs from the head.
    pub staged: bool,
    /// The work tree differs from the index.
    pub unstaged: bool,
    pub conflicted: bool,
    /// This repository's user committed it since the merge base.
    pub committed: bool,
}

impl Change {
    /// Whether something of it isn't committed yet.
    pub fn is_uncommitted(&self) -> bool {
        self.staged || self.unstaged || self.conflicted
    }
}

/// Sorted by path. Ignored files, the board's own and nested worktrees are never among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub list: Vec<Change>,
    /// Changed paths that are not UTF-8 or hold control characters: nobody can own them, but they aren't lost in silence.
    pub unreadable: Vec<String>,
    /// While this is under way only conflicted paths count.
    pub operation: Option<Operation>,
}
