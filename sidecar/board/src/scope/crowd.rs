//! The globs with wildcards that begin in one place, and which of them are worth a look for a given path.
//!
//! A few are simply tried. Many (every `*.rs` and `**/generated/**` of a board begins at the root) are first sifted: any
//! path that a glob covers holds the glob's literals, and one pass of Aho-Corasick over the path finds, for every glob, its
//! rarest one. The sieve only ever lets too much through; what covers a path is decided by `glob` alone.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use aho_corasick::AhoCorasick;

use super::{
    case::CaseRule,
    glob::{Glob, Segment, covers},
};

/// Up to so many globs it is not worth building a sieve.
const FEW: usize = 16;

/// A glob and the numbers of the scopes it stands in.
#[derive(Debug)]
pub(super) struct Holding {
    pub(super) glob: Arc<Glob>,
    pub(super) holders: Vec<usize>,
}

impl Holding {
    pub(super) fn of(glob: &Arc<Glob>) -> Self {
        Self { glob: glob.clone(), holders: Vec::new() }
    }
}

/// Globs that share their head, and differ in their rest.
#[derive(Debug)]
pub(super) struct Crowd {
    holdings: Vec<Holding>,
    sieve: Option<Sieve>,
}

impl Crowd {
    pub(super) fn new(holdings: Vec<Holding>, case: CaseRule) -> Self {
        let rests = || holdings.iter().map(|holding| holding.glob.rest());
        let sieve = (holdings.len() > FEW).then(|| Sieve::new(rests(), case)).flatten();
        Self { holdings, sieve }
    }

    pub(super) fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    /// Adds the holders of every glob that covers the path; `beneath` is what follows the head in it.
    pub(super) fn find(&self, beneath: &str, case: CaseRule, found: &mut Vec<usize>) {
        let mut look = |at: usize| {
            let Holding { glob, holders } = &self.holdings[at];
            if covers(glob.rest(), beneath, case) {
                found.extend(holders);
            }
        };
        match &self.sieve {
            None => (0..self.holdings.len()).for_each(look),
            Some(sieve) => sieve.candidates(beneath).for_each(&mut look),
        }
    }
}

#[derive(Debug)]
struct Sieve {
    literals: AhoCorasick,
    /// Which globs are looked at for each of the literals.
    with_literal: Vec<Vec<usize>>,
    without_literal: Vec<usize>,
}

impl Sieve {
    /// No sieve when the literals are too much for the automaton; then each glob is tried.
    fn new<'g>(globs: impl Iterator<Item = &'g [Segment]>, case: CaseRule) -> Option<Self> {
        let literals: Vec<Vec<String>> = globs.map(literals).collect();
        let mut frequency: HashMap<&str, usize> = HashMap::new();
        for literal in literals.iter().flatten() {
            *frequency.entry(literal).or_default() += 1;
        }
        let mut globs_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut without_literal = Vec::new();
        for (at, literals) in literals.iter().enumerate() {
            match literals.iter().min_by_key(|literal| (frequency[literal.as_str()], Reverse(literal.len())))
            {
                Some(rarest) => globs_of.entry(rarest).or_default().push(at),
                None => without_literal.push(at),
            }
        }
        let fold = case == CaseRule::Fold;
        let literals = AhoCorasick::builder()
            .ascii_case_insensitive(fold)
            .prefilter(false)
            .build(globs_of.keys())
            .ok()?;
        Some(Self { literals, with_literal: globs_of.into_values().collect(), without_literal })
    }

    fn candidates(&self, path: &str) -> impl Iterator<Item = usize> {
        let held = self
            .literals
            .find_overlapping_iter(path)
            .flat_map(|m| &self.with_literal[m.pattern().as_usize()]);
        self.without_literal.iter().chain(held).copied()
    }
}

/// Texts that stand in every path that `segments` cover; neighbouring literal names are one text.
fn literals(segments: &[Segment]) -> Vec<String> {
    let mut all = Vec::new();
    let mut last_was_literal = false;
    for segment in segments {
        match segment {
            Segment::Literal(name) => match all.last_mut().filter(|_| last_was_literal) {
                Some(last) => *last = format!("{last}/{name}"),
                None => all.push(name.to_string()),
            },
            Segment::Wild(wild) => all.extend(wild.literals()),
            Segment::Any | Segment::AnyDepth => {}
        }
        last_was_literal = matches!(segment, Segment::Literal(_));
    }
    all
}
