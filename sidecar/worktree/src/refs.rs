//! Where a head and a branch stand, read from the files that git keeps them in.
//!
//! A one-shot command asks for its branch within a budget in which starting `git` doesn't fit. Only a reftable
//! repository, which keeps no such files, is asked through the program.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Result, WorktreeError};
use crate::git::{Git, line};

/// What reftable leaves in `HEAD` for programs that read the file.
const IN_REFTABLE: &str = "refs/heads/.invalid";

/// git stops at five symbolic references in a row, too.
const MAX_SYMBOLIC: usize = 5;

/// What a worktree has checked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `None` when the head is detached.
    pub branch: Option<String>,
    /// `None` before the first commit.
    pub oid: Option<String>,
}

pub(crate) struct Refs {
    common_dir: PathBuf,
}

impl Refs {
    pub(crate) fn of(common_dir: &Path) -> Self {
        Self { common_dir: common_dir.to_owned() }
    }

    pub(crate) fn head(&self, git_dir: &Path) -> Result<Head> {
        match head_target(git_dir)? {
            Target::Symbolic(name) => {
                let oid = self.resolve(&name)?;
                Ok(Head { branch: Some(short(&name)), oid })
            }
            Target::Oid(oid) => Ok(Head { branch: None, oid: Some(oid) }),
        }
    }

    /// The commit that a full reference name leads to.
    pub(crate) fn resolve(&self, name: &str) -> Result<Option<String>> {
        if self.common_dir.join("reftable").is_dir() {
            let commit = format!("{name}^{{commit}}");
            let git = Git::in_folder(self.common_dir.clone());
            return Ok(git.ask(&["rev-parse", "-q", "--verify", &commit])?.as_deref().and_then(line));
        }
        self.resolve_in_files(name)
    }

    fn resolve_in_files(&self, name: &str) -> Result<Option<String>> {
        let mut name = name.to_owned();
        for _ in 0..MAX_SYMBOLIC {
            match self.loose(&name)? {
                Some(Target::Oid(oid)) => return Ok(Some(oid)),
                Some(Target::Symbolic(next)) => name = next,
                None => return self.packed(&name),
            }
        }
        Ok(None)
    }

    fn loose(&self, name: &str) -> Result<Option<Target>> {
        Ok(read_if_there(&self.common_dir.join(name))?.map(|text| Target::parse(&text)))
    }

    fn packed(&self, name: &str) -> Result<Option<String>> {
        let packed = read_if_there(&self.common_dir.join("packed-refs"))?.unwrap_or_default();
        let found = packed.lines().filter_map(|line| line.split_once(' ')).find(|(_, full)| *full == name);
        Ok(found.map(|(oid, _)| oid.to_owned()))
    }
}

enum Target {
    Symbolic(String),
    Oid(String),
}

impl Target {
    fn parse(text: &str) -> Self {
        let text = text.trim();
        match text.strip_prefix("ref:") {
            Some(name) => Self::Symbolic(name.trim().to_owned()),
            None => Self::Oid(text.to_owned()),
        }
    }
}

/// The branch alone, which a preflight compares on every command: one small file is read.
pub(crate) fn branch_of(git_dir: &Path) -> Result<Option<String>> {
    match head_target(git_dir)? {
        Target::Symbolic(name) => Ok(Some(short(&name))),
        Target::Oid(_) => Ok(None),
    }
}

fn head_target(git_dir: &Path) -> Result<Target> {
    let file = git_dir.join("HEAD");
    let text = fs::read_to_string(&file).map_err(|e| WorktreeError::unreadable(&file, e))?;
    match Target::parse(&text) {
        Target::Symbolic(name) if name == IN_REFTABLE => head_in_reftable(git_dir),
        target => Ok(target),
    }
}

fn head_in_reftable(git_dir: &Path) -> Result<Target> {
    let git = Git::in_folder(git_dir.to_owned());
    if let Some(name) = git.ask(&["symbolic-ref", "-q", "HEAD"])?.as_deref().and_then(line) {
        return Ok(Target::Symbolic(name));
    }
    let oid = git.run(&["rev-parse", "HEAD"])?;
    Ok(Target::Oid(line(&oid).unwrap_or_default()))
}

fn short(name: &str) -> String {
    name.strip_prefix("refs/heads/").unwrap_or(name).to_owned()
}

fn read_if_there(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if absent(&e) => Ok(None),
        Err(e) => Err(WorktreeError::unreadable(path, e)),
    }
}

/// `refs/heads/a` is a folder while the branch is called `a/b`.
fn absent(error: &io::Error) -> bool {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | IsADirectory)
}
