//! Why a path is proposed, in words that a person can check.

use std::fmt;

use remit_board::path::ProjectPath;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// This worktree changed so many files at or below the path.
    Changed { files: usize },
    /// The folder is a package of its own.
    Package { manifest: ProjectPath },
    /// The folder is named like the module.
    FolderName { folder: ProjectPath, word: String },
    /// The file is named like the module.
    FileName { file: ProjectPath, word: String },
    /// Reading that part of the project begins here.
    EntryFile { file: ProjectPath },
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { files: 1 } => write!(f, "changed: 1 file in this worktree"),
            Self::Changed { files } => write!(f, "changed: {files} files in this worktree"),
            Self::Package { manifest } => write!(f, "package with {manifest}"),
            Self::FolderName { folder, word } => {
                write!(f, "folder {folder} is named like the module: {word:?}")
            }
            Self::FileName { file, word } => write!(f, "file {file} is named like the module: {word:?}"),
            Self::EntryFile { file } => write!(f, "entry file {file}"),
        }
    }
}
