//! The layers of change as they are kept in memory, keyed by the bytes that git uses for a path.

use std::collections::BTreeMap;
use std::ops::Bound;

use remit_board::path::ProjectPath;

use super::{Change, ChangeKind, Changes, Operation};
use crate::worktree::is_at_or_below;

/// What the index and the work tree say about one path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layers {
    pub(crate) staged: Option<ChangeKind>,
    pub(crate) unstaged: Option<ChangeKind>,
    pub(crate) conflicted: bool,
}

impl Layers {
    pub(crate) const CONFLICTED: Self = Self { staged: None, unstaged: None, conflicted: true };

    fn is_empty(self) -> bool {
        self == Self::default()
    }

    fn kind(self) -> Option<ChangeKind> {
        if self.conflicted {
            return Some(ChangeKind::Conflicted);
        }
        match (self.staged, self.unstaged) {
            // A new file that was staged and edited again is still new.
            (Some(ChangeKind::Added), Some(ChangeKind::Modified)) => Some(ChangeKind::Added),
            (staged, unstaged) => unstaged.or(staged),
        }
    }
}

pub(crate) type Committed = BTreeMap<Vec<u8>, ChangeKind>;

/// Everything not committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Uncommitted {
    paths: BTreeMap<Vec<u8>, Layers>,
}

impl Uncommitted {
    /// Two reports may speak of one path: it can be staged as deleted and lie there untracked.
    pub(crate) fn merge(&mut self, path: Vec<u8>, report: Layers) {
        let layers = self.paths.entry(path).or_default();
        layers.staged = report.staged.or(layers.staged);
        layers.unstaged = report.unstaged.or(layers.unstaged);
        layers.conflicted |= report.conflicted;
    }

    pub(crate) fn absorb(&mut self, other: Self) {
        for (path, layers) in other.paths {
            self.merge(path, layers);
        }
    }

    /// Puts a whole report in the place of what was known of its paths.
    pub(crate) fn replace(&mut self, report: Self) {
        self.paths.extend(report.paths);
    }

    pub(crate) fn set_unstaged(&mut self, path: &[u8], kind: Option<ChangeKind>) {
        let layers = Layers { unstaged: kind, ..self.get(path) };
        if layers.is_empty() {
            self.paths.remove(path);
        } else {
            self.paths.insert(path.to_owned(), layers);
        }
    }

    pub(crate) fn get(&self, path: &[u8]) -> Layers {
        self.paths.get(path).copied().unwrap_or_default()
    }

    pub(crate) fn contains(&self, path: &[u8]) -> bool {
        self.paths.contains_key(path)
    }

    pub(crate) fn has_below(&self, folder: &[u8]) -> bool {
        self.range_below(folder).next().is_some()
    }

    pub(crate) fn forget_at_or_below(&mut self, path: &[u8]) {
        let doomed: Vec<Vec<u8>> = self.range_below(path).cloned().collect();
        self.paths.remove(path);
        for path in doomed {
            self.paths.remove(&path);
        }
    }

    fn range_below<'a>(&'a self, folder: &'a [u8]) -> impl Iterator<Item = &'a Vec<u8>> {
        let start = [folder, b"/"].concat();
        let from = (Bound::Excluded(start), Bound::Unbounded);
        self.paths.range(from).map(|(path, _)| path).take_while(move |path| is_at_or_below(path, folder))
    }
}

/// Lays the layers over each other.
pub(crate) fn overlay(
    uncommitted: &Uncommitted,
    committed: &Committed,
    operation: Option<Operation>,
) -> Changes {
    let mut merged: BTreeMap<&[u8], (Layers, Option<ChangeKind>)> = BTreeMap::new();
    for (path, layers) in &uncommitted.paths {
        merged.entry(path).or_default().0 = *layers;
    }
    for (path, kind) in committed {
        merged.entry(path).or_default().1 = Some(*kind);
    }
    let mut changes = Changes { operation, ..Changes::default() };
    for (path, (layers, committed)) in merged {
        match project_path(path) {
            Some(path) => changes.list.extend(change(path, layers, committed)),
            None => changes.unreadable.push(String::from_utf8_lossy(path).into_owned()),
        }
    }
    changes
}

fn change(path: ProjectPath, layers: Layers, committed: Option<ChangeKind>) -> Option<Change> {
    let kind = layers.kind().or(committed)?;
    Some(Change {
        path,
        kind,
        staged: layers.staged.is_some(),
        unstaged: layers.unstaged.is_some(),
        conflicted: layers.conflicted,
        committed: committed.is_some(),
    })
}

fn project_path(path: &[u8]) -> Option<ProjectPath> {
    ProjectPath::parse(std::str::from_utf8(path).ok()?).ok()
}
