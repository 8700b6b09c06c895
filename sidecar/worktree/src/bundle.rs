//! What a handoff bundle tells of the work itself: what changed in a scope, by how much, and what isn't committed yet.

use std::fs;
use std::path::Path;

use remit_board::path::ProjectPath;

use crate::changes::{Change, ChangeKind, changes, default_branch, merge_base};
use crate::error::Result;
use crate::git::{Git, fields, line};
use crate::log::commits_since;
use crate::worktree::{GitDirs, Worktree};

/// Larger new files are listed without counting their lines.
const MAX_COUNTED: u64 = 4 << 20;

/// The facts of one scope in one worktree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleFacts {
    /// `None` with a detached head and outside git.
    pub branch: Option<String>,
    pub head: Option<String>,
    /// What the files are compared with; without a default branch it is the head.
    pub base: Option<String>,
    /// Whether that is where the work was begun, as it was told; else it is where the branch began.
    pub since_begun: bool,
    pub files: Vec<FileFact>,
    /// After the base, along first parents, the newest first; only those that touched the scope.
    pub commits: Vec<CommitFact>,
    pub uncommitted: Vec<Change>,
}

/// A file that differs between the base and the work tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFact {
    pub path: ProjectPath,
    /// Lines; `None` for binary files.
    pub insertions: Option<u64>,
    pub deletions: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitFact {
    pub short_oid: String,
    pub subject: String,
}

/// Gathers the facts of the paths that `scope_covers` says yes to, from the commit at which the work was `begun`, if that
/// is known. Outside git there are none.
pub fn bundle_facts(
    worktree: &Worktree,
    begun: Option<&str>,
    scope_covers: &dyn Fn(&ProjectPath) -> bool,
) -> Result<BundleFacts> {
    let Some(dirs) = &worktree.git else { return Ok(BundleFacts::default()) };
    let git = Git::inside(worktree);
    let head = dirs.refs().head(&dirs.git_dir)?;
    let uncommitted = uncommitted(worktree, scope_covers)?;
    let mut facts = BundleFacts { branch: head.branch, uncommitted, ..BundleFacts::default() };
    if let Some(head) = head.oid {
        let Base { oid: base, since_begun } = base(&git, dirs, &facts.branch, &head, begun)?;
        facts.since_begun = since_begun;
        facts.files = changed_files(&git, &base, scope_covers)?;
        facts.files.retain(|fact| !worktree.is_board_file(fact.path.as_str().as_bytes()));
        facts.commits = commits(&git, &base, &head, scope_covers)?;
        facts.base = Some(base);
        facts.head = Some(head);
    }
    add_new_files(worktree, &mut facts);
    Ok(facts)
}

fn uncommitted(worktree: &Worktree, covers: &dyn Fn(&ProjectPath) -> bool) -> Result<Vec<Change>> {
    let mut list = changes(worktree)?.list;
    list.retain(|change| change.is_uncommitted() && covers(&change.path));
    Ok(list)
}

struct Base {
    oid: String,
    since_begun: bool,
}

/// On the default branch the work is what came since it was begun. On another it is also no more than what the branch has
/// for its own: one that was rebased has taken in commits of others since.
fn base(git: &Git, dirs: &GitDirs, branch: &Option<String>, head: &str, begun: Option<&str>) -> Result<Base> {
    let default = default_branch(dirs)?;
    let branching = match &default {
        Some(default) => merge_base(git, default, head)?,
        None => None,
    };
    let branching = branching.unwrap_or_else(|| head.to_owned());
    let Some(begun) = begun
        .filter(|id| is_commit_id(id))
        .map(|begun| nearest_common(git, begun, head))
        .transpose()?
        .flatten()
    else {
        return Ok(Base { oid: branching, since_begun: false });
    };
    let on_default = default.is_none_or(|default| {
        branching == head
            || branch.as_deref().is_some_and(|branch| default.name == format!("refs/heads/{branch}"))
    });
    let later = !on_default
        && begun != branching
        && nearest_common(git, &begun, &branching)?.as_ref() == Some(&begun);
    Ok(if later {
        Base { oid: branching, since_begun: false }
    } else {
        Base { oid: begun, since_begun: true }
    })
}

/// What else a board may say must not become an option of git's.
fn is_commit_id(text: &str) -> bool {
    text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `None` also for a commit that is not there any more.
fn nearest_common(git: &Git, one: &str, other: &str) -> Result<Option<String>> {
    if one == other {
        return Ok(Some(one.to_owned()));
    }
    Ok(git.run(&["merge-base", one, other]).ok().as_deref().and_then(line))
}

fn changed_files(git: &Git, base: &str, covers: &dyn Fn(&ProjectPath) -> bool) -> Result<Vec<FileFact>> {
    let form = ["-z", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv"];
    let answer = git.run(&[&["diff"], &form[..], &[base, "--"]].concat())?;
    Ok(fields(&answer).filter_map(file_fact).filter(|fact| covers(&fact.path)).collect())
}

/// `12\t3\tpath`, or `-\t-\tpath` for a binary file.
fn file_fact(field: &[u8]) -> Option<FileFact> {
    let text = std::str::from_utf8(field).ok()?;
    let mut columns = text.splitn(3, '\t');
    let (insertions, deletions) = (columns.next()?.parse().ok(), columns.next()?.parse().ok());
    Some(FileFact { path: ProjectPath::parse(columns.next()?).ok()?, insertions, deletions })
}

/// git compares only what it tracks.
fn add_new_files(worktree: &Worktree, facts: &mut BundleFacts) {
    let known: std::collections::BTreeSet<_> = facts.files.iter().map(|fact| fact.path.clone()).collect();
    let new = facts.uncommitted.iter().filter(|change| {
        let is_new = matches!(change.kind, ChangeKind::Untracked | ChangeKind::Added);
        is_new && !known.contains(&change.path)
    });
    let new: Vec<FileFact> = new.map(|change| new_file(worktree, &change.path)).collect();
    facts.files.extend(new);
    facts.files.sort_by(|a, b| a.path.cmp(&b.path));
}

fn new_file(worktree: &Worktree, path: &ProjectPath) -> FileFact {
    let insertions = lines_of(&worktree.absolute(path));
    FileFact { path: path.clone(), insertions, deletions: insertions.map(|_| 0) }
}

fn lines_of(file: &Path) -> Option<u64> {
    let metadata = fs::symlink_metadata(file).ok()?;
    if !metadata.is_file() || metadata.len() > MAX_COUNTED {
        return None;
    }
    let bytes = fs::read(file).ok().filter(|bytes| !bytes.contains(&0))?;
    let breaks = bytes.iter().filter(|&&byte| byte == b'\n').count();
    let unended = !bytes.is_empty() && !bytes.ends_with(b"\n");
    Some((breaks + usize::from(unended)) as u64)
}

fn commits(
    git: &Git,
    base: &str,
    head: &str,
    covers: &dyn Fn(&ProjectPath) -> bool,
) -> Result<Vec<CommitFact>> {
    let touches = |path: &Vec<u8>| {
        std::str::from_utf8(path)
            .ok()
            .and_then(|path| ProjectPath::parse(path).ok())
            .is_some_and(|path| covers(&path))
    };
    let commits = commits_since(git, base, head)?;
    let mine = commits.into_iter().filter(|commit| commit.paths.iter().any(touches));
    Ok(mine.map(|commit| CommitFact { short_oid: commit.short_oid, subject: commit.subject }).collect())
}
