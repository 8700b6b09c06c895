//! Modules that somebody may claim now, best first.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::{Pressure, Ranked, Seeker, pressure::Downstream, score};
use crate::{
    decide::{live_overlaps, refuses},
    ids::ModuleId,
    module::{Module, Status},
    reply::ScopeConflict,
    scope::overlap,
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
    ranked: Ranked<'a>,
    looked_at: bool,
}

impl<'a> Claimable<'a> {
    pub fn new(seeker: Seeker<'a>) -> Self {
        let pressure = Pressure::of(seeker.board);
        let free = seeker
            .board
            .modules
            .values()
            .filter(|module| seeker.suits(module) && is_free(&seeker, &pressure, module));
        let mut ranked: Vec<Ranked<'a>> = free
            .map(|module| rank(&seeker, &pressure, module, pressure.downstream_at_least(&module.id)))
            .collect();
        if !pressure.counts_all() {
            ranked.sort_by_cached_key(|one| (std::cmp::Reverse(one.score), one.module.ordinal));
            for one in ranked.iter_mut().take(LEADING) {
                *one = rank(&seeker, &pressure, one.module, pressure.downstream(&one.module.id));
            }
        }
        let waiting = ranked.into_iter().map(|ranked| Entry { ranked, looked_at: false }).collect();
        Self { seeker, pressure, waiting }
    }

    /// The graph's numbers, for whoever ranks more on the same board.
    pub fn pressure(&self) -> &Pressure<'a> {
        &self.pressure
    }

    /// Everything that is left, in the order of what is known without looking for overlaps: for drawing long lists.
    pub fn without_looking(self) -> Vec<Ranked<'a>> {
        self.waiting.into_sorted_vec().into_iter().rev().map(|entry| entry.ranked).collect()
    }
}

impl<'a> Iterator for Claimable<'a> {
    type Item = Ranked<'a>;

    fn next(&mut self) -> Option<Ranked<'a>> {
        while let Some(mut entry) = self.waiting.pop() {
            if entry.looked_at {
                return Some(entry.ranked);
            }
            let conflicts = conflicts(&self.seeker, entry.ranked.module);
            if refuses(self.seeker.board, self.seeker.leases, self.seeker.now, &conflicts) {
                continue;
            }
            if let Some(part) = score::overlap(self.seeker.board.safety, &conflicts) {
                entry.ranked.add(part);
            }
            entry.ranked.conflicts = conflicts;
            self.waiting.push(Entry { looked_at: true, ..entry });
        }
        None
    }
}

pub(super) fn conflicts(seeker: &Seeker<'_>, module: &Module) -> Vec<ScopeConflict> {
    live_overlaps(seeker.board, seeker.case, seeker.id(), Some(&module.id), &module.owned_paths)
}

fn rank<'a>(
    seeker: &Seeker<'a>,
    pressure: &Pressure<'_>,
    module: &'a Module,
    downstream: Downstream,
) -> Ranked<'a> {
    let mut parts = score::common(seeker, pressure, module, downstream);
    parts.extend(score::assigned(seeker, module));
    parts.extend(score::abandoned(module));
    Ranked::new(module, parts)
}

/// Nobody began it and nothing stands before it, or its lease ran out. Who asks for the next one wants another one
/// than its own.
fn is_free(seeker: &Seeker<'_>, pressure: &Pressure<'_>, module: &Module) -> bool {
    match module.status {
        Status::Todo => !pressure.waits(&module.id),
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
    let mut chosen: Vec<Ranked<'a>> = Vec::new();
    for one in claimable {
        if chosen.len() >= limit {
            break;
        }
        let meets = |other: &Ranked<'_>| {
            overlap(&one.module.owned_paths, &other.module.owned_paths, seeker.case).is_some()
        };
        if !chosen.iter().any(meets) {
            chosen.push(one);
        }
    }
    chosen
}

impl Entry<'_> {
    fn key(&self) -> (i64, std::cmp::Reverse<(u64, &ModuleId)>) {
        (self.ranked.score, std::cmp::Reverse((self.ranked.module.ordinal, &self.ranked.module.id)))
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
