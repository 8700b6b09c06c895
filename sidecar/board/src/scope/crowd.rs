//! The globs with wildcards that begin in one place, and which of them are worth a look for a given path.
//!
//! A few are simply tried. Many (every `*.rs` and `**/generated/**` of a board begins at the root) are first sifted: any
//! path that a glob covers holds the glob's longest literal, and one pass of Aho-Corasick over the path finds all the
//! literals that it holds. The sieve only ever lets too much through; what covers a path is decided by `glob` alone.

use std::{collections::HashMap, sync::Arc};

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
    /// Which globs have each of the literals.
    with_literal: Vec<Vec<usize>>,
    without_literal: Vec<usize>,
}

impl Sieve {
    /// No sieve when the literals are too much for the automaton; then each glob is tried.
    fn new<'g>(globs: impl Iterator<Item = &'g [Segment]>, case: CaseRule) -> Option<Self> {
        let mut numbers = HashMap::new();
        let mut with_literal: Vec<Vec<usize>> = Vec::new();
        let mut without_literal = Vec::new();
        for (at, segments) in globs.enumerate() {
            let literal = longest_literal(segments);
            if literal.is_empty() {
                without_literal.push(at);
                continue;
            }
            let number = *numbers.entry(literal).or_insert_with(|| {
                with_literal.push(Vec::new());
                with_literal.len() - 1
            });
            with_literal[number].push(at);
        }
        let mut texts = vec![String::new(); with_literal.len()];
        for (literal, number) in numbers {
            texts[number] = literal;
        }
        let fold = case == CaseRule::Fold;
        let literals = AhoCorasick::builder().ascii_case_insensitive(fold).build(texts).ok()?;
        Some(Self { literals, with_literal, without_literal })
    }

    fn candidates(&self, text: &str) -> impl Iterator<Item = usize> {
        let held = self
            .literals
            .find_overlapping_iter(text)
            .flat_map(|m| &self.with_literal[m.pattern().as_usize()]);
        self.without_literal.iter().chain(held).copied()
    }
}

/// The longest text that stands in every path that `segments` cover; neighbouring literal names are one text.
fn longest_literal(segments: &[Segment]) -> String {
    let mut longest = String::new();
    let mut names = String::new();
    for segment in segments {
        let candidate = match segment {
            Segment::Literal(name) => {
                names.push_str(if names.is_empty() { "" } else { "/" });
                names.push_str(name);
                names.clone()
            }
            Segment::Wild(wild) => {
                names.clear();
                wild.longest_literal()
            }
            Segment::Any | Segment::AnyDepth => {
                names.clear();
                continue;
            }
        };
        if candidate.len() > longest.len() {
            longest = candidate;
        }
    }
    longest
}
