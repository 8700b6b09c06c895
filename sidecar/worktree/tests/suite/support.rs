//! Repositories in temporary folders that know nothing of the user's own configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use remit_board::path::ProjectPath;
use remit_worktree::{Change, Changes, Place, Worktree, changes, locate};
use tempfile::TempDir;

static HERMETIC: Once = Once::new();

/// Before anything else in each test: the crate's own git processes inherit this environment.
#[allow(unsafe_code)]
fn hermetic() {
    HERMETIC.call_once(|| {
        let home = std::env::temp_dir().join("remit-worktree-tests-home");
        fs::create_dir_all(&home).unwrap();
        let misleading: Vec<_> = std::env::vars_os()
            .map(|(name, _)| name)
            .filter(|name| name.to_string_lossy().starts_with("GIT_"))
            .chain(["EMAIL", "XDG_CONFIG_HOME", "XDG_STATE_HOME"].map(Into::into))
            .collect();
        // SAFETY: every test waits here before it starts a thread or reads the environment.
        unsafe {
            misleading.iter().for_each(|name| std::env::remove_var(name));
            std::env::set_var("HOME", &home);
            std::env::set_var("GIT_CONFIG_GLOBAL", "/dev/null");
            std::env::set_var("GIT_CONFIG_NOSYSTEM", "1");
        }
    });
}

/// An empty folder outside any repository, by its real name.
pub struct Folder {
    pub root: PathBuf,
    _temp: TempDir,
}

impl Folder {
    pub fn new() -> Self {
        hermetic();
        let temp = TempDir::new().unwrap();
        Self { root: temp.path().canonicalize().unwrap(), _temp: temp }
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }
}

/// A repository at `repo` in a folder of its own, so that worktrees and remotes can stand beside it.
pub struct Repo {
    pub root: PathBuf,
    pub around: Folder,
}

impl Repo {
    /// On branch `main`, without commits.
    pub fn new() -> Self {
        let around = Folder::new();
        git(&around.root, &["init", "-q", "-b", "main", "repo"]);
        let root = around.path("repo");
        configure(&root);
        Self { root, around }
    }

    /// With one commit of these files.
    pub fn with(files: &[&str]) -> Self {
        let repo = Self::new();
        for file in files {
            repo.write(file, &format!("{file}\n"));
        }
        repo.commit("Start");
        repo
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.root, arguments)
    }

    pub fn write(&self, path: &str, text: &str) {
        write(&self.root.join(path), text);
    }

    pub fn remove(&self, path: &str) {
        let path = self.root.join(path);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    pub fn place(&self) -> Place {
        locate(&self.root, None).unwrap()
    }

    pub fn worktree(&self) -> Worktree {
        self.place().worktree.unwrap()
    }

    pub fn changes(&self) -> Changes {
        changes(&self.worktree()).unwrap()
    }

    /// Fails unless the changes are these lines.
    #[track_caller]
    pub fn expect(&self, expected: &[&str]) {
        assert_eq!(shown(&self.changes()), expected);
    }
}

pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let (ok, text) = try_git(folder, arguments);
    assert!(ok, "git {arguments:?} in {}: {text}", folder.display());
    text
}

/// For commands that stop with a conflict.
pub fn try_git(folder: &Path, arguments: &[&str]) -> (bool, String) {
    hermetic();
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "protocol.file.allow=always"]).args(arguments);
    let output = command.env("GIT_EDITOR", "true").output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

pub fn configure(root: &Path) {
    git(root, &["config", "user.name", "Me"]);
    git(root, &["config", "user.email", "me@example.org"]);
}

pub fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// `path Kind layers…`, one line a change.
pub fn shown(changes: &Changes) -> Vec<String> {
    changes.list.iter().map(line).collect()
}

fn line(change: &Change) -> String {
    let layers = [
        (change.staged, " staged"),
        (change.unstaged, " unstaged"),
        (change.conflicted, " conflicted"),
        (change.committed, " committed"),
    ];
    let layers: String = layers.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
    format!("{} {:?}{layers}", change.path, change.kind)
}

pub fn path(text: &str) -> ProjectPath {
    ProjectPath::parse(text).unwrap()
}

pub fn paths(texts: &[&str]) -> Vec<ProjectPath> {
    texts.iter().map(|text| path(text)).collect()
}
