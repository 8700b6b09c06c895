//! The `git` program, asked the way that leaves no trace and lets no environment mislead it.
//!
//! git itself is the fastest walker of a large work tree and the only complete reader of every repository format
//! (partial clones, sparse and split indexes, reftable, SHA-256), so changes are asked of it and not of a library.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use crate::error::{Result, WorktreeError};
use crate::worktree::Worktree;

/// What a hook's environment says about *its* repository (`git rev-parse --local-env-vars`), and switches that change the
/// meaning of a pathspec or the form of an answer. `GIT_CONFIG_*` stays: CI sets `safe.directory` through it.
const MISLEADING: [&str; 19] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIFF_OPTS",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

#[derive(Clone, Debug)]
pub(crate) struct Git {
    folder: PathBuf,
    environment: Vec<(&'static str, PathBuf)>,
}

impl Git {
    /// git as it answers inside this worktree.
    pub(crate) fn inside(worktree: &Worktree) -> Self {
        Self { folder: worktree.root.clone(), environment: explicit_location(worktree) }
    }

    /// git as it answers in a git directory, whatever its worktrees.
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self { folder, environment: Vec::new() }
    }

    /// `git commit -a` and `git commit PATH` show their hooks another index than the worktree's own.
    pub(crate) fn with_index(mut self, index_file: PathBuf) -> Self {
        self.environment.push(("GIT_INDEX_FILE", index_file));
        self
    }

    /// What git would write goes to `objects`; what is in `others` it reads.
    pub(crate) fn with_objects(mut self, objects: PathBuf, others: PathBuf) -> Self {
        self.environment.push(("GIT_OBJECT_DIRECTORY", objects));
        self.environment.push(("GIT_ALTERNATE_OBJECT_DIRECTORIES", others));
        self
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let output =
            self.command(arguments).stdin(Stdio::null()).output().map_err(|e| self.not_started(e))?;
        if output.status.success() { Ok(output.stdout) } else { Err(self.failed(arguments, &output)) }
    }

    /// `None` where git says "no" by exit code 1: no such key, no merge base, nothing ignored.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>> {
        let output =
            self.command(arguments).stdin(Stdio::null()).output().map_err(|e| self.not_started(e))?;
        self.answer_or_no(arguments, output)
    }

    pub(crate) fn ask_about(&self, arguments: &[&str], input: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|e| self.not_started(e))?;
        let output = feed(child, input).map_err(|e| WorktreeError::unreadable(&self.folder, e))?;
        self.answer_or_no(arguments, output)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.folder).args(arguments);
        for name in MISLEADING {
            command.env_remove(name);
        }
        // Without optional locks, parallel agents don't fight over index.lock.
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command
    }

    fn answer_or_no(&self, arguments: &[&str], output: Output) -> Result<Option<Vec<u8>>> {
        match output.status.code() {
            Some(0) => Ok(Some(output.stdout)),
            Some(1) => Ok(None),
            _ => Err(self.failed(arguments, &output)),
        }
    }

    fn not_started(&self, error: io::Error) -> WorktreeError {
        // A folder that is gone gives the same error kind as a program that isn't there.
        if error.kind() == io::ErrorKind::NotFound && self.folder.is_dir() {
            WorktreeError::GitMissing
        } else {
            WorktreeError::unreadable(&self.folder, error)
        }
    }

    fn failed(&self, arguments: &[&str], output: &Output) -> WorktreeError {
        let command = arguments.iter().find(|a| !a.starts_with('-') && !a.contains('=')).unwrap_or(&"");
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        WorktreeError::GitFailed { command: (*command).to_owned(), folder: self.folder.clone(), message }
    }
}

/// What git says of itself.
pub fn version() -> Result<String> {
    let answer = Git::in_folder(std::env::temp_dir()).run(&["version"])?;
    Ok(line(&answer).unwrap_or_default())
}

/// git finds its directory by the worktree's `.git`, and checks its owner on the way. Only where `core.worktree` put the
/// work tree elsewhere must it be told.
fn explicit_location(worktree: &Worktree) -> Vec<(&'static str, PathBuf)> {
    match &worktree.git {
        Some(git) if !worktree.root.join(".git").exists() => {
            vec![("GIT_DIR", git.git_dir.clone()), ("GIT_WORK_TREE", worktree.root.clone())]
        }
        _ => Vec::new(),
    }
}

/// Writes from a thread of its own: git answers while it reads, and either pipe may be full.
fn feed(mut child: Child, input: &[u8]) -> io::Result<Output> {
    let pipe = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // git may stop reading early and then says why on its own.
            let _ = pipe.map(|mut pipe| pipe.write_all(input));
        });
        child.wait_with_output()
    })
}

/// The fields of a NUL-terminated answer.
pub(crate) fn fields(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ended = answer.strip_suffix(b"\0").unwrap_or(answer);
    let empty = ended.is_empty();
    ended.split(|&byte| byte == 0).filter(move |_| !empty)
}

pub(crate) fn line(answer: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(answer);
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_git_on_the_path_the_error_says_what_to_do() {
        let mut git = Git::in_folder(std::env::temp_dir());
        git.environment.push(("PATH", "/nowhere".into()));
        let error = git.run(&["version"]).unwrap_err();
        assert!(matches!(error, WorktreeError::GitMissing));
        assert!(error.to_string().contains("install git"));
        git.folder = "/nowhere/at/all".into();
        assert!(matches!(git.run(&["version"]), Err(WorktreeError::Unreadable { .. })));
    }

    #[test]
    fn a_failure_names_the_command_and_carries_gits_own_words() {
        let git = Git::in_folder(std::env::temp_dir());
        let error =
            git.run(&["-c", "a.b=c", "rev-parse", "--no-such-thing", "--verify"]).unwrap_err().to_string();
        assert!(error.starts_with("`git rev-parse` failed in ") && error.contains("fatal:"), "{error}");
    }

    #[test]
    fn much_input_and_much_output_do_not_block_each_other() {
        let git = Git::in_folder(std::env::temp_dir());
        let input = "deadbeef\n".repeat(200_000);
        let answer = git.ask_about(&["stripspace"], input.as_bytes()).unwrap().unwrap();
        assert_eq!(answer.len(), input.len());
    }

    #[test]
    fn fields_end_with_nul_and_none_is_made_up() {
        let split = |answer: &'static [u8]| fields(answer).collect::<Vec<_>>();
        assert_eq!(split(b""), Vec::<&[u8]>::new());
        assert_eq!(split(b"a\0b\0"), [b"a", b"b"]);
    }
}
