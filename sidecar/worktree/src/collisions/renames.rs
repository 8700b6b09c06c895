//! Which files a worktree has renamed since a commit, as git's own rename detection says it.
//!
//! Asked only when one side has lost a file that the other has changed. An index of our own lets git see new files that
//! nobody has added yet; it is made in a temporary folder, as are the few objects that come with it.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use remit_board::path::ProjectPath;

use super::Side;
use crate::error::{Result, WorktreeError};
use crate::git::{Git, fields};
use crate::worktree::{GitDirs, Worktree};

/// Files may be renamed without anybody noticing; so long an answer holds.
const HOLDS: Duration = Duration::from_secs(5);

/// Old names to new ones.
#[derive(Debug, Default)]
pub(super) struct Pairs(BTreeMap<ProjectPath, ProjectPath>);

impl Pairs {
    pub(super) fn to(&self, old: &ProjectPath) -> Option<ProjectPath> {
        self.0.get(old).cloned()
    }

    pub(super) fn from(&self, new: &ProjectPath) -> Option<ProjectPath> {
        self.0.iter().find(|(_, to)| *to == new).map(|(from, _)| from.clone())
    }
}

#[derive(Default)]
pub(super) struct Renames {
    known: HashMap<Asked, (Instant, Arc<Pairs>)>,
}

/// A worktree, or an index of it, and the commit that it is held against.
type Asked = (PathBuf, Option<Option<PathBuf>>, String);

impl Renames {
    pub(super) fn since(&mut self, side: Side<'_>, base: &str) -> Result<Arc<Pairs>> {
        self.known.retain(|_, (at, _)| at.elapsed() < HOLDS);
        let index = side.staged.map(|staged| staged.index().cloned());
        let key = (side.worktree.root.clone(), index, base.to_owned());
        if let Some((_, pairs)) = self.known.get(&key) {
            return Ok(Arc::clone(pairs));
        }
        let pairs = match (&side.worktree.git, side.staged) {
            (_, Some(staged)) => Arc::new(renamed(staged.git(), &["--cached", base])?),
            (Some(dirs), None) => Arc::new(detect(side.worktree, dirs, base)?),
            (None, None) => Arc::default(),
        };
        self.known.insert(key, (Instant::now(), Arc::clone(&pairs)));
        Ok(pairs)
    }
}

fn detect(worktree: &Worktree, dirs: &GitDirs, base: &str) -> Result<Pairs> {
    let new = Git::inside(worktree).run(&["ls-files", "-z", "--others", "--exclude-standard"])?;
    let scratch = Scratch::of(dirs)?;
    let git = scratch.git(worktree, dirs);
    if !new.is_empty() {
        git.ask_about(
            &["--literal-pathspecs", "add", "-N", "--pathspec-from-file=-", "--pathspec-file-nul"],
            &new,
        )?;
    }
    renamed(&git, &[base])
}

fn renamed(git: &Git, since: &[&str]) -> Result<Pairs> {
    let form = ["-z", "--name-status", "--find-renames", "--diff-filter=R", "--no-ext-diff", "--no-textconv"];
    // As `git merge` is set, whatever `git diff` is.
    let limit = ["-c", "diff.renameLimit=7000"];
    let answer = git.run(&[&limit[..], &["diff"], &form[..], since, &["--"]].concat())?;
    Ok(parse(&answer))
}

/// `R090\0old\0new\0…`
fn parse(answer: &[u8]) -> Pairs {
    let path = |field: &[u8]| ProjectPath::parse(std::str::from_utf8(field).ok()?).ok();
    let mut pairs = Pairs::default();
    let mut fields = fields(answer);
    while let (Some(_), Some(old), Some(new)) = (fields.next(), fields.next(), fields.next()) {
        if let (Some(old), Some(new)) = (path(old), path(new)) {
            pairs.0.insert(old, new);
        }
    }
    pairs
}

/// A folder that goes when it is no longer needed.
struct Scratch(PathBuf);

impl Scratch {
    fn of(dirs: &GitDirs) -> Result<Self> {
        let unique = format!("remit-{}-{:016x}", std::process::id(), unique());
        let folder = std::env::temp_dir().join(unique);
        let failed = |error| WorktreeError::unreadable(&folder, error);
        fs::create_dir(&folder).map_err(failed)?;
        let scratch = Self(folder.clone());
        fs::create_dir(scratch.0.join("objects")).map_err(failed)?;
        let index = dirs.git_dir.join("index");
        if index.exists() {
            fs::copy(&index, scratch.0.join("index")).map_err(failed)?;
        }
        Ok(scratch)
    }

    fn git(&self, worktree: &Worktree, dirs: &GitDirs) -> Git {
        Git::inside(worktree)
            .with_index(self.0.join("index"))
            .with_objects(self.0.join("objects"), dirs.common_dir.join("objects"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn unique() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::thread::current().id())
}
