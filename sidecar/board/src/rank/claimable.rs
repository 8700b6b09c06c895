//! Modules that somebody may claim now, best first.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::{
    Behind, Pressure, Ranked, Seeker,
    score::{self, Part},
};
use crate::{
    decide::{live_overlaps, refuses},
    ids::ModuleId,
    module::{Module, Status},
    reply::ScopeConflict,
    scope::Apart,
};

/// So many are looked at closely on a board where not everything can be counted.
const LEADING: usize = 8;

/// Looks for overlaps only as far as somebody reads: they can but lower a score, so the best of what was looked at is
/// the best of all once nothing unlooked at stands before it.
pub struct Claimable<'a> {
    seeker: Seeker<'a>,
    pressure: Pressure<'a>,
    waiting: BinaryHeap<Entry<'a>>,
}

struct Entry<'a> {
    module: &'a Module,
    behind: Behind<'a>,
    score: i64,
    /// `None` as long as nobody looked.
    conflicts: Option<Vec<ScopeConflict>>,
}

impl<'a> Claimable<'a> {
    pub fn new(seeker: Seeker<'a>) -> Self {
        let pressure = Pressure::of(seeker.board);
        let mut entries: Vec<Entry<'a>> = pressure
            .open()
            .filter(|(module, behind)| seeker.suits(module) && is_free(&seeker, module, behind))
            .map(|(module, behind)| Entry::new(&seeker, module, behind))
            .collect();
        if !pressure.counts_all() {
            count_leading(&seeker, &pressure, &mut entries);
        }
        Self { seeker, pressure, waiting: BinaryHeap::from(entries) }
    }

    /// The graph's numbers, for whoever ranks more on the same board.
    pub fn pressure(&self) -> &Pressure<'a> {
        &self.pressure
    }

    /// Everything that is left, in the order of what is known without looking for overlaps: for drawing long lists.
    pub fn without_looking(self) -> Vec<Ranked<'a>> {
        let best_last = self.waiting.into_sorted_vec();
        best_last.into_iter().rev().map(|entry| entry.ranked(&self.seeker)).collect()
    }
}

fn count_leading<'a>(seeker: &Seeker<'a>, pressure: &Pressure<'a>, entries: &mut [Entry<'a>]) {
    if entries.len() > LEADING {
        entries.select_nth_unstable_by(LEADING, |a, b| b.cmp(a));
    }
    for entry in entries.iter_mut().take(LEADING) {
        if let Some(behind) = pressure.exactly(&entry.module.id) {
            *entry = Entry::new(seeker, entry.module, behind);
        }
    }
}

impl<'a> Iterator for Claimable<'a> {
    type Item = Ranked<'a>;

    fn next(&mut self) -> Option<Ranked<'a>> {
        let seeker = self.seeker;
        while let Some(mut entry) = self.waiting.pop() {
            if entry.conflicts.is_some() {
                return Some(entry.ranked(&seeker));
            }
            let conflicts = conflicts(&seeker, entry.module);
            if refuses(seeker.board, seeker.leases, seeker.now, &conflicts) {
                continue;
            }
            let lowered = score::overlap(seeker.board.safety, &conflicts);
            entry.score += lowered.map_or(0, |part| part.points);
            entry.conflicts = Some(conflicts);
            self.waiting.push(entry);
        }
        None
    }
}

pub(super) fn conflicts(seeker: &Seeker<'_>, module: &Module) -> Vec<ScopeConflict> {
    live_overlaps(seeker.board, seeker.case, seeker.id(), Some(&module.id), &module.owned_paths)
}

fn parts<'a>(seeker: &Seeker<'a>, module: &'a Module, behind: &Behind<'a>) -> impl Iterator<Item = Part<'a>> {
    score::common(seeker, module, behind)
        .chain(score::assigned(seeker, module))
        .chain(score::abandoned(module))
        .chain(score::candidate(module))
}

/// Nobody began it and nothing stands before it, or its lease ran out. Who asks for the next one wants another one
/// than its own.
fn is_free(seeker: &Seeker<'_>, module: &Module, behind: &Behind<'_>) -> bool {
    match module.status {
        Status::Todo => !behind.waits,
        Status::InProgress | Status::Blocked => {
            let lease = seeker.leases.of(&module.id);
            lease.is_some_and(|lease| lease.is_expired(seeker.now)) && !seeker.owns(module)
        }
        _ => false,
    }
}

/// The best of them whose scopes don't overlap each other, so that as many agents can start at once.
pub fn disjoint<'a>(
    claimable: impl Iterator<Item = Ranked<'a>>,
    seeker: &Seeker<'_>,
    limit: usize,
) -> Vec<Ranked<'a>> {
    let mut scopes = Apart::new(seeker.case);
    claimable.filter(|one| scopes.add(&one.module.owned_paths)).take(limit).collect()
}

impl<'a> Entry<'a> {
    fn new(seeker: &Seeker<'a>, module: &'a Module, behind: Behind<'a>) -> Self {
        let score = parts(seeker, module, &behind).map(|part| part.points).sum();
        Self { module, behind, score, conflicts: None }
    }

    fn ranked(self, seeker: &Seeker<'a>) -> Ranked<'a> {
        let mut ranked = Ranked::new(self.module, parts(seeker, self.module, &self.behind));
        let conflicts = self.conflicts.unwrap_or_default();
        if let Some(part) = score::overlap(seeker.board.safety, &conflicts) {
            ranked.add(part);
        }
        ranked.conflicts = conflicts;
        ranked
    }

    fn key(&self) -> (i64, std::cmp::Reverse<(u64, &ModuleId)>) {
        (self.score, std::cmp::Reverse((self.module.ordinal, &self.module.id)))
    }
}

impl Ord for Entry<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Entry<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry<'_> {}
