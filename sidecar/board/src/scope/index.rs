//! Many scopes at once.
//!
//! Asking thousands of scopes one by one about each of a hundred thousand files takes too long. Here their globs hang
//! in a trie of their literal beginnings, so that a path, or a claim, only meets those that begin like it. Each place of the
//! trie keeps apart what needs no matching: a glob that ends there (`src/a`) covers all that comes by, and one that
//! goes on with `*` (`src/a/**`) all that goes further.

use std::{collections::HashMap, sync::Arc};

use super::{
    case::CaseRule,
    crowd::{Crowd, Holding},
    glob::{Glob, Segment, first_name, names},
    overlap::{Product, Witness, is_pleasanter},
    set::Scope,
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
    /// The places of the trie; the first is the project's root.
    places: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    below: HashMap<Box<str>, usize>,
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
        Self { keys, case, places: draft.finish() }
    }

    /// The keys of all scopes that cover the path, in the order in which the scopes were given.
    pub fn owners(&self, path: &ProjectPath) -> Vec<&K> {
        let path = self.case.key(path.as_str());
        let mut found = Vec::new();
        let mut place = &self.places[0];
        let mut beneath = &*path;
        while !beneath.is_empty() {
            found.extend(place.inside.iter().flat_map(|holding| &holding.holders));
            place.crowd.find(beneath, self.case, &mut found);
            let (name, rest) = first_name(beneath);
            let Some(&below) = place.below.get(name) else { break };
            (place, beneath) = (&self.places[below], rest);
            found.extend(place.whole.iter().flat_map(|holding| &holding.holders));
        }
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

    /// What hangs on the way along the literal beginning of `claimed`, and everything below its end.
    fn within_reach(&self, claimed: &Glob) -> Vec<&Holding> {
        let mut place = &self.places[0];
        let mut reached: Vec<&Holding> = place.holdings().collect();
        for name in names(&self.case.key(claimed.head())) {
            let Some(&below) = place.below.get(name) else { return reached };
            place = &self.places[below];
            reached.extend(place.holdings());
        }
        let mut pending: Vec<usize> = place.below.values().copied().collect();
        while let Some(at) = pending.pop() {
            pending.extend(self.places[at].below.values());
            reached.extend(self.places[at].holdings());
        }
        reached
    }
}

impl Place {
    fn holdings(&self) -> impl Iterator<Item = &Holding> {
        self.whole.iter().chain(&self.inside).chain(self.crowd.holdings())
    }
}

/// The trie while it grows.
struct Draft {
    case: CaseRule,
    places: Vec<DraftPlace>,
    /// Where in the crowd of its place a glob stands that was met before.
    seats: HashMap<Arc<Glob>, usize>,
}

#[derive(Default)]
struct DraftPlace {
    below: HashMap<Box<str>, usize>,
    whole: Option<Holding>,
    inside: Option<Holding>,
    crowd: Vec<Holding>,
}

impl Draft {
    fn new(case: CaseRule) -> Self {
        Self { case, places: vec![DraftPlace::default()], seats: HashMap::new() }
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

    /// The place where the literal beginning of `glob` ends; made when it isn't there yet.
    fn place_of(&mut self, glob: &Glob) -> usize {
        let mut at = 0;
        for name in names(&self.case.key(glob.head())) {
            at = match self.places[at].below.get(name) {
                Some(&below) => below,
                None => {
                    let below = self.places.len();
                    self.places[at].below.insert(name.into(), below);
                    self.places.push(DraftPlace::default());
                    below
                }
            };
        }
        at
    }

    fn finish(self) -> Vec<Place> {
        let places = self.places.into_iter().map(|draft| Place {
            below: draft.below,
            whole: draft.whole,
            inside: draft.inside,
            crowd: Crowd::new(draft.crowd, self.case),
        });
        places.collect()
    }
}
