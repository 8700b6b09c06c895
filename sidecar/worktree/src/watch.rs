//! What to watch of git itself, so that commits, switches, stagings and new rules are noticed without asking.

use std::path::{Path, PathBuf};

use crate::worktree::{GitDirs, Worktree};

/// In a worktree's git directory: what is checked out, staged or under way.
const OWN: [&str; 9] = [
    "HEAD",
    "index",
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "rebase-merge",
    "rebase-apply",
    "sequencer",
    "config.worktree",
];

/// In the common one: where branches stand.
const COMMON: [&str; 4] = ["packed-refs", "refs/heads", "refs/remotes/origin", "reftable"];

/// What is ignored, and how files are stored: with these, any path may read differently.
const RULES: [&str; 3] = ["config", "info/exclude", "info/attributes"];

/// The files and folders of git after whose change
/// [`head_or_index_changed`](crate::ChangeTracker::head_or_index_changed) is to be called. Some aren't there at any given
/// time, and git replaces the others by renaming: watch their folders. Locks among them mean nothing.
pub fn watched_paths(worktree: &Worktree) -> Vec<PathBuf> {
    let Some(GitDirs { git_dir, common_dir }) = &worktree.git else { return Vec::new() };
    let own = OWN.iter().map(|name| git_dir.join(name));
    let common = COMMON.iter().map(|name| common_dir.join(name));
    own.chain(common).chain(rules(git_dir, common_dir)).collect()
}

pub(crate) fn rules(git_dir: &Path, common_dir: &Path) -> impl Iterator<Item = PathBuf> {
    let own = ["info/sparse-checkout", "config.worktree"].map(|name| git_dir.join(name));
    let common = RULES.map(|name| common_dir.join(name));
    common.into_iter().chain(own)
}
