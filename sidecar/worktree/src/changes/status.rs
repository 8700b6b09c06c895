//! git's answers about the index and the work tree, read into layers.

use std::path::PathBuf;

use super::ChangeKind;
use super::model::{Layers, Uncommitted};
use crate::error::{Result, WorktreeError};
use crate::git::{Git, fields};
use crate::worktree::Worktree;

/// `status` as it is always asked; the shape of its answer depends on no configuration.
const STATUS: [&str; 4] = ["status", "--porcelain=v2", "-z", "--no-renames"];

/// A gitlink: a submodule, or a worktree that somebody added by mistake.
const GITLINK: &[u8] = b"160000";

/// What tracked files say.
pub(crate) fn tracked(worktree: &Worktree, git: &Git) -> Result<Uncommitted> {
    let answer = git.run(&[STATUS.as_slice(), &["-uno"]].concat())?;
    parse_status(worktree, &answer)
}

pub(crate) fn untracked(worktree: &Worktree, git: &Git) -> Result<Uncommitted> {
    let answer = git.run(&["ls-files", "-z", "--others", "--exclude-standard"])?;
    let mut found = Uncommitted::default();
    for path in fields(&answer) {
        add_untracked(worktree, &mut found, path);
    }
    Ok(found)
}

/// What both say, of these paths and what is below them.
pub(crate) fn of_paths(worktree: &Worktree, git: &Git, paths: &[&str]) -> Result<Uncommitted> {
    let answer = git.run(&[&["--literal-pathspecs"], STATUS.as_slice(), &["-uall", "--"], paths].concat())?;
    parse_status(worktree, &answer)
}

pub(crate) fn conflicted(worktree: &Worktree, git: &Git) -> Result<Uncommitted> {
    let answer = git.run(&["ls-files", "-z", "--unmerged"])?;
    let mut found = Uncommitted::default();
    for entry in fields(&answer) {
        let path = entry.splitn(2, |&byte| byte == b'\t').nth(1).ok_or_else(|| unknown("ls-files", entry))?;
        add(worktree, &mut found, path, Layers::CONFLICTED);
    }
    Ok(found)
}

fn parse_status(worktree: &Worktree, answer: &[u8]) -> Result<Uncommitted> {
    let mut found = Uncommitted::default();
    for entry in fields(answer) {
        match entry.first() {
            Some(b'1') => add_ordinary(worktree, &mut found, entry)?,
            Some(b'u') => add(worktree, &mut found, nth_and_rest(entry, 10)?, Layers::CONFLICTED),
            Some(b'?') => add_untracked(worktree, &mut found, nth_and_rest(entry, 1)?),
            _ => return Err(unknown("status", entry)),
        }
    }
    Ok(found)
}

/// `1 XY sub mH mI mW hH hI path`
fn add_ordinary(worktree: &Worktree, found: &mut Uncommitted, entry: &[u8]) -> Result<()> {
    let path = nth_and_rest(entry, 8)?;
    let mut columns = entry.split(|&byte| byte == b' ').skip(1);
    let letters = columns.next().unwrap_or_default();
    let &[staged, unstaged] = letters else { return Err(unknown("status", entry)) };
    let is_link = columns.skip(1).take(3).any(|mode| mode == GITLINK);
    if !(is_link && is_nested_worktree(worktree, path)) {
        let layers = Layers { staged: kind(staged), unstaged: kind(unstaged), conflicted: false };
        add(worktree, found, path, layers);
    }
    Ok(())
}

/// git names a repository in the tree by its folder, with a slash at the end, and never looks into it.
fn add_untracked(worktree: &Worktree, found: &mut Uncommitted, path: &[u8]) {
    let layers = Layers { unstaged: Some(ChangeKind::Untracked), ..Layers::default() };
    match path.strip_suffix(b"/") {
        Some(folder) if is_nested_worktree(worktree, folder) => {}
        Some(folder) => add(worktree, found, folder, layers),
        None => add(worktree, found, path, layers),
    }
}

fn add(worktree: &Worktree, found: &mut Uncommitted, path: &[u8], layers: Layers) {
    if !worktree.is_board_file(path) {
        found.merge(path.to_owned(), layers);
    }
}

fn is_nested_worktree(worktree: &Worktree, path: &[u8]) -> bool {
    os_path(path).is_some_and(|path| worktree.is_nested_worktree(&path))
}

#[cfg(unix)]
pub(crate) fn os_path(path: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(path)))
}

#[cfg(not(unix))]
pub(crate) fn os_path(path: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(path).ok().map(PathBuf::from)
}

pub(crate) fn kind(letter: u8) -> Option<ChangeKind> {
    match letter {
        b'.' => None,
        b'A' => Some(ChangeKind::Added),
        b'D' => Some(ChangeKind::Deleted),
        b'U' => Some(ChangeKind::Conflicted),
        _ => Some(ChangeKind::Modified),
    }
}

/// A path may hold spaces, so only so many of them part columns.
fn nth_and_rest(entry: &[u8], columns: usize) -> Result<&[u8]> {
    entry.splitn(columns + 1, |&byte| byte == b' ').nth(columns).ok_or_else(|| unknown("status", entry))
}

fn unknown(command: &'static str, entry: &[u8]) -> WorktreeError {
    WorktreeError::GitAnswer { command, answer: String::from_utf8_lossy(entry).into_owned() }
}
