//! Where the board is and whose files are looked at: the first question of every command.
//!
//! All linked worktrees, subfolders and windows of one repository must meet on one board, whatever their layout.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::discover::{Repository, canonical, discover};
use crate::error::{Result, WorktreeError};
use crate::worktree::{BOARD_DATABASE, BOARD_FOLDER, GitDirs, Worktree};

/// A board, and the worktree from which changes are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder in which `project-plan/` lives.
    pub board_root: PathBuf,
    /// The common git directory of the repository that is worked on; `None` outside git.
    pub common_dir: Option<PathBuf>,
    /// `None` in a bare repository, which has no files to change.
    pub worktree: Option<Worktree>,
}

/// Finds the board from the folder that a command runs in, and from `--project-root` where that is given.
///
/// `project_root` locates the board only: changes are still read from the current folder's worktree when that belongs to
/// the same repository.
pub fn locate(current: &Path, project_root: Option<&Path>) -> Result<Place> {
    let current = existing_folder(current)?;
    let Some(named) = project_root else {
        let repository = discover(&current)?;
        return place(&current, repository.clone(), repository);
    };
    let named = existing_folder(&current.join(named))?;
    let board_side = discover(&named)?;
    // A broken repository around the current folder is no concern of a board that was named.
    let mine = discover(&current).ok().flatten();
    let reading =
        mine.filter(|mine| same_repository(mine, board_side.as_ref())).or_else(|| board_side.clone());
    place(&named, board_side, reading)
}

impl Place {
    pub fn board_folder(&self) -> PathBuf {
        self.board_root.join(BOARD_FOLDER)
    }

    /// Where this worktree's private state is kept, such as lease tokens: in its git directory, where git never looks.
    pub fn state_dir(&self) -> Result<PathBuf> {
        let git_dir = self.worktree.as_ref().and_then(|w| w.git.as_ref()).map(|git| &git.git_dir);
        match git_dir.or(self.common_dir.as_ref()) {
            Some(git_dir) => Ok(git_dir.join("remit")),
            None => user_state_dir(&self.board_root),
        }
    }

    /// The same of every worktree of the repository, whether there is anything in it or not.
    pub fn state_dirs(&self) -> Vec<PathBuf> {
        let linked = self.common_dir.iter().flat_map(|git| fs::read_dir(git.join("worktrees")));
        let linked = linked.flatten().flatten().map(|entry| entry.path().join("remit"));
        let main = self.common_dir.iter().map(|git| git.join("remit"));
        let mut dirs: Vec<PathBuf> = main.chain(linked).chain(self.state_dir().ok()).collect();
        dirs.sort();
        dirs.dedup();
        dirs
    }
}

fn place(asked: &Path, board_side: Option<Repository>, reading: Option<Repository>) -> Result<Place> {
    let board_root = match &board_side {
        _ if has_board(asked) => asked.to_owned(),
        Some(repository) => repository.board_root()?,
        None => asked.ancestors().find(|folder| has_board(folder)).unwrap_or(asked).to_owned(),
    };
    let common_dir = reading.as_ref().map(|repository| repository.common_dir.clone());
    let worktree = match reading {
        Some(repository) => worktree_of(repository, &board_root),
        None => Some(Worktree::new(board_root.clone(), None, &board_root)),
    };
    Ok(Place { board_root, common_dir, worktree })
}

fn worktree_of(repository: Repository, board_root: &Path) -> Option<Worktree> {
    let Repository { git_dir, common_dir, work_tree, .. } = repository;
    work_tree.map(|root| Worktree::new(root, Some(GitDirs { git_dir, common_dir }), board_root))
}

fn same_repository(mine: &Repository, board_side: Option<&Repository>) -> bool {
    mine.work_tree.is_some() && board_side.is_some_and(|theirs| theirs.common_dir == mine.common_dir)
}

/// By a look at the folder only: opening the database would drop this process's locks on it.
fn has_board(folder: &Path) -> bool {
    folder.join(BOARD_FOLDER).join(BOARD_DATABASE).symlink_metadata().is_ok()
}

fn existing_folder(folder: &Path) -> Result<PathBuf> {
    let found = canonical(folder).map_err(|_| WorktreeError::NoSuchFolder(folder.to_owned()))?;
    if found.is_dir() { Ok(found) } else { Err(WorktreeError::NoSuchFolder(found)) }
}

/// Outside git there is no directory that is private to the worktree, so the user's own one stands in.
fn user_state_dir(root: &Path) -> Result<PathBuf> {
    let digest = Sha256::digest(root.as_os_str().as_encoded_bytes());
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(user_state_home()?.join("remit").join(name))
}

fn user_state_home() -> Result<PathBuf> {
    // The specification says that a relative value is to be ignored.
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    set("XDG_STATE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/state")))
        .or_else(|| set("LOCALAPPDATA"))
        .ok_or(WorktreeError::NoStateFolder)
}
