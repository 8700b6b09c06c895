//! Whether a file's bytes are what the index holds, where its `stat` leaves that open.
//!
//! git compares what it *would store*: after line endings, `$Id$` and filter drivers. Where none of these can have a say, the
//! bytes decide here; where one might, git is asked.

use std::fs;
use std::path::Path;

use git2::{ObjectType, Oid};

use super::index::{IndexCopy, Tracked};
use super::status::os_path;
use crate::git::{Git, fields};
use crate::worktree::{GitDirs, Worktree};

const ATTRIBUTES: &str = ".gitattributes";

/// Larger files are left to git, which reads them without holding them.
const MAX_READ: u64 = 16 << 20;

/// Attributes whose work can't be foreseen from the bytes of a file.
const DRIVERS: [&str; 2] = ["filter", "working-tree-encoding"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Same,
    Different,
    AskGit,
}

/// What git does to files on their way into the repository.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conversions {
    drivers: bool,
}

impl Conversions {
    pub(crate) fn in_force(worktree: &Worktree, dirs: &GitDirs, index: &IndexCopy) -> Self {
        let inside = index.paths_named(ATTRIBUTES).filter_map(os_path).map(|path| worktree.root.join(path));
        let mut files: Vec<_> = inside.collect();
        files.push(worktree.root.join(ATTRIBUTES));
        files.push(dirs.common_dir.join("info/attributes"));
        files.extend(user_files(worktree));
        Self { drivers: files.iter().any(|file| names_driver(file)) }
    }

    pub(crate) fn verdict(self, file: &Path, entry: &Tracked) -> Verdict {
        if self.drivers || fs::metadata(file).map_or(true, |metadata| metadata.len() > MAX_READ) {
            return Verdict::AskGit;
        }
        let Ok(bytes) = fs::read(file) else { return Verdict::AskGit };
        if may_be_converted(&bytes) {
            return Verdict::AskGit;
        }
        match Oid::hash_object(ObjectType::Blob, &bytes) {
            Ok(oid) if oid == entry.oid => Verdict::Same,
            Ok(_) => Verdict::Different,
            Err(_) => Verdict::AskGit,
        }
    }
}

/// Line endings are only ever changed where there is a carriage return, `$Id$` only where it stands.
fn may_be_converted(bytes: &[u8]) -> bool {
    bytes.contains(&b'\r') || bytes.windows(3).any(|window| window == b"$Id")
}

fn names_driver(file: &Path) -> bool {
    let text = fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    DRIVERS.iter().any(|driver| text.contains(driver))
}

/// The user's and the system's attributes, wherever this git was built to look for them.
fn user_files(worktree: &Worktree) -> Vec<std::path::PathBuf> {
    let git = Git::inside(worktree);
    let configured = git.ask(&["config", "-z", "--type=path", "--get", "core.attributesFile"]).ok().flatten();
    let mut files: Vec<_> = configured.iter().flat_map(|answer| fields(answer)).filter_map(os_path).collect();
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".config"));
    let config_home = std::env::var_os("XDG_CONFIG_HOME").map(Into::into).or(home);
    files.extend(config_home.map(|folder| folder.join("git/attributes")));
    files.push("/etc/gitattributes".into());
    files
}
