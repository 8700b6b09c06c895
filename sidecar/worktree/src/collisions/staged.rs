//! What the next commit would hold, by the index: whoever commits answers for that, whatever lies on the disk by now.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use remit_board::path::ProjectPath;

use super::content::Content;
use super::objects::AT_ONCE;
use crate::error::{Result, WorktreeError};
use crate::git::{Git, fields};
use crate::worktree::Worktree;

/// The index as it was looked at, for the paths in question.
pub struct Staged {
    git: Git,
    index: Option<PathBuf>,
    entries: HashMap<ProjectPath, Entry>,
}

#[derive(Clone, Debug)]
pub(super) enum Entry {
    Absent,
    File {
        id: String,
    },
    Link {
        id: String,
    },
    Submodule {
        id: String,
    },
    /// Nothing of it can be committed before somebody has settled it.
    Unmerged,
}

impl Staged {
    /// `index` as for [`staged_changes`](crate::staged_changes), `paths` what that says.
    pub fn of(worktree: &Worktree, index: Option<PathBuf>, paths: &[ProjectPath]) -> Result<Self> {
        let inside = Git::inside(worktree);
        let git = match &index {
            Some(index) => inside.with_index(index.clone()),
            None => inside,
        };
        let mut entries = HashMap::new();
        for paths in paths.chunks(AT_ONCE) {
            entries.extend(list(&git, paths)?);
        }
        Ok(Self { git, index, entries })
    }

    pub(super) fn index(&self) -> Option<&PathBuf> {
        self.index.as_ref()
    }

    pub(super) fn git(&self) -> &Git {
        &self.git
    }

    /// Those of the paths that are files, by their ids.
    pub(super) fn files(&self, paths: &[ProjectPath]) -> Vec<&str> {
        let id = |path| match self.entries.get(path)? {
            Entry::File { id } => Some(id.as_str()),
            _ => None,
        };
        paths.iter().filter_map(id).collect()
    }

    pub(super) fn entry(&self, path: &ProjectPath) -> Result<Entry> {
        if let Some(known) = self.entries.get(path) {
            return Ok(known.clone());
        }
        let found = list(&self.git, std::slice::from_ref(path))?;
        Ok(found.get(path).cloned().unwrap_or(Entry::Absent))
    }
}

impl Entry {
    /// A file by its id alone: most are never read.
    pub(super) fn content(self, target: impl FnOnce(&str) -> Result<Arc<[u8]>>) -> Result<Option<Content>> {
        Ok(Some(match self {
            Entry::Absent => Content::Absent,
            Entry::File { id } => Content::Unread(id),
            Entry::Link { id } => Content::Link(target(&id)?),
            Entry::Submodule { id } => Content::Submodule(id),
            Entry::Unmerged => return Ok(None),
        }))
    }
}

/// The paths of a worktree's own index that wait to be settled.
pub(super) fn unmerged(worktree: &Worktree) -> Result<BTreeSet<ProjectPath>> {
    let answer = Git::inside(worktree).run(&["ls-files", "-z", "--unmerged"])?;
    let paths = fields(&answer).map(|line| parse(line).map(|(path, _)| path));
    Ok(paths.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn list(git: &Git, paths: &[ProjectPath]) -> Result<HashMap<ProjectPath, Entry>> {
    let names = paths.iter().map(ProjectPath::as_str);
    let command = ["--literal-pathspecs", "ls-files", "-z", "--stage", "--"];
    let answer = git.run(&command.into_iter().chain(names).collect::<Vec<_>>())?;
    let mut entries: HashMap<_, _> = paths.iter().map(|path| (path.clone(), Entry::Absent)).collect();
    for line in fields(&answer) {
        let (path, entry) = parse(line)?;
        entries.extend(path.map(|path| (path, entry)));
    }
    Ok(entries)
}

/// `mode id stage\tpath`
fn parse(line: &[u8]) -> Result<(Option<ProjectPath>, Entry)> {
    let unknown = || WorktreeError::GitAnswer {
        command: "ls-files",
        answer: String::from_utf8_lossy(line).into_owned(),
    };
    let text = String::from_utf8_lossy(line);
    let (columns, path) = text.split_once('\t').ok_or_else(unknown)?;
    let mut columns = columns.split_ascii_whitespace();
    let (Some(mode), Some(id), Some(stage)) = (columns.next(), columns.next(), columns.next()) else {
        return Err(unknown());
    };
    let id = id.to_owned();
    let entry = match (stage, mode) {
        ("0", "120000") => Entry::Link { id },
        ("0", "160000") => Entry::Submodule { id },
        ("0", _) => Entry::File { id },
        _ => Entry::Unmerged,
    };
    Ok((ProjectPath::parse(path).ok(), entry))
}
