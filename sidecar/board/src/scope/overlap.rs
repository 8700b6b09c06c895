//! Whether some path lies in two scopes, and which.
//!
//! Two alternatives are two automata over names, one state a segment, and the last state takes everything below. Their
//! product is walked like the one within a name (`names`): forward only, cheapest way first, cost in bytes. What comes
//! out is the shortest path in both, or the certainty that there is none. Most pairs never get that far: they part in
//! their literal beginnings.

use std::borrow::Cow;

use super::{
    case::CaseRule,
    glob::{self, Glob, Name, Segment},
    index::ScopeIndex,
    names::Meeting,
    set::Scope,
};
use crate::path::ProjectPath;

/// A path that lies in both of two scopes.
pub type Witness = ProjectPath;

/// More pairs of patterns than this are sorted before they are compared.
const FEW_PAIRS: usize = 1024;

/// A path that lies in both scopes, if and only if there is one.
///
/// It is the shortest one, and among the shortest one of readable characters, but for one thing: a name does not begin
/// with a dot where it needn't (`src/a.rs` for `src/**` and `*.rs`). Exact for every pair of valid scopes: a path that
/// would be longer than a [`ProjectPath`] can be does not count. Typical pairs take well under a microsecond; a pair of
/// patterns at all bounds takes milliseconds.
pub fn overlap(a: &Scope, b: &Scope, case: CaseRule) -> Option<Witness> {
    if a.len().saturating_mul(b.len()) > FEW_PAIRS {
        return ScopeIndex::new([((), b)], case).overlaps(a).pop().map(|(_, witness)| witness);
    }
    let mut product = Product::new(case);
    let mut best: Option<Witness> = None;
    for theirs in b.globs() {
        for ours in a.globs() {
            let Some(witness) = product.witness(ours, theirs) else { continue };
            if best.as_ref().is_none_or(|best| is_pleasanter(&witness, best)) {
                best = Some(witness);
            }
        }
    }
    best
}

/// The preference among witnesses of the same scopes: the shorter one, then the one with fewer leading dots.
pub(super) fn is_pleasanter(a: &Witness, b: &Witness) -> bool {
    let dots = |path: &Witness| path.segments().filter(|name| name.starts_with('.')).count();
    let length = |path: &Witness| path.as_str().len();
    length(a).cmp(&length(b)).then_with(|| (dots(a), a).cmp(&(dots(b), b))).is_lt()
}

/// A segment asks for a name or, being `**`, for none.
type Step<'g> = Option<Name<'g>>;

/// The cheapest way into a pair of states that is known: its bytes, a slash after each name, and where it came from.
#[derive(Clone, Copy)]
struct Entry {
    bytes: u32,
    from: u32,
}

const UNREACHED: Entry = Entry { bytes: u32::MAX, from: 0 };

/// Compares globs, one pair after the other; it only keeps its memory between them.
pub(super) struct Product<'g> {
    case: CaseRule,
    a: Vec<Step<'g>>,
    b: Vec<Step<'g>>,
    entries: Vec<Entry>,
}

impl<'g> Product<'g> {
    pub(super) fn new(case: CaseRule) -> Self {
        Self { case, a: Vec::new(), b: Vec::new(), entries: Vec::new() }
    }

    /// A path that both globs cover, if and only if there is one.
    pub(super) fn witness(&mut self, a: &'g Glob, b: &'g Glob) -> Option<Witness> {
        let (shared, a_beneath, b_beneath) = shared_head(a.head(), b.head(), self.case)?;
        set_steps(&mut self.a, a_beneath, a.rest());
        set_steps(&mut self.b, b_beneath, b.rest());
        if self.part_early() {
            return None;
        }
        self.walk();
        let way = self.cheapest_way()?;
        let pleasant = spell(shared, way.iter().filter_map(|meeting| meeting.pleasant(self.case)));
        pleasant.or_else(|| spell(shared, way.iter().filter_map(|meeting| meeting.shortest(self.case))))
    }

    /// Whether a glance is enough: a name of one side, before any `**`, that the other side's does not admit.
    fn part_early(&self) -> bool {
        let pairs = self.a.iter().zip(&self.b).map_while(|(a, b)| (*a).zip(*b));
        pairs.into_iter().any(|pair| match pair {
            (Name::Literal(name), other) | (other, Name::Literal(name)) => !other.matches(name, self.case),
            _ => false,
        })
    }

    fn walk(&mut self) {
        let pairs = (self.a.len() + 1) * (self.b.len() + 1);
        self.entries.clear();
        self.entries.resize(pairs, UNREACHED);
        self.entries[0].bytes = 0;
        for index in 0..pairs {
            if self.entries[index].bytes != u32::MAX {
                self.leave(index);
            }
        }
    }

    /// Every step raises the index.
    fn leave(&mut self, from: usize) {
        let width = self.b.len() + 1;
        let (a, b) = self.at(from);
        if matches!(a, Some(None)) {
            self.reach(from + width, from, 0);
        }
        if matches!(b, Some(None)) {
            self.reach(from + 1, from, 0);
        }
        let (a, b) = (a.flatten(), b.flatten());
        if let Some(name) = meeting(a, b).and_then(|meeting| meeting.shortest(self.case)) {
            let past = |step: Step<'_>| usize::from(step.is_some());
            self.reach(from + past(a) * width + past(b), from, name.len() as u32 + 1);
        }
    }

    /// The two steps ahead; none behind the last one, where a side takes everything.
    fn at(&self, index: usize) -> (Option<Step<'g>>, Option<Step<'g>>) {
        let width = self.b.len() + 1;
        (self.a.get(index / width).copied(), self.b.get(index % width).copied())
    }

    fn reach(&mut self, to: usize, from: usize, more: u32) {
        let bytes = self.entries[from].bytes + more;
        if bytes < self.entries[to].bytes {
            self.entries[to] = Entry { bytes, from: from as u32 };
        }
    }

    /// The meetings along the cheapest way to the end of both, when there is one.
    fn cheapest_way(&self) -> Option<Vec<Meeting<'g>>> {
        let mut index = self.entries.len() - 1;
        if self.entries[index].bytes == u32::MAX {
            return None;
        }
        let mut way = Vec::with_capacity(self.a.len() + self.b.len());
        while index > 0 {
            let from = self.entries[index].from as usize;
            if self.entries[index].bytes > self.entries[from].bytes {
                let (a, b) = self.at(from);
                way.extend(meeting(a.flatten(), b.flatten()));
            }
            index = from;
        }
        way.reverse();
        Some(way)
    }
}

/// The shorter of two heads and what each of them has beyond it; nothing when they part.
fn shared_head<'g>(a: &'g str, b: &'g str, case: CaseRule) -> Option<(&'g str, &'g str, &'g str)> {
    if a.len() < b.len() {
        glob::below(b, a, case).map(|beneath| (a, "", beneath))
    } else {
        glob::below(a, b, case).map(|beneath| (&a[..b.len()], beneath, ""))
    }
}

fn set_steps<'g>(steps: &mut Vec<Step<'g>>, literals: &'g str, segments: &'g [Segment]) {
    steps.clear();
    steps.extend(glob::names(literals).map(|name| Some(Name::Literal(name))));
    steps.extend(segments.iter().map(Segment::name));
}

/// What the next name has to be. Where no side asks for one, none leads on.
fn meeting<'g>(a: Step<'g>, b: Step<'g>) -> Option<Meeting<'g>> {
    match (a, b) {
        (None, None) => None,
        (a, b) => Some(Meeting { a: a.unwrap_or(Name::Any), b: b.unwrap_or(Name::Any) }),
    }
}

/// No path when it would be too long for one.
fn spell<'g>(head: &'g str, names: impl Iterator<Item = Cow<'g, str>>) -> Option<Witness> {
    let head = Some(Cow::Borrowed(head)).filter(|head| !head.is_empty());
    ProjectPath::of_names(&head.into_iter().chain(names).collect::<Vec<_>>())
}
