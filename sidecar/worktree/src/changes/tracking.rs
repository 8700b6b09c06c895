//! Following one worktree of a repository: what is cheap to be sure of is decided here, about the rest git is asked by path,
//! and what may have changed everything is scanned again.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::thread;

use remit_board::path::ProjectPath;

use super::base::{DefaultBranch, default_branch};
use super::content::Conversions;
use super::full::{self, FullScan};
use super::index::{IndexCopy, Stamp};
use super::look::Look;
use super::model::overlay;
use super::plan::{Plan, relevant};
use super::settings::Settings;
use super::{ChangeKind, Changes, Operation, status};
use crate::error::Result;
use crate::git::{Git, fields};
use crate::refs::Head;
use crate::scan::folder_of;
use crate::watch::rules;
use crate::worktree::{GitDirs, Worktree};

/// git matches each path with every entry of the index; beyond this many a full scan is faster.
const MAX_ASKED: usize = 64;

/// Files that say how git sees other files.
const RULES: [&str; 3] = [".gitignore", ".gitattributes", ".gitmodules"];

pub(crate) struct Tracking {
    dirs: GitDirs,
    git: Git,
    footing: Footing,
    /// The index file that the scan rests on.
    stamp: Option<Stamp>,
    judge: Judge,
    scan: FullScan,
}

/// What the scan rests on beside the index; when it differs, the scan is stale.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Footing {
    head: Head,
    default: Option<DefaultBranch>,
    operation: Option<Operation>,
    /// The files in git's directory that say what is ignored and how files are stored.
    rules: Vec<Option<Stamp>>,
}

impl Footing {
    fn read(dirs: &GitDirs) -> Result<Self> {
        Ok(Self {
            head: dirs.refs().head(&dirs.git_dir)?,
            default: default_branch(dirs)?,
            operation: Operation::under_way(&dirs.git_dir),
            rules: rules(&dirs.git_dir, &dirs.common_dir).map(|file| Stamp::of(&file)).collect(),
        })
    }
}

/// What single paths are judged by.
struct Judge {
    /// `None` when it has a form that only git reads; git is then asked about every path.
    index: Option<IndexCopy>,
    conversions: Conversions,
    trusts_mode: bool,
}

impl Judge {
    fn read(worktree: &Worktree, dirs: &GitDirs, git: &Git) -> Result<Self> {
        let index = IndexCopy::read(&index_file(dirs));
        let settings = Settings::read(git)?;
        let conversions = index.as_ref().map(|index| Conversions::in_force(worktree, dirs, index, &settings));
        Ok(Self { index, conversions: conversions.unwrap_or_default(), trusts_mode: settings.trusts_mode })
    }
}

impl Tracking {
    pub(crate) fn start(worktree: &Worktree, dirs: GitDirs) -> Result<Self> {
        let git = Git::inside(worktree);
        // Read before the scan: what changes meanwhile is then noticed as a difference later.
        let (footing, stamp) = (Footing::read(&dirs)?, Stamp::of(&index_file(&dirs)));
        let (scan, judge) = thread::scope(|scope| {
            let judge = scope.spawn(|| Judge::read(worktree, &dirs, &git));
            (full::scan(worktree, &dirs), full::joined(judge))
        });
        let (scan, mut judge) = (scan?, judge?);
        if Stamp::of(&index_file(&dirs)) != stamp {
            // The copy may hold what the scan didn't see.
            judge.index = judge.index.map(IndexCopy::distrusted);
        }
        Ok(Self { dirs, git, footing, stamp, judge, scan })
    }

    pub(crate) fn changes(&self) -> Changes {
        overlay(&self.scan.uncommitted, &self.scan.committed, self.scan.operation)
    }

    pub(crate) fn rescan(&mut self, worktree: &Worktree) -> Result<bool> {
        let before = self.changes();
        *self = Self::start(worktree, self.dirs.clone())?;
        Ok(self.changes() != before)
    }

    pub(crate) fn catch_up(&mut self, worktree: &Worktree) -> Result<bool> {
        if Footing::read(&self.dirs)? == self.footing && self.index_says_the_same() {
            return Ok(false);
        }
        self.rescan(worktree)
    }

    pub(crate) fn refresh(&mut self, worktree: &Worktree, paths: &[ProjectPath]) -> Result<bool> {
        let paths = relevant(worktree, paths.iter().map(ProjectPath::as_str));
        if self.rules_changed(&paths) {
            return self.rescan(worktree);
        }
        let caught_up = self.catch_up(worktree)?;
        if self.footing.operation.is_some() {
            return Ok(caught_up);
        }
        Ok(self.look_at(worktree, &paths)? | caught_up)
    }

    /// Rules in a folder that is ignored as a whole say nothing: installing packages writes many of them.
    fn rules_changed(&self, paths: &BTreeSet<&str>) -> bool {
        let folders: BTreeSet<&str> =
            paths.iter().filter(|path| is_rule(path)).map(|path| folder_of(path)).collect();
        let has_tracked = |folder: &str| {
            folder.is_empty()
                || self.judge.index.as_ref().is_none_or(|index| index.has_below(folder.as_bytes()))
        };
        if folders.iter().any(|folder| has_tracked(folder)) {
            return true;
        }
        let folders: Vec<&str> = folders.into_iter().collect();
        self.ignored(&folders).map_or(true, |ignored| ignored.len() < folders.len())
    }

    /// Reads a rewritten index again, and tells whether it still says what it said at the last scan.
    fn index_says_the_same(&mut self) -> bool {
        let file = index_file(&self.dirs);
        let stamp = Stamp::of(&file);
        if stamp == self.stamp {
            return true;
        }
        let reloaded = IndexCopy::read(&file);
        let known = self.judge.index.as_ref().zip(reloaded.as_ref());
        let same = known.is_some_and(|(old, new)| old.says_the_same(new));
        if same {
            (self.stamp, self.judge.index) = (stamp, reloaded);
        }
        same
    }

    fn look_at(&mut self, worktree: &Worktree, paths: &BTreeSet<&str>) -> Result<bool> {
        let mut plan = self.plan(worktree, paths);
        // git refuses to tell when a path on the way has just become a link.
        let is_sorted = self.sort_out_ignored(worktree, &mut plan).is_ok();
        if !is_sorted || plan.ask.len() > MAX_ASKED {
            return self.rescan(worktree);
        }
        let mut news = false;
        for (path, kind) in &plan.unstaged {
            news |= self.set_unstaged(path, *kind);
        }
        Ok(self.ask(worktree, &plan.ask)? | news)
    }

    fn plan(&self, worktree: &Worktree, paths: &BTreeSet<&str>) -> Plan {
        let Judge { index, conversions, trusts_mode } = &self.judge;
        let Some(index) = index else { return Plan::ask_all(paths) };
        let known = &self.scan.uncommitted;
        let look = Look { worktree, index, known, conversions, trusts_mode: *trusts_mode };
        let mut plan = Plan::default();
        for path in paths {
            plan.note(path, look.at(path));
        }
        plan
    }

    /// git alone knows what it ignores, and is asked once for all new paths together.
    fn sort_out_ignored(&self, worktree: &Worktree, plan: &mut Plan) -> Result<()> {
        let untracked = std::mem::take(&mut plan.untracked);
        let new: Vec<&str> =
            untracked.iter().map(String::as_str).filter(|path| !self.is_known_untracked(path)).collect();
        let ignored = self.ignored(&new)?;
        for path in untracked {
            let is_ignored = ignored.contains(path.as_bytes());
            plan.note_untracked(worktree, path, is_ignored);
        }
        Ok(())
    }

    fn is_known_untracked(&self, path: &str) -> bool {
        self.scan.uncommitted.get(path.as_bytes()).unstaged == Some(ChangeKind::Untracked)
    }

    fn ignored(&self, paths: &[&str]) -> Result<BTreeSet<Vec<u8>>> {
        if paths.is_empty() {
            return Ok(BTreeSet::new());
        }
        // Begun like this, no name is taken for a pattern's magic.
        let input: String = paths.iter().map(|path| format!("./{path}\0")).collect();
        let command = ["check-ignore", "--no-index", "-z", "--stdin"];
        let answer = self.git.ask_about(&command, input.as_bytes())?;
        let ignored = answer.iter().flat_map(|answer| fields(answer));
        Ok(ignored.filter_map(|path| path.strip_prefix(b"./")).map(<[u8]>::to_vec).collect())
    }

    fn set_unstaged(&mut self, path: &str, kind: Option<ChangeKind>) -> bool {
        let before = self.scan.uncommitted.get(path.as_bytes());
        self.scan.uncommitted.set_unstaged(path.as_bytes(), kind);
        before != self.scan.uncommitted.get(path.as_bytes())
    }

    fn ask(&mut self, worktree: &Worktree, paths: &BTreeSet<String>) -> Result<bool> {
        if paths.is_empty() {
            return Ok(false);
        }
        let asked: Vec<&str> = paths.iter().map(String::as_str).collect();
        let answer = status::of_paths(worktree, &self.git, &asked)?;
        let before = self.scan.uncommitted.clone();
        for path in asked {
            self.scan.uncommitted.forget_at_or_below(path.as_bytes());
        }
        self.scan.uncommitted.replace(answer);
        Ok(self.scan.uncommitted != before)
    }
}

fn index_file(dirs: &GitDirs) -> PathBuf {
    dirs.git_dir.join("index")
}

fn is_rule(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| RULES.contains(&name))
}
