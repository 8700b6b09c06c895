//! What to watch of git itself, and what an event there means.
//!
//! git replaces its files by renaming, so folders are watched and not files; most of what happens in them is noise.

use std::path::{Component, Path, PathBuf};

use crate::worktree::{GitDirs, Worktree};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchPoint {
    pub folder: PathBuf,
    pub recursive: bool,
}

/// What to do about an event at a watch point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GitEvent {
    /// [`ChangeTracker::head_or_index_changed`](crate::ChangeTracker::head_or_index_changed).
    HeadOrIndex,
    /// What is ignored or how files are stored may have changed: [`ChangeTracker::rescan`](crate::ChangeTracker::rescan).
    Rules,
    /// A worktree came or went: [`worktrees`](crate::worktrees()) differs.
    Worktrees,
}

/// Names in a worktree's git directory that say what is checked out, staged or under way.
const HEAD_OR_INDEX: [&str; 8] = [
    "HEAD",
    "index",
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "rebase-merge",
    "rebase-apply",
    "sequencer",
];

const RULES: [&str; 5] =
    ["config", "config.worktree", "info/exclude", "info/attributes", "info/sparse-checkout"];

/// The folders to watch, those that exist. Outside git there are none.
pub fn watch_points(worktree: &Worktree) -> Vec<WatchPoint> {
    let Some(GitDirs { git_dir, common_dir }) = &worktree.git else { return Vec::new() };
    let point = |folder: PathBuf, recursive| WatchPoint { folder, recursive };
    let mut points = vec![
        point(git_dir.clone(), false),
        point(git_dir.join("info"), false),
        point(common_dir.join("refs/heads"), true),
        point(common_dir.join("refs/remotes/origin"), false),
        point(common_dir.join("reftable"), false),
        point(common_dir.join("worktrees"), false),
    ];
    if git_dir != common_dir {
        points.push(point(common_dir.clone(), false));
        points.push(point(common_dir.join("info"), false));
    }
    points.retain(|point| point.folder.is_dir());
    points
}

/// What an event at this path means; `None` for what needs nothing, such as locks.
pub fn git_event(worktree: &Worktree, path: &Path) -> Option<GitEvent> {
    let GitDirs { git_dir, common_dir } = worktree.git.as_ref()?;
    if path.extension().is_some_and(|extension| extension == "lock") {
        return None;
    }
    if let Some(event) = path.strip_prefix(git_dir).ok().and_then(in_own_directory) {
        return Some(event);
    }
    in_common_directory(path.strip_prefix(common_dir).ok()?)
}

fn in_own_directory(inside: &Path) -> Option<GitEvent> {
    if RULES.iter().any(|name| inside == Path::new(name)) {
        return Some(GitEvent::Rules);
    }
    HEAD_OR_INDEX.iter().any(|name| inside == Path::new(name)).then_some(GitEvent::HeadOrIndex)
}

fn in_common_directory(inside: &Path) -> Option<GitEvent> {
    if RULES.iter().any(|name| inside == Path::new(name)) {
        return Some(GitEvent::Rules);
    }
    let names: Vec<&str> = inside.components().filter_map(name).collect();
    match names.as_slice() {
        ["packed-refs"] | ["refs", "heads" | "remotes", ..] | ["reftable", ..] => Some(GitEvent::HeadOrIndex),
        ["worktrees"] | ["worktrees", _] => Some(GitEvent::Worktrees),
        _ => None,
    }
}

fn name(component: Component<'_>) -> Option<&str> {
    component.as_os_str().to_str()
}

/// The same for a watcher that is told of files and filters by itself: folders stand for all below them.
pub fn watched_paths(worktree: &Worktree) -> Vec<PathBuf> {
    let Some(GitDirs { git_dir, common_dir }) = &worktree.git else { return Vec::new() };
    let own = HEAD_OR_INDEX.iter().chain(&RULES).map(|name| git_dir.join(name));
    let shared = ["packed-refs", "refs/heads", "refs/remotes/origin", "reftable"];
    let shared = shared.iter().chain(&RULES).map(|name| common_dir.join(name));
    let mut paths: Vec<PathBuf> = own.chain(shared).collect();
    paths.sort();
    paths.dedup();
    paths
}
