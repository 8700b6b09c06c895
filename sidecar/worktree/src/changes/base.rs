//! What this repository's user committed since the merge base with the default branch.
//!
//! Only commits along first parents count, and of a merge only what differs from all its parents: what came in from the
//! default branch is others' work, and was theirs to answer for.

use std::collections::{BTreeMap, BTreeSet};

use super::ChangeKind;
use super::model::Committed;
use super::status::kind;
use crate::error::Result;
use crate::git::{Git, fields, line};
use crate::log::commits_since;
use crate::refs::branch_of;
use crate::worktree::{GitDirs, Worktree};

/// The branch that others build on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DefaultBranch {
    pub(crate) name: String,
    pub(crate) oid: String,
}

/// `origin/HEAD`, else `main`, `master`, else the main worktree's branch.
pub(crate) fn default_branch(dirs: &GitDirs) -> Result<Option<DefaultBranch>> {
    let refs = dirs.refs();
    let mains = branch_of(&dirs.common_dir).ok().flatten().map(|branch| format!("refs/heads/{branch}"));
    let known = ["refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master"].map(str::to_owned);
    for name in known.into_iter().chain(mains) {
        if let Some(oid) = refs.resolve(&name)? {
            return Ok(Some(DefaultBranch { name, oid }));
        }
    }
    Ok(None)
}

pub(crate) fn merge_base(git: &Git, default: &DefaultBranch, head: &str) -> Result<Option<String>> {
    if default.oid == head {
        return Ok(Some(head.to_owned()));
    }
    Ok(git.ask(&["merge-base", &default.oid, head])?.as_deref().and_then(line))
}

pub(crate) fn committed(worktree: &Worktree, git: &Git, head: Option<&str>) -> Result<Committed> {
    let (Some(dirs), Some(head)) = (&worktree.git, head) else { return Ok(Committed::new()) };
    let Some(default) = default_branch(dirs)?.filter(|default| default.oid != head) else {
        return Ok(Committed::new());
    };
    let Some(email) = configured_email(worktree)? else { return Ok(Committed::new()) };
    let mine = paths_of_author(git, &default.oid, head, &email)?;
    if mine.is_empty() {
        return Ok(Committed::new());
    }
    let mut net = net_difference(git, &default, head)?;
    net.retain(|path, _| mine.contains(path) && !worktree.is_board_file(path));
    Ok(net)
}

/// The address that this repository's commits are made with; `None` where git itself couldn't tell.
pub fn configured_email(worktree: &Worktree) -> Result<Option<String>> {
    let git = Git::inside(worktree);
    if let Some(email) = git.ask(&["config", "--get", "user.email"])?.as_deref().and_then(line) {
        return Ok(Some(email));
    }
    // Without a configured address git makes one up, or refuses to.
    let identity = git.run(&["var", "GIT_AUTHOR_IDENT"]).ok().as_deref().and_then(line);
    Ok(identity.and_then(|text| Some(text.split_once('<')?.1.split_once('>')?.0.to_owned())))
}

/// What one person's commits touched that `head` has and `base` has not.
pub(crate) fn paths_of_author(git: &Git, base: &str, head: &str, email: &str) -> Result<BTreeSet<Vec<u8>>> {
    let commits = commits_since(git, base, head)?;
    let mine = commits.into_iter().filter(|commit| commit.email.eq_ignore_ascii_case(email));
    Ok(mine.flat_map(|commit| commit.paths).collect())
}

/// What came and went again in between is no change.
fn net_difference(git: &Git, default: &DefaultBranch, head: &str) -> Result<Committed> {
    let base = match merge_base(git, default, head)? {
        Some(base) => base,
        None => empty_tree(git)?,
    };
    let answer = git.run(&["diff-tree", "-r", "-z", "--no-renames", "--name-status", &base, head])?;
    Ok(name_status(&answer))
}

fn empty_tree(git: &Git) -> Result<String> {
    let answer = git.ask_about(&["hash-object", "-t", "tree", "--stdin"], b"")?.unwrap_or_default();
    Ok(line(&answer).unwrap_or_default())
}

/// `M\0path\0A\0path\0…`
pub(crate) fn name_status(answer: &[u8]) -> BTreeMap<Vec<u8>, ChangeKind> {
    let mut found = BTreeMap::new();
    let mut fields = fields(answer);
    while let (Some(letter), Some(path)) = (fields.next(), fields.next()) {
        let letter = letter.first().copied().unwrap_or(b'M');
        found.extend(kind(letter).map(|kind| (path.to_owned(), kind)));
    }
    found
}
