//! Where what one side has changed would collide with what another has, were they merged now.
//!
//! A side is a worktree as it lies on the disk, under the unsaved text of a window, or what it has staged. Two worktrees are merged over the merge
//! base of their heads, two windows on one worktree over the text on disk, file by file, for the files that this side has
//! changed. Nothing is scanned for it and nothing is written: of the other side only those very files are looked at.

mod content;
mod disk;
mod file;
mod following;
mod meeting;
mod objects;
mod renames;
mod staged;
mod storing;
mod unsaved;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use remit_board::path::ProjectPath;
use remit_board::reply::LineRange;

use crate::changes::{Operation, configured_email, merge_parents, paths_of_author};
use crate::error::Result;
use crate::git::Git;
use crate::merge::{Conflict, Lines, Memory, Merged};
use crate::worktree::Worktree;
use content::Content;
use disk::Disk;
use meeting::Meeting;
use objects::Objects;
use renames::Renames;
pub use staged::Staged;
pub use unsaved::{Edit, NewLines, Unsaved, edits};

/// So much of the other side's lines is told with each clash.
const MAX_TOLD: usize = 4000;

/// What is merged: a worktree, and what a window has not saved yet.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub worktree: &'a Worktree,
    pub unsaved: &'a BTreeMap<ProjectPath, Unsaved>,
    /// Then neither the disk nor what is unsaved counts.
    pub staged: Option<&'a Staged>,
}

/// A file that both sides changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// As this side calls it.
    pub path: ProjectPath,
    /// Empty: the whole file, unless the two merge.
    pub clashes: Vec<Clash>,
    /// The two merge: lines of this side that it edited, nearest to those that the other edited.
    pub merges_at: Option<LineRange>,
    pub layer: Layer,
}

/// How far the other side's change has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    Unsaved,
    Saved,
    Committed,
}

/// One block of conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Where this side deleted, the line beside the gap.
    pub ours: LineRange,
    /// None, where the other side deleted.
    pub theirs: Option<LineRange>,
    /// The other side's lines, or as many as fit; nothing where it keeps them to itself.
    pub their_text: Option<String>,
}

/// Remembers what it has read and merged, so that looking again costs little.
pub struct Collider {
    objects: Option<Objects>,
    disk: Disk,
    renames: Renames,
    merges: Memory,
    authored: HashMap<(String, String), BTreeSet<Vec<u8>>>,
    email: Option<Option<String>>,
}

/// What the two sides stand on.
struct Ground {
    bases: Vec<String>,
    head: String,
    their_head: String,
}

impl Collider {
    /// For the repository that `worktree` belongs to.
    pub fn new(worktree: &Worktree) -> Self {
        Self {
            objects: worktree.git.is_some().then(|| Objects::new(Git::inside(worktree))),
            disk: Disk::default(),
            renames: Renames::default(),
            merges: Memory::default(),
            authored: HashMap::new(),
            email: None,
        }
    }

    /// To be called when attributes or settings of git may have changed.
    pub fn forget_files(&mut self) {
        self.disk = Disk::default();
        self.renames = Renames::default();
    }

    /// The collisions of `ours` in `paths`, which are those that this side has changed.
    pub fn collisions(
        &mut self,
        ours: Side<'_>,
        paths: &[ProjectPath],
        theirs: Side<'_>,
    ) -> Result<Vec<Collision>> {
        if ours.worktree.root == theirs.worktree.root {
            return Ok(self.between_windows(ours, theirs));
        }
        match self.ground(ours.worktree, theirs.worktree)? {
            Some(ground) => self.between_worktrees(&ground, ours, paths, theirs),
            None => Ok(Vec::new()),
        }
    }

    /// Both windows see one disk: only what neither has saved can collide.
    fn between_windows(&mut self, ours: Side<'_>, theirs: Side<'_>) -> Vec<Collision> {
        let both = ours.unsaved.keys().filter(|path| theirs.unsaved.contains_key(*path));
        let mut found = Vec::new();
        for path in both {
            let base = self.disk.content(ours.worktree, path);
            let [mine, other] = [ours, theirs].map(|side| self.disk.with_unsaved(side, path));
            let meeting = Meeting::of(path, base, mine, other);
            if !meeting.is_merged_by_choosing() {
                found.extend(self.collision(&meeting, theirs, Layer::Unsaved));
            }
        }
        // Whoever works on one disk sees the other's edits as soon as they are saved.
        found.retain(|collision| collision.merges_at.is_none());
        found
    }

    /// Unrelated histories, and worktrees without a commit, have nothing to be merged over. Whoever rebases or picks
    /// stands on what is done so far; whoever merges stands on all that is merged.
    fn ground(&mut self, ours: &Worktree, theirs: &Worktree) -> Result<Option<Ground>> {
        let (Some(dirs), Some(objects)) = (&ours.git, &mut self.objects) else { return Ok(None) };
        let [head, their_head] = [ours.head()?, theirs.head()?].map(|head| head.and_then(|head| head.oid));
        let (Some(head), Some(their_head)) = (head, their_head) else { return Ok(None) };
        let merging = merge_parents(&dirs.git_dir);
        let bases = if merging.is_empty() {
            objects.merge_bases(&head, &[&their_head])?
        } else {
            let parents: Vec<&str> = merging.iter().map(String::as_str).chain([head.as_str()]).collect();
            objects.merge_bases(&their_head, &parents)?
        };
        Ok((!bases.is_empty()).then_some(Ground { bases, head, their_head }))
    }

    fn between_worktrees(
        &mut self,
        ground: &Ground,
        ours: Side<'_>,
        paths: &[ProjectPath],
        theirs: Side<'_>,
    ) -> Result<Vec<Collision>> {
        let mut found = Vec::new();
        self.load(ground, ours, paths)?;
        // Whoever merges is settling what the merge base accounts for.
        let unmerged_here = unmerged(ours.worktree, |operation| operation != Operation::Merge)?;
        let unmerged_there = unmerged(theirs.worktree, |_| true)?;
        for path in paths {
            let Some(meeting) = self.meeting(ground, ours, path, theirs)? else { continue };
            if unmerged_here.contains(&meeting.path) || unmerged_there.contains(&meeting.their_path) {
                continue;
            }
            let Some(layer) = self.layer(ground, theirs, &meeting)? else { continue };
            found.extend(self.collision(&meeting, theirs, layer));
        }
        Ok(found)
    }

    /// A process for each file would be slow where there are many.
    fn load(&mut self, ground: &Ground, ours: Side<'_>, paths: &[ProjectPath]) -> Result<()> {
        let Some(objects) = &mut self.objects else { return Ok(()) };
        for commit in ground.bases.iter().chain([&ground.their_head]) {
            objects.load(commit, paths)?;
        }
        ours.staged.map_or(Ok(()), |staged| objects.load_blobs(staged.files(paths)))
    }

    fn base(&mut self, bases: &[String], path: &ProjectPath) -> Result<Content> {
        match &mut self.objects {
            Some(objects) => objects.base(bases, path),
            None => Ok(Content::Absent),
        }
    }

    /// Commits of others that the other worktree merely has are no change that anybody made there.
    fn layer(&mut self, ground: &Ground, theirs: Side<'_>, meeting: &Meeting) -> Result<Option<Layer>> {
        let path = &meeting.their_path;
        let saved = self.disk.content(theirs.worktree, path);
        if theirs.unsaved.contains_key(path) && saved != meeting.theirs {
            return Ok(Some(Layer::Unsaved));
        }
        let committed = self.base(std::slice::from_ref(&ground.their_head), path)?;
        if saved != committed {
            return Ok((!self.is_merged_in(theirs, path, &saved)?).then_some(Layer::Saved));
        }
        let is_own = self.authored(theirs.worktree, ground)?.contains(path.as_str().as_bytes());
        Ok(is_own.then_some(Layer::Committed))
    }

    /// In the middle of a merge most of what differs from the head is as others have committed it.
    fn is_merged_in(&mut self, theirs: Side<'_>, path: &ProjectPath, saved: &Content) -> Result<bool> {
        let Some(dirs) = &theirs.worktree.git else { return Ok(false) };
        for parent in merge_parents(&dirs.git_dir) {
            if self.base(&[parent], path)? == *saved {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn authored(&mut self, theirs: &Worktree, ground: &Ground) -> Result<&BTreeSet<Vec<u8>>> {
        let key = (ground.head.clone(), ground.their_head.clone());
        if !self.authored.contains_key(&key) {
            let email = match &self.email {
                Some(email) => email.clone(),
                None => self.email.insert(configured_email(theirs)?).clone(),
            };
            let git = Git::inside(theirs);
            let paths = match email {
                Some(email) => paths_of_author(&git, &ground.head, &ground.their_head, &email)?,
                None => BTreeSet::new(),
            };
            if self.authored.len() >= 64 {
                self.authored.clear();
            }
            self.authored.insert(key.clone(), paths);
        }
        Ok(self.authored.entry(key).or_default())
    }

    fn collision(&mut self, meeting: &Meeting, theirs: Side<'_>, layer: Layer) -> Option<Collision> {
        let whole = Collision { path: meeting.path.clone(), clashes: Vec::new(), merges_at: None, layer };
        let texts = meeting.base.text_or_none().zip(meeting.ours.text()).zip(meeting.theirs.text());
        let Some(((base, mine), other)) = texts.filter(|_| !meeting.names_collide) else {
            return Some(whole);
        };
        match &*self.merges.merged(base, mine, other) {
            Merged::Chosen => None,
            Merged::Whole => Some(whole),
            Merged::Clean { nearest } => {
                let at = standing(nearest, Lines::of(mine).count());
                Some(Collision { merges_at: Some(at), ..whole })
            }
            Merged::Conflicts(conflicts) => {
                let keeps = theirs.unsaved.get(&meeting.their_path).is_some_and(Unsaved::is_private);
                let (mine, other) = (Lines::of(mine), Lines::of(other));
                let clashes = conflicts.iter().map(|one| clash(one, &mine, &other, !keeps)).collect();
                Some(Collision { clashes, ..whole })
            }
        }
    }
}

/// What git left for somebody to settle: a text with markers in it is nobody's edit. Only an operation leaves such files.
fn unmerged(worktree: &Worktree, counts: impl Fn(Operation) -> bool) -> Result<BTreeSet<ProjectPath>> {
    let operation = worktree.git.as_ref().and_then(|dirs| Operation::under_way(&dirs.git_dir));
    if operation.is_some_and(counts) { staged::unmerged(worktree) } else { Ok(BTreeSet::new()) }
}

fn clash(conflict: &Conflict, ours: &Lines<'_>, theirs: &Lines<'_>, is_told: bool) -> Clash {
    let their_text = is_told.then(|| told(theirs.text(&conflict.theirs)));
    Clash {
        ours: standing(&conflict.ours, ours.count()),
        theirs: (!conflict.theirs.is_empty()).then(|| standing(&conflict.theirs, theirs.count())),
        their_text,
    }
}

/// Where nothing is left, what follows stands for it, at the end what comes before.
fn standing(lines: &Range<usize>, count: usize) -> LineRange {
    let line = |zero_based: usize| u32::try_from(zero_based + 1).unwrap_or(u32::MAX);
    let start = if lines.is_empty() { lines.start.min(count.saturating_sub(1)) } else { lines.start };
    LineRange { start: line(start), end: line(start.max(lines.end.saturating_sub(1).max(start))) }
}

fn told(text: &[u8]) -> String {
    let mut told = String::from_utf8_lossy(&text[..text.len().min(MAX_TOLD)]).into_owned();
    if text.len() > MAX_TOLD {
        told.push('\u{2026}');
    }
    told
}
