//! The globs with wildcards that begin in one place, and which of them are worth a look for a given path.
//!
//! A few are simply tried. Many (every `*.rs` and `**/generated/**` of a board begins at the root) are sorted. What asks
//! for one name at any depth, or for one ending of it, is looked up by that. The others are sifted: any path that a
//! glob covers holds the glob's literals, and one pass of Aho-Corasick over the path finds, for every glob, its rarest
//! one. The sieve only ever lets too much through; what covers a path is decided by `glob` alone.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use aho_corasick::AhoCorasick;

use super::{
    case::CaseRule,
    glob::{Glob, Segment, covers},
    parted::{Beneath, Piece},
    texts::Texts,
    wild::Wild,
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
    sorted: Option<Box<Sorted>>,
}

impl Crowd {
    pub(super) fn new(holdings: Vec<Holding>, case: CaseRule) -> Self {
        let sorted = (holdings.len() > FEW).then(|| Box::new(Sorted::new(&holdings, case)));
        Self { holdings, sorted }
    }

    pub(super) fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    /// Adds the holders of every glob that covers the path.
    pub(super) fn find(&self, beneath: Beneath<'_>, case: CaseRule, found: &mut Vec<usize>) {
        let Some(sorted) = &self.sorted else {
            return self.try_each(0..self.holdings.len(), beneath.as_str(), case, found);
        };
        sorted.look_up(beneath, found);
        let beneath = beneath.as_str();
        self.try_each(sorted.others.candidates(beneath), beneath, case, found);
    }

    fn try_each(
        &self,
        globs: impl Iterator<Item = usize>,
        beneath: &str,
        case: CaseRule,
        found: &mut Vec<usize>,
    ) {
        for Holding { glob, holders } in globs.map(|at| &self.holdings[at]) {
            if covers(glob.rest(), beneath, case) {
                found.extend_from_slice(holders);
            }
        }
    }
}

/// The globs of a crowd by what they ask for.
#[derive(Debug)]
struct Sorted {
    /// Who holds `**/name`, by that name.
    named: Texts<Vec<usize>>,
    /// Who holds `**/*.ending`, by that ending and the dot before it.
    ending: Texts<Vec<usize>>,
    others: Sieve,
}

impl Sorted {
    fn new(holdings: &[Holding], case: CaseRule) -> Self {
        let mut named: Texts<Vec<usize>> = Texts::default();
        let mut ending: Texts<Vec<usize>> = Texts::default();
        let mut others = Vec::new();
        for (at, Holding { glob, holders }) in holdings.iter().enumerate() {
            match Asked::by(glob.rest()) {
                Asked::Name(name) => named.entry(&case.key(name)).extend(holders),
                Asked::Ending(text) => ending.entry(&case.key(text)).extend(holders),
                Asked::More(rest) => others.push((at, rest)),
            }
        }
        Self { named, ending, others: Sieve::new(&others, case) }
    }

    fn look_up(&self, beneath: Beneath<'_>, found: &mut Vec<usize>) {
        beneath.for_each_piece(|piece| {
            let holders = match piece {
                Piece::Name(name) => self.named.get(name),
                Piece::Ending(ending) => self.ending.get(ending),
            };
            found.extend_from_slice(holders.map_or(&[], Vec::as_slice));
        });
    }
}

/// What a glob asks of a path beneath its head.
enum Asked<'g> {
    /// This name somewhere: `**/name`.
    Name(&'g str),
    /// A name that ends so somewhere: `**/*.rs`.
    Ending(&'g str),
    More(&'g [Segment]),
}

impl<'g> Asked<'g> {
    fn by(rest: &'g [Segment]) -> Self {
        let ending = |wild: &'g Wild| wild.ending().filter(|ending| ending.starts_with('.'));
        match rest {
            [Segment::AnyDepth, Segment::Literal(name)] => Self::Name(name),
            [Segment::AnyDepth, Segment::Wild(wild)] => ending(wild).map_or(Self::More(rest), Self::Ending),
            _ => Self::More(rest),
        }
    }
}

#[derive(Debug)]
struct Sieve {
    literals: Option<AhoCorasick>,
    /// Which globs are looked at for each of the literals.
    with_literal: Vec<Vec<usize>>,
    /// Those that are always looked at.
    others: Vec<usize>,
}

impl Sieve {
    /// Each glob is always looked at where a sieve is not worth it, or the literals are too much for the automaton.
    fn new(globs: &[(usize, &[Segment])], case: CaseRule) -> Self {
        let sifted = (globs.len() > FEW).then(|| Self::of_literals(globs, case)).flatten();
        sifted.unwrap_or_else(|| {
            let others = globs.iter().map(|(at, _)| *at).collect();
            Self { literals: None, with_literal: Vec::new(), others }
        })
    }

    fn of_literals(globs: &[(usize, &[Segment])], case: CaseRule) -> Option<Self> {
        let literals: Vec<Vec<String>> = globs.iter().map(|(_, rest)| literals(rest)).collect();
        let mut frequency: HashMap<&str, usize> = HashMap::new();
        for literal in literals.iter().flatten() {
            *frequency.entry(literal).or_default() += 1;
        }
        let mut globs_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut others = Vec::new();
        for ((at, _), literals) in globs.iter().zip(&literals) {
            match literals.iter().min_by_key(|literal| (frequency[literal.as_str()], Reverse(literal.len())))
            {
                Some(rarest) => globs_of.entry(rarest).or_default().push(*at),
                None => others.push(*at),
            }
        }
        let fold = case == CaseRule::Fold;
        let literals = AhoCorasick::builder()
            .ascii_case_insensitive(fold)
            .prefilter(false)
            .build(globs_of.keys())
            .ok()?;
        Some(Self { literals: Some(literals), with_literal: globs_of.into_values().collect(), others })
    }

    fn candidates(&self, path: &str) -> impl Iterator<Item = usize> {
        let held = self.literals.iter().flat_map(move |literals| literals.find_overlapping_iter(path));
        let sifted = held.flat_map(|m| &self.with_literal[m.pattern().as_usize()]);
        self.others.iter().chain(sifted).copied()
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
