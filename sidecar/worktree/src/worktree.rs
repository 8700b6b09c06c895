//! One worktree: where its files and its git directory are, and how its paths are written.

use std::path::{Path, PathBuf};

use remit_board::path::ProjectPath;

use crate::discover::{canonical, is_worktree_of, normalized};
use crate::error::{Result, WorktreeError};
use crate::refs::{self, Head, Refs};

/// The folder that holds the board's files. Nothing in it is ever anybody's change.
pub const BOARD_FOLDER: &str = "project-plan";

/// The database whose presence makes a folder a board.
pub const BOARD_DATABASE: &str = "coordination.db";

/// A folder in which people work. Outside git it is the project's root itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worktree {
    pub root: PathBuf,
    /// `None` outside git.
    pub git: Option<GitDirs>,
    /// The board's folder, written as git writes paths, where it lies below the root but not directly.
    pub(crate) board_below: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitDirs {
    /// This worktree's own; where its head, its index and its private state are.
    pub git_dir: PathBuf,
    /// What all worktrees of the repository share.
    pub common_dir: PathBuf,
}

impl GitDirs {
    pub(crate) fn refs(&self) -> Refs {
        Refs::of(&self.common_dir)
    }
}

impl Worktree {
    pub(crate) fn new(root: PathBuf, git: Option<GitDirs>, board_root: &Path) -> Self {
        let board_below = board_below(&root, board_root);
        Self { root, git, board_below }
    }

    /// Whether this is the repository's main worktree. A folder outside git is its own.
    pub fn is_main(&self) -> bool {
        self.git.as_ref().is_none_or(|git| git.git_dir == git.common_dir)
    }

    /// What it has checked out; `None` outside git.
    pub fn head(&self) -> Result<Option<Head>> {
        self.git.as_ref().map(|git| git.refs().head(&git.git_dir)).transpose()
    }

    /// The branch's name, by reading one small file; `None` with a detached head and outside git.
    pub fn head_branch(&self) -> Result<Option<String>> {
        self.git.as_ref().map_or(Ok(None), |git| refs::branch_of(&git.git_dir))
    }

    /// The project path of a file or folder that a person or an editor named, relative to `current` or absolute.
    ///
    /// Symbolic links are resolved inside the project and never followed out of it.
    pub fn project_path(&self, current: &Path, named: &Path) -> Result<ProjectPath> {
        let absolute = normalized(&current.join(named));
        let inside = match absolute.strip_prefix(&self.root) {
            Ok(relative) if !self.has_link_above(relative) => relative.to_owned(),
            _ => self.resolved_relative(&absolute)?,
        };
        if inside.as_os_str().is_empty() {
            return Err(WorktreeError::ProjectRoot(absolute));
        }
        let text = inside.to_str().ok_or_else(|| WorktreeError::NotUtf8(absolute.clone()))?;
        Ok(ProjectPath::parse(&with_slashes(text))?)
    }

    /// Where a project path is on this disk.
    pub fn absolute(&self, path: &ProjectPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    fn has_link_above(&self, relative: &Path) -> bool {
        relative.ancestors().skip(1).any(|above| self.root.join(above).is_symlink() && above != Path::new(""))
    }

    /// The last segment stays as named: a link is a path of its own.
    fn resolved_relative(&self, absolute: &Path) -> Result<PathBuf> {
        let outside = || WorktreeError::OutsideProject { path: absolute.to_owned(), root: self.root.clone() };
        let (folder, name) = absolute.parent().zip(absolute.file_name()).ok_or_else(outside)?;
        let resolved = resolved_existing_part(folder).join(name);
        resolved.strip_prefix(&self.root).map(Path::to_owned).map_err(|_| outside())
    }

    /// Paths that are never anybody's change: the board's own files.
    pub(crate) fn is_board_file(&self, path: &[u8]) -> bool {
        is_at_or_below(path, BOARD_FOLDER.as_bytes())
            || self.board_below.as_ref().is_some_and(|board| is_at_or_below(path, board.as_bytes()))
    }

    /// A worktree of this very repository that lies in the tree has a session and changes of its own.
    pub(crate) fn is_nested_worktree(&self, path: &Path) -> bool {
        self.git.as_ref().is_some_and(|git| is_worktree_of(&self.root.join(path), &git.common_dir))
    }
}

pub(crate) fn is_at_or_below(path: &[u8], folder: &[u8]) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
}

fn board_below(root: &Path, board_root: &Path) -> Option<String> {
    let relative = board_root.strip_prefix(root).ok()?.to_str()?;
    (!relative.is_empty()).then(|| format!("{}/{BOARD_FOLDER}", with_slashes(relative)))
}

/// A file that isn't there yet still lies in a folder that is.
fn resolved_existing_part(folder: &Path) -> PathBuf {
    for existing in folder.ancestors() {
        if let (Ok(resolved), Ok(rest)) = (canonical(existing), folder.strip_prefix(existing)) {
            return resolved.join(rest);
        }
    }
    folder.to_owned()
}

pub(crate) fn with_slashes(text: &str) -> String {
    if std::path::MAIN_SEPARATOR == '/' {
        text.to_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}
