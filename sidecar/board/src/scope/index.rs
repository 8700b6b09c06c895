//! Many scopes at once.
//!
//! Asking thousands of scopes one by one about each of a hundred thousand files takes too long. Here their globs are kept by
//! their literal beginnings, so that a path, or a claim, only meets those that begin like it. Each place keeps apart what
//! needs no matching: a glob that ends there (`src/a`) covers all that comes by, and one that goes on with `*`
//! (`src/a/**`) all that goes further.

use std::{collections::HashMap, ops::Range, sync::Arc};

use foldhash::fast::RandomState;

use super::{
    case::CaseRule,
    crowd::{Crowd, Holding},
    glob::{Glob, Segment, names},
    overlap::{Product, Witness, is_pleasanter},
    parted::{Beneath, Parted},
    set::Scope,
    texts::Texts,
};
use crate::path::ProjectPath;

/// Answers for a fixed set of scopes which of them cover a path, and which overlap a scope.
///
/// Each scope comes with a key, say a module's id, that the answers name it by; the same key twice is two scopes.
/// Building takes about a microsecond a pattern, a question hardly more than the answers it has: see `examples/bench_scopes.rs`.
#[derive(Debug)]
pub struct ScopeIndex<K> {
    keys: Vec<K>,
    case: CaseRule,
    /// Sorted by their heads, so that all below a folder stands together.
    places: Vec<Place>,
    /// Which place has a head.
    at: Texts<usize>,
    /// A bit for each number of names that one of the heads has.
    depths: u64,
}

/// The globs that begin with the same names.
#[derive(Debug)]
struct Place {
    head: Box<str>,
    /// The glob that ends here.
    whole: Option<Holding>,
    /// The glob that goes on with one `*`.
    inside: Option<Holding>,
    crowd: Crowd,
}

impl<K> ScopeIndex<K> {
    pub fn new<'s>(scopes: impl IntoIterator<Item = (K, &'s Scope)>, case: CaseRule) -> Self {
        let mut keys = Vec::new();
        let mut draft = Draft::new(case);
        for (key, scope) in scopes {
            for glob in scope.globs() {
                draft.insert(glob, keys.len());
            }
            keys.push(key);
        }
        let places = draft.finish();
        let mut at = Texts::default();
        let mut depths = 0;
        for (place, index) in places.iter().zip(0..) {
            at.insert(&place.head, index);
            depths |= depth_bit(names(&place.head).count());
        }
        Self { keys, case, places, at, depths }
    }

    /// The keys of all scopes that cover the path, in the order in which the scopes were given.
    pub fn owners(&self, path: &ProjectPath) -> Vec<&K> {
        let path = self.case.key(path.as_str());
        let path = Parted::new(&path);
        let mut found = Vec::with_capacity(8);
        path.beginnings().zip(0..).for_each(|((head, beneath), depth)| {
            if self.depths & depth_bit(depth) != 0
                && let Some(&at) = self.at.get(head)
            {
                self.places[at].find(beneath, self.case, &mut found);
            }
        });
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|holder| &self.keys[holder]).collect()
    }

    /// The keys of all scopes that [`overlap`](super::overlap()) the given one, each with a path that lies in both, in the
    /// order in which the scopes were given.
    pub fn overlaps(&self, scope: &Scope) -> Vec<(&K, Witness)> {
        let mut product = Product::new(self.case);
        let mut best: Vec<Option<Witness>> = vec![None; self.keys.len()];
        for claimed in scope.globs() {
            for holding in self.within_reach(claimed) {
                let Some(witness) = product.witness(claimed, &holding.glob) else { continue };
                for &holder in &holding.holders {
                    let known = &mut best[holder];
                    if known.as_ref().is_none_or(|known| is_pleasanter(&witness, known)) {
                        *known = Some(witness.clone());
                    }
                }
            }
        }
        self.keys.iter().zip(best).filter_map(|(key, witness)| Some((key, witness?))).collect()
    }

    /// Whether any of the scopes overlaps the given one.
    pub fn meets(&self, scope: &Scope) -> bool {
        let mut product = Product::new(self.case);
        scope.globs().any(|claimed| {
            let mut reached = self.within_reach(claimed);
            reached.any(|holding| product.witness(claimed, &holding.glob).is_some())
        })
    }

    /// What stands on the way along the literal beginning of `claimed`, and everything below its end.
    fn within_reach(&self, claimed: &Glob) -> impl Iterator<Item = &Holding> {
        let head = self.case.key(claimed.head());
        let on_the_way: Vec<usize> =
            Parted::new(&head).beginnings().filter_map(|(head, _)| self.at.get(head)).copied().collect();
        on_the_way.into_iter().chain(self.below(&head)).flat_map(|at| self.places[at].holdings())
    }

    /// The places whose heads go on from `head`.
    fn below(&self, head: &str) -> Range<usize> {
        if head.is_empty() {
            return usize::from(self.at.get("").is_some())..self.places.len();
        }
        let folder = format!("{head}/");
        let from = self.places.partition_point(|place| *place.head < *folder);
        let inside = self.places[from..].partition_point(|place| place.head.starts_with(&folder));
        from..from + inside
    }
}

impl Place {
    fn find(&self, beneath: Beneath<'_>, case: CaseRule, found: &mut Vec<usize>) {
        if let Some(whole) = &self.whole {
            found.extend_from_slice(&whole.holders);
        }
        if !beneath.as_str().is_empty() {
            if let Some(inside) = &self.inside {
                found.extend_from_slice(&inside.holders);
            }
            self.crowd.find(beneath, case, found);
        }
    }

    fn holdings(&self) -> impl Iterator<Item = &Holding> {
        self.whole.iter().chain(&self.inside).chain(self.crowd.holdings())
    }
}

fn depth_bit(names: usize) -> u64 {
    1 << names.min(63)
}

/// The places while they grow.
struct Draft {
    case: CaseRule,
    places: Vec<DraftPlace>,
    at: Texts<usize>,
    /// Where in the crowd of its place a glob stands that was met before.
    seats: HashMap<Arc<Glob>, usize, RandomState>,
}

struct DraftPlace {
    head: Box<str>,
    whole: Option<Holding>,
    inside: Option<Holding>,
    crowd: Vec<Holding>,
}

impl Draft {
    fn new(case: CaseRule) -> Self {
        Self { case, places: Vec::new(), at: Texts::default(), seats: HashMap::default() }
    }

    fn insert(&mut self, glob: &Arc<Glob>, holder: usize) {
        let at = self.place_of(glob);
        let place = &mut self.places[at];
        let holding = match glob.rest() {
            [] => place.whole.get_or_insert_with(|| Holding::of(glob)),
            [Segment::Any] => place.inside.get_or_insert_with(|| Holding::of(glob)),
            _ => {
                let seat = *self.seats.entry(glob.clone()).or_insert(place.crowd.len());
                if seat == place.crowd.len() {
                    place.crowd.push(Holding::of(glob));
                }
                &mut place.crowd[seat]
            }
        };
        holding.holders.push(holder);
    }

    /// The place of the literal beginning of `glob`; made when it isn't there yet.
    fn place_of(&mut self, glob: &Glob) -> usize {
        let head = self.case.key(glob.head());
        if let Some(&at) = self.at.get(&head) {
            return at;
        }
        let at = self.places.len();
        self.at.insert(&head, at);
        self.places.push(DraftPlace { head: head.into(), whole: None, inside: None, crowd: Vec::new() });
        at
    }

    fn finish(mut self) -> Vec<Place> {
        self.places.sort_unstable_by(|a, b| a.head.cmp(&b.head));
        let places = self.places.into_iter().map(|draft| Place {
            head: draft.head,
            whole: draft.whole,
            inside: draft.inside,
            crowd: Crowd::new(draft.crowd, self.case),
        });
        places.collect()
    }
}
