//! How a worktree's files become what git stores: line endings, and programs that have a say in it.
//!
//! A file with other line endings on the disk than in the repository is no change, and a merge sees what is stored.

use std::path::Path;

use git2::{AttrCheckFlags, AttrValue, Repository};
use remit_board::path::ProjectPath;

use crate::git::{Git, line};
use crate::worktree::Worktree;

pub(super) struct Storing {
    /// `None` outside git, and where only git itself can read the repository: then files are stored as they are.
    repository: Option<Repository>,
    converts_all: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Endings {
    Kept,
    Converted,
    /// Converted in what looks like text and was not stored with others before.
    Guessed,
}

impl Storing {
    pub(super) fn of(worktree: &Worktree) -> Self {
        let repository = worktree.git.as_ref().and_then(|_| Repository::open(&worktree.root).ok());
        let config = repository.as_ref().and_then(|repository| repository.config().ok());
        let converts = config.and_then(|config| config.get_string("core.autocrlf").ok());
        let converts_all =
            converts.is_some_and(|value| ["true", "yes", "on", "1", "input", ""].contains(&value.as_str()));
        Self { repository, converts_all }
    }

    /// Filters such as large-file storage, and encodings: what they make of a file is for git to say.
    pub(super) fn is_by_program(&self, path: &ProjectPath) -> bool {
        ["filter", "working-tree-encoding"]
            .iter()
            .any(|name| self.attribute(path, name).is_some_and(|value| !matches!(value, Value::Off)))
    }

    /// The id of what git would store.
    pub(super) fn id(&self, worktree: &Worktree, path: &ProjectPath) -> Option<String> {
        let answer = Git::inside(worktree).run(&["hash-object", "--", path.as_str()]).ok()?;
        line(&answer)
    }

    pub(super) fn text(&self, path: &ProjectPath, bytes: Vec<u8>) -> Vec<u8> {
        if !bytes.windows(2).any(|pair| pair == b"\r\n") {
            return bytes;
        }
        match self.endings(path) {
            Endings::Kept => bytes,
            Endings::Converted => without_returns(&bytes),
            Endings::Guessed if looks_binary(&bytes) || self.is_stored_with_returns(path) => bytes,
            Endings::Guessed => without_returns(&bytes),
        }
    }

    fn endings(&self, path: &ProjectPath) -> Endings {
        let eol = || matches!(self.attribute(path, "eol"), Some(Value::Text));
        match self.attribute(path, "text") {
            Some(Value::Off) => Endings::Kept,
            Some(Value::On) => Endings::Converted,
            Some(Value::Text) => Endings::Guessed,
            None if eol() => Endings::Converted,
            None if self.converts_all => Endings::Guessed,
            None => Endings::Kept,
        }
    }

    fn attribute(&self, path: &ProjectPath, name: &str) -> Option<Value> {
        let repository = self.repository.as_ref()?;
        let flags = AttrCheckFlags::FILE_THEN_INDEX;
        let value = repository.get_attr(Path::new(path.as_str()), name, flags).ok()?;
        match AttrValue::from_string(value) {
            AttrValue::True => Some(Value::On),
            AttrValue::False => Some(Value::Off),
            AttrValue::String(_) | AttrValue::Bytes(_) => Some(Value::Text),
            AttrValue::Unspecified => None,
        }
    }

    fn is_stored_with_returns(&self, path: &ProjectPath) -> bool {
        let stored = || {
            let repository = self.repository.as_ref()?;
            let entry = repository.index().ok()?.get_path(Path::new(path.as_str()), 0)?;
            let blob = repository.find_blob(entry.id).ok()?;
            Some(blob.content().windows(2).any(|pair| pair == b"\r\n"))
        };
        stored().unwrap_or(false)
    }
}

enum Value {
    On,
    Off,
    Text,
}

fn without_returns(bytes: &[u8]) -> Vec<u8> {
    let is_kept = |at: &usize| !(bytes[*at] == b'\r' && bytes.get(at + 1) == Some(&b'\n'));
    (0..bytes.len()).filter(is_kept).map(|at| bytes[at]).collect()
}

/// A lone return, or a zero byte, is nothing that people write.
fn looks_binary(bytes: &[u8]) -> bool {
    let lone_return = |(at, byte): (usize, &u8)| *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    bytes.contains(&0) || bytes.iter().enumerate().any(lone_return)
}
