//! Where two edits of one text collide, as `git merge` would say it before anybody merges.
//!
//! People meet git's own blocks of conflict, so a better merge would be a wrong one here. What git does: it diffs the base
//! with either side (histogram), takes edits that overlap or touch for one conflict, narrows each conflict to the lines
//! in which the sides differ, and joins two that stand at most three lines apart.

mod histogram;
mod lines;
mod memory;

use std::ops::Range;
use std::sync::Arc;

use histogram::{DiffFailed, Hunk, diff};
pub(crate) use lines::Lines;
pub(crate) use memory::Memory;

/// Larger texts are not merged line by line; whoever changed them both is told of the file.
const MAX_BYTES: usize = 16 << 20;

/// git takes a text for binary that holds a zero byte so far from its beginning.
const BINARY_LOOK: usize = 8000;

/// Two conflicts with no more lines than these between them read better as one.
const MAX_BETWEEN: usize = 3;

/// What a merge of two edits comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// Two of the three are the same, and git takes the third.
    Chosen,
    /// Both sides made edits, and git takes them all. `nearest`: of ours the one that is nearest to one of theirs.
    Clean { nearest: Range<usize> },
    /// At least one.
    Conflicts(Vec<Conflict>),
    /// Not mergeable by lines: a binary, or too large.
    Whole,
}

/// One block of conflict: lines of either side, counted from zero. One of the two may be empty, where that side deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub ours: Range<usize>,
    pub theirs: Range<usize>,
}

pub fn merge(base: &[u8], ours: &[u8], theirs: &[u8]) -> Merged {
    Arc::unwrap_or_clone(Memory::default().merged(base, ours, theirs))
}

/// What is settled before any line is looked at.
fn without_lines(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Merged> {
    if base == ours || base == theirs || ours == theirs {
        return Some(Merged::Chosen);
    }
    let is_whole = |text: &&[u8]| text.len() > MAX_BYTES || is_binary(text);
    [base, ours, theirs].iter().any(is_whole).then_some(Merged::Whole)
}

/// `first` are the edits that make `ours` of the base, `second` those that make `theirs`.
fn by_lines(first: &[Hunk], ours: &[u8], second: &[Hunk], theirs: &[u8]) -> Result<Merged, DiffFailed> {
    let regions = regions(first, ours, second, theirs)?;
    let conflicts: Vec<Conflict> = regions.into_iter().filter_map(Region::conflict).collect();
    if !conflicts.is_empty() {
        return Ok(Merged::Conflicts(conflicts));
    }
    Ok(nearest(first, second).map_or(Merged::Chosen, |nearest| Merged::Clean { nearest }))
}

/// Of the first edits the one that is nearest to one of the second, and the first of several.
fn nearest(first: &[Hunk], second: &[Hunk]) -> Option<Range<usize>> {
    let (mut at, mut with) = (0, 0);
    let mut found: Option<(usize, &Hunk)> = None;
    while let (Some(one), Some(other)) = (first.get(at), second.get(with)) {
        let is_before = one.base.end <= other.base.start;
        let (before, after) = if is_before { (one, other) } else { (other, one) };
        let between = after.base.start.saturating_sub(before.base.end);
        if found.is_none_or(|(least, _)| between < least) {
            found = Some((between, one));
        }
        (at, with) = if is_before { (at + 1, with) } else { (at, with + 1) };
    }
    found.map(|(_, hunk)| hunk.side.clone())
}

/// The edits that make `new` of `old`: lines of either. Nothing for what is no text, or too large.
pub(crate) fn hunks(old: &[u8], new: &[u8]) -> Option<Vec<(Range<usize>, Range<usize>)>> {
    if [old, new].iter().any(|text| text.len() > MAX_BYTES || is_binary(text)) {
        return None;
    }
    Some(diff(old, new).ok()?.into_iter().map(|hunk| (hunk.base, hunk.side)).collect())
}

/// What the merge would leave in the file, blocks of conflict between markers included: the base of those who merge again.
pub(crate) fn merged_text(base: &[u8], ours: &[u8], theirs: &[u8]) -> Vec<u8> {
    if base == ours || ours == theirs {
        return theirs.to_owned();
    }
    let all = || regions(&diff(base, ours)?, ours, &diff(base, theirs)?, theirs);
    let regions = if base == theirs { Vec::new() } else { all().unwrap_or_default() };
    let (base, ours, theirs) = (Lines::of(base), Lines::of(ours), Lines::of(theirs));
    let (mut merged, mut at) = (Vec::new(), 0);
    for region in regions {
        merged.extend_from_slice(ours.text(&(at..region.ours.start)));
        at = region.ours.end;
        let (mine, other) = (ours.text(&region.ours), theirs.text(&region.theirs));
        match region.outcome {
            Outcome::Ours | Outcome::Same => merged.extend_from_slice(mine),
            Outcome::Theirs => merged.extend_from_slice(other),
            Outcome::Conflict => {
                let line_break = marker_break(&base, (&ours, &region.ours), (&theirs, &region.theirs));
                for (marker, text) in [("<<<<<<<", mine), ("=======", other), (">>>>>>>", &[])] {
                    merged.extend_from_slice(marker.as_bytes());
                    merged.extend_from_slice(line_break);
                    merged.extend_from_slice(text);
                    let is_ended = text.is_empty() || text.ends_with(b"\n");
                    merged.extend_from_slice(if is_ended { b"" } else { line_break });
                }
            }
        }
    }
    merged.extend_from_slice(ours.text(&(at..ours.count())));
    merged
}

/// With a return where the lines around have one, as git chooses it: each in turn may say no, and the last one decides.
fn marker_break(
    base: &Lines<'_>,
    ours: (&Lines<'_>, &Range<usize>),
    theirs: (&Lines<'_>, &Range<usize>),
) -> &'static [u8] {
    let before = |(lines, at): (&Lines<'_>, &Range<usize>)| lines.has_return(at.start.saturating_sub(1));
    let mut has_return = before(ours);
    if has_return != Some(false) {
        has_return = before(theirs);
    }
    if has_return != Some(false) {
        has_return = base.has_return(0);
    }
    if has_return == Some(true) { b"\r\n" } else { b"\n" }
}

pub(crate) fn is_binary(text: &[u8]) -> bool {
    text.iter().take(BINARY_LOOK).any(|&byte| byte == 0)
}

/// A stretch in which the result differs from ours or may: what stands between two of them is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Region {
    outcome: Outcome,
    ours: Range<usize>,
    theirs: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Ours,
    Theirs,
    /// Both sides made the same text of it, by different edits.
    Same,
    Conflict,
}

impl Region {
    fn conflict(self) -> Option<Conflict> {
        let Region { outcome, ours, theirs } = self;
        (outcome == Outcome::Conflict).then_some(Conflict { ours, theirs })
    }
}

fn regions(first: &[Hunk], ours: &[u8], second: &[Hunk], theirs: &[u8]) -> Result<Vec<Region>, DiffFailed> {
    if first.is_empty() || second.is_empty() {
        return Ok(Vec::new());
    }
    let (ours, theirs) = (Lines::of(ours), Lines::of(theirs));
    let mut regions = Vec::new();
    for cluster in clusters(first, second) {
        if let Some(region) = cluster.region(&ours, &theirs) {
            narrow(region, &ours, &theirs, &mut regions)?;
        }
    }
    Ok(join_close_ones(regions))
}

/// Edits of both sides that overlap or touch in the base, and therefore each other's neighbours.
struct Cluster<'a> {
    ours: Side<'a>,
    theirs: Side<'a>,
}

/// One side's edits in a cluster, and how far its lines were shifted by the edits before them.
struct Side<'a> {
    hunks: &'a [Hunk],
    shift_before: isize,
}

impl Side<'_> {
    fn shift_after(&self) -> isize {
        self.hunks.last().map_or(self.shift_before, Hunk::shift_after)
    }

    /// Where the lines of the base are in this side's text.
    fn place(&self, base: &Range<usize>) -> Range<usize> {
        let start = base.start.saturating_add_signed(self.shift_before);
        start..base.end.saturating_add_signed(self.shift_after())
    }
}

fn clusters<'a>(first: &'a [Hunk], second: &'a [Hunk]) -> Vec<Cluster<'a>> {
    let mut clusters = Vec::new();
    let (mut at, mut with) = (0, 0);
    let (mut shift, mut with_shift) = (0, 0);
    while at < first.len() || with < second.len() {
        let (end, with_end) = cluster_end(first, at, second, with);
        let ours = Side { hunks: &first[at..end], shift_before: shift };
        let theirs = Side { hunks: &second[with..with_end], shift_before: with_shift };
        (at, with) = (end, with_end);
        (shift, with_shift) = (ours.shift_after(), theirs.shift_after());
        clusters.push(Cluster { ours, theirs });
    }
    clusters
}

/// Grows the cluster that begins at the next edit for as long as an edit of either side reaches it.
fn cluster_end(first: &[Hunk], mut at: usize, second: &[Hunk], mut with: usize) -> (usize, usize) {
    let starts = [first.get(at), second.get(with)].into_iter().flatten().map(|hunk| hunk.base.start);
    let mut reach = starts.min().unwrap_or_default();
    loop {
        let end_if_reached =
            |hunk: Option<&Hunk>| hunk.filter(|hunk| hunk.base.start <= reach).map(|hunk| hunk.base.end);
        let (ours, theirs) = (end_if_reached(first.get(at)), end_if_reached(second.get(with)));
        let Some(end) = ours.max(theirs) else { return (at, with) };
        at += usize::from(ours.is_some());
        with += usize::from(theirs.is_some());
        reach = reach.max(end);
    }
}

impl Cluster<'_> {
    /// Nothing, where both sides made the very same edit.
    fn region(&self, ours: &Lines<'_>, theirs: &Lines<'_>) -> Option<Region> {
        let hunks = || self.ours.hunks.iter().chain(self.theirs.hunks);
        let start = hunks().map(|hunk| hunk.base.start).min()?;
        let end = hunks().map(|hunk| hunk.base.end).max()?;
        let region = |outcome| Region {
            outcome,
            ours: self.ours.place(&(start..end)),
            theirs: self.theirs.place(&(start..end)),
        };
        match (self.ours.hunks, self.theirs.hunks) {
            (_, []) => Some(region(Outcome::Ours)),
            ([], _) => Some(region(Outcome::Theirs)),
            ([one], [other]) if one.base == other.base => {
                let region = region(Outcome::Conflict);
                let same = ours.text(&region.ours) == theirs.text(&region.theirs);
                (!same).then_some(region)
            }
            _ => Some(region(Outcome::Conflict)),
        }
    }
}

/// Leaves of a conflict only those lines in which the two sides differ.
fn narrow(
    region: Region,
    ours: &Lines<'_>,
    theirs: &Lines<'_>,
    regions: &mut Vec<Region>,
) -> Result<(), DiffFailed> {
    let is_conflict = region.outcome == Outcome::Conflict;
    if !is_conflict || region.ours.is_empty() || region.theirs.is_empty() {
        regions.push(region);
        return Ok(());
    }
    let hunks = diff(ours.text(&region.ours), theirs.text(&region.theirs))?;
    if hunks.is_empty() {
        regions.push(Region { outcome: Outcome::Same, ..region.clone() });
    }
    regions.extend(hunks.into_iter().map(|hunk| Region {
        outcome: Outcome::Conflict,
        ours: moved(&hunk.base, region.ours.start),
        theirs: moved(&hunk.side, region.theirs.start),
    }));
    Ok(())
}

fn moved(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

fn join_close_ones(regions: Vec<Region>) -> Vec<Region> {
    let mut joined: Vec<Region> = Vec::new();
    for region in regions {
        match joined.last_mut() {
            Some(last) if is_close(last, &region) => {
                last.ours.end = region.ours.end;
                last.theirs.end = region.theirs.end;
            }
            _ => joined.push(region),
        }
    }
    joined
}

fn is_close(last: &Region, next: &Region) -> bool {
    let both = last.outcome == Outcome::Conflict && next.outcome == Outcome::Conflict;
    both && next.ours.start.saturating_sub(last.ours.end) <= MAX_BETWEEN
}

#[cfg(test)]
mod tests;
