//! Whole sessions over an in-memory connection, with an engine that does what the test says.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod board;
mod client;
mod collisions;
mod documents;
mod engine;
mod folders;
mod leaving;
mod opening;
mod protocol;
mod requests;

use std::{fs, path::PathBuf};

use remit_board::reply::{Diagnosis, FindingCode, Severity};

/// A worktree with a few files in it.
pub struct Worktree {
    folder: tempfile::TempDir,
}

impl Worktree {
    pub fn with(files: &[(&str, &str)]) -> Self {
        let worktree = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            worktree.write(path, text);
        }
        worktree
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub fn write(&self, path: &str, text: &str) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub fn uri(&self, path: &str) -> String {
        client::uri(&self.path(), path)
    }
}

pub fn diagnosis(path: &str, message: &str) -> Diagnosis {
    Diagnosis {
        path: path.parse().unwrap(),
        code: FindingCode::PathOwnedByOther,
        severity: Severity::Warning,
        message: message.to_owned(),
        module: Some("core".parse().unwrap()),
        owner: Some("agent-them".parse().unwrap()),
        with_module: None,
        lease_expires_at: None,
        handoff_offered: false,
        claim: Some("core, of them, owns src.".to_owned()),
        claimable: None,
        collision: None,
    }
}
