//! A worktree's changes, kept current by file events: one full scan, and after it a look at the named paths only.
//!
//! At every moment the answer is the one that a full scan would give. What is cheap to be sure of is decided here; for the
//! rest git is asked about these paths alone; and what may have changed everything is scanned again.

use std::collections::BTreeSet;

use remit_board::path::ProjectPath;

use super::base::{DefaultBranch, default_branch};
use super::content::Conversions;
use super::full::{self, FullScan};
use super::index::{IndexCopy, Stamp};
use super::look::{Look, Seen};
use super::model::overlay;
use super::{ChangeKind, Changes, Operation, SavedFiles, status};
use crate::error::Result;
use crate::git::{Git, fields};
use crate::refs::Head;
use crate::worktree::{GitDirs, Worktree};

/// git matches each path with every entry of the index; beyond this many a full scan is faster.
const MAX_ASKED: usize = 64;

/// Files that say how git sees other files.
const RULES: [&str; 3] = [".gitignore", ".gitattributes", ".gitmodules"];

pub struct ChangeTracker {
    worktree: Worktree,
    source: Source,
}

enum Source {
    Git(Box<Tracking>),
    /// Outside git.
    Saved(SavedFiles),
}

impl ChangeTracker {
    /// Makes one full scan.
    pub fn start(worktree: Worktree) -> Result<Self> {
        let source = match &worktree.git {
            Some(dirs) => Source::Git(Box::new(Tracking::start(&worktree, dirs.clone())?)),
            None => Source::Saved(SavedFiles::default()),
        };
        Ok(Self { worktree, source })
    }

    pub fn worktree(&self) -> &Worktree {
        &self.worktree
    }

    pub fn changes(&self) -> Changes {
        match &self.source {
            Source::Git(tracking) => tracking.changes(),
            Source::Saved(saved) => saved.changes(),
        }
    }

    /// Looks at the paths that file events name: files or folders, made, saved, renamed or deleted. Returns whether the
    /// changes differ from before. Outside git, the paths are taken for saved by the user.
    pub fn refresh_paths(&mut self, paths: &[ProjectPath]) -> Result<bool> {
        match &mut self.source {
            Source::Git(tracking) => tracking.refresh(&self.worktree, paths),
            Source::Saved(saved) => {
                Ok(paths.iter().fold(false, |news, path| saved.note(&self.worktree, path) | news))
            }
        }
    }

    /// For events at the [watch points](crate::watch): does nothing where git only touched its files, and otherwise what
    /// is needed, up to a full scan. Returns whether the changes differ from before.
    pub fn head_or_index_changed(&mut self) -> Result<bool> {
        match &mut self.source {
            Source::Git(tracking) => tracking.catch_up(&self.worktree),
            Source::Saved(_) => Ok(false),
        }
    }

    /// For the rest: events were lost, or the rules of what is ignored changed. Returns whether the changes differ.
    pub fn rescan(&mut self) -> Result<bool> {
        match &mut self.source {
            Source::Git(tracking) => tracking.rescan(&self.worktree),
            Source::Saved(_) => Ok(false),
        }
    }
}

/// What the layers of change were computed from; when it differs, they are stale.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Footing {
    head: Head,
    default: Option<DefaultBranch>,
    operation: Option<Operation>,
}

impl Footing {
    fn read(dirs: &GitDirs) -> Result<Self> {
        Ok(Self {
            head: dirs.refs().head(&dirs.git_dir)?,
            default: default_branch(dirs)?,
            operation: Operation::under_way(&dirs.git_dir),
        })
    }
}

struct Tracking {
    dirs: GitDirs,
    git: Git,
    footing: Footing,
    /// The index file that the scan rests on.
    stamp: Option<Stamp>,
    /// `None` when it has a form that only git reads; git is then asked about every path.
    index: Option<IndexCopy>,
    conversions: Option<Conversions>,
    trust_mode: bool,
    scan: FullScan,
}

impl Tracking {
    fn start(worktree: &Worktree, dirs: GitDirs) -> Result<Self> {
        let git = Git::inside(worktree);
        let file = dirs.git_dir.join("index");
        // Read before the scan: what changes meanwhile is then noticed as a difference later.
        let (footing, stamp) = (Footing::read(&dirs)?, Stamp::of(&file));
        let (mut index, trust_mode, scan) = std::thread::scope(|scope| {
            let index = scope.spawn(|| (IndexCopy::read(&file), trusts_mode(&git)));
            let scan = full::scan(worktree, &dirs);
            let (index, trust_mode) = full::joined(index);
            (index, trust_mode, scan)
        });
        if Stamp::of(&file) != stamp {
            // The copy may hold what the scan didn't see.
            index = index.map(IndexCopy::distrusted);
        }
        Ok(Self { git, footing, stamp, index, conversions: None, trust_mode, scan: scan?, dirs })
    }

    fn changes(&self) -> Changes {
        overlay(&self.scan.uncommitted, &self.scan.committed, self.scan.operation)
    }

    fn rescan(&mut self, worktree: &Worktree) -> Result<bool> {
        let before = self.changes();
        *self = Self::start(worktree, self.dirs.clone())?;
        Ok(self.changes() != before)
    }

    fn catch_up(&mut self, worktree: &Worktree) -> Result<bool> {
        if Footing::read(&self.dirs)? != self.footing || !self.index_says_the_same() {
            return self.rescan(worktree);
        }
        Ok(false)
    }

    /// Reads a rewritten index again, and tells whether it still says what it said at the last scan.
    fn index_says_the_same(&mut self) -> bool {
        let file = self.dirs.git_dir.join("index");
        let stamp = Stamp::of(&file);
        if stamp == self.stamp {
            return true;
        }
        let reloaded = IndexCopy::read(&file);
        let same =
            self.index.as_ref().zip(reloaded.as_ref()).is_some_and(|(old, new)| old.says_the_same(new));
        if same {
            (self.stamp, self.index) = (stamp, reloaded);
        }
        same
    }

    fn refresh(&mut self, worktree: &Worktree, paths: &[ProjectPath]) -> Result<bool> {
        let paths = relevant(worktree, paths);
        if paths.iter().any(|path| changes_rules(path)) {
            return self.rescan(worktree);
        }
        let caught_up = self.catch_up(worktree)?;
        if self.footing.operation.is_some() {
            return Ok(caught_up);
        }
        Ok(self.look_at(worktree, &paths)? | caught_up)
    }

    fn look_at(&mut self, worktree: &Worktree, paths: &BTreeSet<&str>) -> Result<bool> {
        let mut plan = self.plan(worktree, paths);
        self.sort_out_ignored(worktree, &mut plan)?;
        if plan.ask.len() > MAX_ASKED {
            return self.rescan(worktree);
        }
        let mut news = false;
        for (path, kind) in &plan.unstaged {
            news |= self.set_unstaged(path, *kind);
        }
        Ok(self.ask(worktree, &plan.ask)? | news)
    }

    fn plan(&mut self, worktree: &Worktree, paths: &BTreeSet<&str>) -> Plan {
        let mut plan = Plan::default();
        let Some(index) = &self.index else {
            plan.ask.extend(paths.iter().map(|path| (*path).to_owned()));
            return plan;
        };
        let conversions =
            *self.conversions.get_or_insert_with(|| Conversions::in_force(worktree, &self.dirs, index));
        let look =
            Look { worktree, index, known: &self.scan.uncommitted, conversions, trust_mode: self.trust_mode };
        for path in paths {
            plan.note(path, look.at(path));
        }
        plan
    }

    /// git alone knows what it ignores, and is asked once for all new paths together.
    fn sort_out_ignored(&self, worktree: &Worktree, plan: &mut Plan) -> Result<()> {
        let known = |path: &String| self.scan.uncommitted.get(path.as_bytes()).unstaged;
        let (known, new): (Vec<_>, Vec<_>) =
            std::mem::take(&mut plan.untracked).into_iter().partition(|path| known(path).is_some());
        let ignored = if new.is_empty() { BTreeSet::new() } else { self.ignored(&new)? };
        let found = known.into_iter().map(|path| (path, false));
        let asked = new.into_iter().map(|path| (ignored.contains(path.as_bytes()), path));
        for (path, ignored) in found.chain(asked.map(|(ignored, path)| (path, ignored))) {
            plan.note_untracked(worktree, path, ignored);
        }
        Ok(())
    }

    fn ignored(&self, paths: &[String]) -> Result<BTreeSet<Vec<u8>>> {
        // Begun like this, no name is taken for a pattern's magic.
        let input: String = paths.iter().map(|path| format!("./{path}\0")).collect();
        let answer =
            self.git.ask_about(&["check-ignore", "--no-index", "-z", "--stdin"], input.as_bytes())?;
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

/// What is to be done about the named paths.
#[derive(Default)]
struct Plan {
    unstaged: Vec<(String, Option<ChangeKind>)>,
    untracked: Vec<String>,
    ask: BTreeSet<String>,
}

impl Plan {
    fn note(&mut self, path: &str, seen: Seen) {
        match seen {
            Seen::Unstaged(kind) => self.unstaged.push((path.to_owned(), kind)),
            Seen::Untracked => self.untracked.push(path.to_owned()),
            Seen::NoNews => {}
            Seen::Ask(path) => {
                self.ask.insert(path);
            }
        }
    }

    fn note_untracked(&mut self, worktree: &Worktree, path: String, ignored: bool) {
        let is_folder = worktree.root.join(&path).symlink_metadata().is_ok_and(|found| found.is_dir());
        match (ignored, is_folder) {
            (true, _) => self.unstaged.push((path, None)),
            (false, true) => self.note(&path.clone(), Seen::Ask(path)),
            (false, false) => self.unstaged.push((path, Some(ChangeKind::Untracked))),
        }
    }
}

/// Paths in git's own folders and the board's are nobody's change; below another repository's folder, that folder is.
fn relevant<'a>(worktree: &Worktree, paths: &'a [ProjectPath]) -> BTreeSet<&'a str> {
    let outside_git_folder = |path: &'a ProjectPath| match path.as_str().split_once("/.git/") {
        Some((above, _)) => above,
        None => path.as_str().strip_suffix("/.git").unwrap_or(path.as_str()),
    };
    let paths = paths.iter().map(outside_git_folder);
    let of_project = |path: &&str| {
        *path != ".git" && !path.starts_with(".git/") && !worktree.is_board_file(path.as_bytes())
    };
    paths.filter(of_project).collect()
}

fn changes_rules(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| RULES.contains(&name))
}

fn trusts_mode(git: &Git) -> bool {
    let answer = git.ask(&["config", "--type=bool", "--get", "core.fileMode"]).ok().flatten();
    !answer.is_some_and(|answer| answer.starts_with(b"false"))
}
