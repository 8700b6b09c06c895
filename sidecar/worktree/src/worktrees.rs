//! All worktrees of a repository, so that each can be shown, asked, and told from the others.

use std::fs;
use std::path::Path;

use crate::discover::{Main, main_worktree, work_tree_of_linked};
use crate::error::Result;
use crate::locate::Place;
use crate::refs::Head;
use crate::worktree::{GitDirs, Worktree};

/// One of a repository's worktrees, whether or not its folder is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorktreeInfo {
    pub worktree: Worktree,
    /// The main worktree's folder name, or the name under which git knows a linked one.
    pub name: String,
    /// Empty outside git, and where the head can't be read.
    pub head: Head,
    pub is_main: bool,
    /// Why it is locked; an empty text where no reason was given.
    pub locked: Option<String>,
    /// Its folder is gone.
    pub missing: bool,
}

impl WorktreeInfo {
    /// Whether `git worktree prune` would forget it.
    pub fn is_prunable(&self) -> bool {
        self.missing && self.locked.is_none()
    }
}

/// The main worktree first, then the linked ones by name. Outside git: the project's root alone.
pub fn worktrees(place: &Place) -> Result<Vec<WorktreeInfo>> {
    let Some(common_dir) = &place.common_dir else {
        return Ok(place.worktree.iter().cloned().map(outside_git).collect());
    };
    let mut all: Vec<WorktreeInfo> = main_of(place, common_dir).into_iter().collect();
    all.extend(linked_names(common_dir).iter().filter_map(|name| linked(place, common_dir, name)));
    Ok(all)
}

fn outside_git(worktree: Worktree) -> WorktreeInfo {
    let name = folder_name(&worktree.root);
    WorktreeInfo { worktree, name, head: Head::default(), is_main: true, locked: None, missing: false }
}

fn main_of(place: &Place, common_dir: &Path) -> Option<WorktreeInfo> {
    let here = place.worktree.as_ref().filter(|worktree| worktree.is_main()).map(|worktree| &worktree.root);
    let root = match main_worktree(common_dir, here.map(|root| root.as_path())) {
        Main::At(root) => root,
        Main::Bare | Main::Unknown => return None,
    };
    let git = GitDirs { git_dir: common_dir.to_owned(), common_dir: common_dir.to_owned() };
    Some(WorktreeInfo {
        head: git.refs().head(common_dir).unwrap_or_default(),
        name: folder_name(&root),
        missing: !root.is_dir(),
        worktree: Worktree::new(root, Some(git), &place.board_root),
        is_main: true,
        locked: None,
    })
}

fn linked(place: &Place, common_dir: &Path, name: &str) -> Option<WorktreeInfo> {
    let git_dir = common_dir.join("worktrees").join(name);
    let root = work_tree_of_linked(&git_dir)?;
    let missing = !root.join(".git").exists();
    let locked = fs::read_to_string(git_dir.join("locked")).ok().map(|reason| reason.trim().to_owned());
    let git = GitDirs { git_dir, common_dir: common_dir.to_owned() };
    Some(WorktreeInfo {
        head: git.refs().head(&git.git_dir).unwrap_or_default(),
        name: name.to_owned(),
        worktree: Worktree::new(root, Some(git), &place.board_root),
        is_main: false,
        locked,
        missing,
    })
}

fn linked_names(common_dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(common_dir.join("worktrees")).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

fn folder_name(root: &Path) -> String {
    root.file_name().unwrap_or(root.as_os_str()).to_string_lossy().into_owned()
}
