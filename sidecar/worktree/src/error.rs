//! Every way in which asking git and the files can fail, as sentences for people.

use std::io;
use std::path::{Path, PathBuf};

use remit_board::path::PathError;

pub type Result<T, E = WorktreeError> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum WorktreeError {
    #[error("{} is not a folder that can be opened; name an existing folder", .0.display())]
    NoSuchFolder(PathBuf),

    #[error("{} leads to {}, which is no git directory; `git worktree repair` may mend it", file.display(), target.display())]
    BrokenGitFile { file: PathBuf, target: PathBuf },

    #[error(
        "the main worktree of the repository {} can't be told from here, so neither can its board; \
         run `git config core.worktree FOLDER` in the main worktree, or name it with --project-root",
        .0.display()
    )]
    MainWorktreeUnknown(PathBuf),

    #[error("git was not found on PATH, and what a worktree changed is asked of it; install git")]
    GitMissing,

    #[error("`git {command}` failed in {}: {message}", folder.display())]
    GitFailed { command: String, folder: PathBuf, message: String },

    #[error("`git {command}` answered in an unknown form: {answer:?}")]
    GitAnswer { command: &'static str, answer: String },

    #[error("{} can't be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },

    #[error("{} lies outside the project {}", path.display(), root.display())]
    OutsideProject { path: PathBuf, root: PathBuf },

    #[error("{} is the project's root; name a file or folder inside it", .0.display())]
    ProjectRoot(PathBuf),

    #[error("{} is not UTF-8; such a path can't be owned", .0.display())]
    NotUtf8(PathBuf),

    #[error(transparent)]
    Path(#[from] PathError),

    #[error("there is no folder to keep this user's state in; set XDG_STATE_HOME or HOME")]
    NoStateFolder,
}

impl WorktreeError {
    pub(crate) fn unreadable(path: &Path, source: io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), source }
    }
}
