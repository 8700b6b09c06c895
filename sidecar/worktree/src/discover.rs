//! Which repository a folder belongs to, found as git finds it: upwards, by `.git`.
//!
//! Every one-shot command does this first, so it reads two or three small files and opens nothing else. `GIT_DIR` and its
//! like, which hooks and aliases set, are ignored on purpose: the folder decides, and a hook runs in the right one.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::error::{Result, WorktreeError};

/// A repository as seen from one folder.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    /// Private to the worktree; the common directory itself for the main one.
    pub(crate) git_dir: PathBuf,
    pub(crate) common_dir: PathBuf,
    /// The work tree that the folder lies in: none in a bare repository.
    pub(crate) work_tree: Option<PathBuf>,
    main: Main,
}

/// Where the main worktree is.
#[derive(Clone, Debug)]
pub(crate) enum Main {
    At(PathBuf),
    Bare,
    /// `git init --separate-git-dir` leaves no way back from a linked worktree to the main one.
    Unknown,
}

/// The repository of a canonical folder.
pub(crate) fn discover(folder: &Path) -> Result<Option<Repository>> {
    for candidate in folder.ancestors() {
        let dot_git = candidate.join(".git");
        if dot_git.is_file() {
            return from_git_dir(&git_file_target(&dot_git)?, Some(candidate)).map(Some);
        }
        if is_git_dir(&dot_git) {
            return from_git_dir(&dot_git, Some(candidate)).map(Some);
        }
        if is_git_dir(candidate) {
            return from_git_dir(candidate, None).map(Some);
        }
    }
    Ok(None)
}

impl Repository {
    /// The folder in which the board of this repository lives.
    pub(crate) fn board_root(&self) -> Result<PathBuf> {
        match &self.main {
            Main::At(root) => Ok(root.clone()),
            Main::Bare => Ok(beside_or_inside(&self.common_dir)),
            Main::Unknown => Err(WorktreeError::MainWorktreeUnknown(self.common_dir.clone())),
        }
    }
}

/// People keep `proj/.bare` with `proj/.git` leading to it and worktrees around: the board stands among those.
fn beside_or_inside(common_dir: &Path) -> PathBuf {
    let hidden = common_dir.file_name().is_some_and(|name| name == ".git" || name == ".bare");
    match common_dir.parent() {
        Some(parent) if hidden => parent.to_owned(),
        _ => common_dir.to_owned(),
    }
}

/// `holder` is the folder whose `.git` led here; without one, the search began inside the git directory.
fn from_git_dir(git_dir: &Path, holder: Option<&Path>) -> Result<Repository> {
    let git_dir = canonical(git_dir)?;
    let common_dir = common_dir_of(&git_dir)?;
    if git_dir != common_dir {
        let work_tree = holder.map(Path::to_owned).or_else(|| work_tree_of_linked(&git_dir));
        let main = main_worktree(&common_dir, None);
        return Ok(Repository { git_dir, common_dir, work_tree, main });
    }
    let main = main_worktree(&common_dir, holder);
    let work_tree = match &main {
        Main::At(root) => Some(root.clone()),
        Main::Bare | Main::Unknown => None,
    };
    Ok(Repository { git_dir, common_dir, work_tree, main })
}

pub(crate) fn main_worktree(common_dir: &Path, holder: Option<&Path>) -> Main {
    let core = CoreSettings::read(common_dir);
    if let Some(elsewhere) = core.worktree {
        let root = normalized(&common_dir.join(elsewhere));
        return Main::At(root.canonicalize().unwrap_or(root));
    }
    let named_git = common_dir.file_name().is_some_and(|name| name == ".git");
    match (core.bare.unwrap_or(!named_git && holder.is_none()), holder, common_dir.parent()) {
        (true, _, _) => Main::Bare,
        (false, Some(holder), _) => Main::At(holder.to_owned()),
        (false, None, Some(parent)) if named_git => Main::At(parent.to_owned()),
        (false, None, _) => Main::Unknown,
    }
}

/// The two settings that place a main worktree. Only the repository's own files may hold them.
#[derive(Default)]
struct CoreSettings {
    bare: Option<bool>,
    worktree: Option<String>,
}

impl CoreSettings {
    fn read(common_dir: &Path) -> Self {
        let mut settings = Self::default();
        for name in ["config", "config.worktree"] {
            settings.add(&common_dir.join(name));
        }
        settings
    }

    fn add(&mut self, file: &Path) {
        let Ok(config) = git2::Config::open(file) else { return };
        self.bare = config.get_bool("core.bare").ok().or(self.bare);
        self.worktree = config.get_string("core.worktree").ok().or(self.worktree.take());
    }
}

/// The way `.git` names its git directory where it is a file.
pub(crate) fn git_file_target(file: &Path) -> Result<PathBuf> {
    let text = fs::read_to_string(file).map_err(|e| WorktreeError::unreadable(file, e))?;
    let named = text.strip_prefix("gitdir:").map(str::trim).unwrap_or_default();
    let target = normalized(&file.parent().unwrap_or(file).join(named));
    if named.is_empty() || !is_git_dir(&target) {
        return Err(WorktreeError::BrokenGitFile { file: file.to_owned(), target });
    }
    Ok(target)
}

/// The directory that all worktrees of a repository share.
pub(crate) fn common_dir_of(git_dir: &Path) -> Result<PathBuf> {
    match fs::read_to_string(git_dir.join("commondir")) {
        Ok(named) => canonical(&git_dir.join(named.trim())),
        Err(_) => Ok(git_dir.to_owned()),
    }
}

/// The work tree that a linked worktree's git directory belongs to, by its way back.
pub(crate) fn work_tree_of_linked(git_dir: &Path) -> Option<PathBuf> {
    let named = fs::read_to_string(git_dir.join("gitdir")).ok()?;
    let dot_git = normalized(&git_dir.join(named.trim()));
    let folder = dot_git.parent()?;
    Some(folder.canonicalize().unwrap_or_else(|_| folder.to_owned()))
}

/// Whether `folder` is a worktree of the repository at `common_dir`, and not of another one.
pub(crate) fn is_worktree_of(folder: &Path, common_dir: &Path) -> bool {
    let dot_git = folder.join(".git");
    let git_dir = if dot_git.is_file() { git_file_target(&dot_git) } else { Ok(dot_git) };
    let theirs = git_dir.and_then(|dir| canonical(&dir)).and_then(|dir| common_dir_of(&dir));
    theirs.is_ok_and(|theirs| theirs == common_dir)
}

/// git's own test: a head, and objects and references, which a linked worktree has elsewhere.
fn is_git_dir(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).symlink_metadata().is_ok();
    has("HEAD") && (has("commondir") || (has("objects") && has("refs")))
}

pub(crate) fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize().map_err(|e| WorktreeError::unreadable(path, e))
}

/// Takes `.` and `..` out by the text alone.
pub(crate) fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}
