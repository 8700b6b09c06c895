//! One look at one path: what a saved file means, told from the index in memory and the file's `stat`.

use std::fs::{self, Metadata};
use std::path::Path;

use super::ChangeKind;
use super::content::{Conversions, Verdict};
use super::index::{EXECUTABLE, IndexCopy, Stat, Tracked};
use super::model::Uncommitted;
use crate::worktree::Worktree;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The work tree has this to say of it now.
    Unstaged(Option<ChangeKind>),
    /// Nothing that an event could tell: it is part of a nested worktree, or in conflict until the index says otherwise.
    NoNews,
    /// It is here and git doesn't track it; whether it is ignored isn't known yet.
    Untracked,
    /// Folders, links, submodules and what else isn't a plain file: git is asked about this path.
    Ask(String),
}

pub(crate) struct Look<'a> {
    pub(crate) worktree: &'a Worktree,
    pub(crate) index: &'a IndexCopy,
    pub(crate) known: &'a Uncommitted,
    pub(crate) conversions: &'a Conversions,
    pub(crate) trusts_mode: bool,
}

impl Look<'_> {
    pub(crate) fn at(&self, path: &str) -> Seen {
        if let Some(seen) = self.above(path) {
            return seen;
        }
        let bytes = path.as_bytes();
        if self.has_anything_below(bytes) {
            return Seen::Ask(path.to_owned());
        }
        let file = self.worktree.root.join(path);
        match (self.index.get(bytes), fs::symlink_metadata(&file)) {
            (Some(entry), _) if entry.is_conflicted() => Seen::NoNews,
            (Some(entry), _) if needs_git(entry) => Seen::Ask(path.to_owned()),
            (Some(entry), Err(_)) => Seen::Unstaged(missing(entry)),
            (Some(entry), Ok(metadata)) => self.compared(path, &file, entry, &metadata),
            (None, Err(_)) => Seen::Unstaged(None),
            (None, Ok(_)) => Seen::Untracked,
        }
    }

    /// A path below a link, a repository or a tracked file is no path of its own: that one is what may have changed.
    fn above(&self, path: &str) -> Option<Seen> {
        for (slash, _) in path.match_indices('/') {
            let above = &path[..slash];
            let folder = self.worktree.root.join(above);
            let known = self.index.get(above.as_bytes()).is_some() || self.known.contains(above.as_bytes());
            if known || folder.is_symlink() {
                return Some(Seen::Ask(above.to_owned()));
            }
            if folder.join(".git").symlink_metadata().is_ok() {
                let nested = self.worktree.is_nested_worktree(Path::new(above));
                return Some(if nested { Seen::NoNews } else { Seen::Ask(above.to_owned()) });
            }
        }
        None
    }

    fn has_anything_below(&self, folder: &[u8]) -> bool {
        self.index.has_below(folder) || self.known.has_below(folder)
    }

    fn compared(&self, path: &str, file: &Path, entry: &Tracked, metadata: &Metadata) -> Seen {
        if !metadata.is_file() || entry.is_outside_sparse_checkout() {
            return Seen::Ask(path.to_owned());
        }
        let stat = Stat::of(metadata);
        if stat == entry.stat && !self.index.is_racy(entry) {
            return Seen::Unstaged(None);
        }
        // Another size is another content, unless git noted zero to say that it didn't look.
        let resized = stat.size != entry.stat.size && entry.stat.size != 0;
        if resized || self.mode_differs(entry, metadata) {
            return Seen::Unstaged(Some(ChangeKind::Modified));
        }
        match self.conversions.verdict(path, file, entry) {
            Verdict::Same => Seen::Unstaged(None),
            Verdict::Different => Seen::Unstaged(Some(ChangeKind::Modified)),
            Verdict::AskGit => Seen::Ask(path.to_owned()),
        }
    }

    #[cfg(unix)]
    fn mode_differs(&self, entry: &Tracked, metadata: &Metadata) -> bool {
        use std::os::unix::fs::MetadataExt;
        self.trusts_mode && (metadata.mode() ^ entry.mode) & EXECUTABLE != 0
    }

    #[cfg(not(unix))]
    fn mode_differs(&self, _entry: &Tracked, _metadata: &Metadata) -> bool {
        false
    }
}

fn needs_git(entry: &Tracked) -> bool {
    !entry.is_regular() || entry.is_only_intended() || entry.is_assumed_valid()
}

/// Files outside a sparse checkout are absent on purpose.
fn missing(entry: &Tracked) -> Option<ChangeKind> {
    (!entry.is_outside_sparse_checkout()).then_some(ChangeKind::Deleted)
}
