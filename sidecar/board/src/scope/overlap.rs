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
    let (left, right) = (a.globs().count(), b.globs().count());
    if left.saturating_mul(right) > FEW_PAIRS {
        return ScopeIndex::new([((), b)], case).overlaps(a).pop().map(|(_, witness)| witness);
    }
    let pairs = a.globs().flat_map(|x| b.globs().map(move |y| (x, y)));
    pairs.filter_map(|(x, y)| witness(x, y, case)).min_by(pleasanter)
}

/// The order of preference among witnesses of the same scopes.
pub(super) fn pleasanter(a: &Witness, b: &Witness) -> std::cmp::Ordering {
    (a.as_str().len(), a).cmp(&(b.as_str().len(), b))
}

/// A path that both globs cover, if and only if there is one.
pub(super) fn witness(a: &Glob, b: &Glob, case: CaseRule) -> Option<Witness> {
    let (shared, a_beneath, b_beneath) = shared_head(a.head(), b.head(), case)?;
    let (a, b) = (steps(a_beneath, a.rest()), steps(b_beneath, b.rest()));
    let way = Product::walk(&a, &b, case).cheapest_way()?;
    let head = || (!shared.is_empty()).then_some(Cow::Borrowed(shared)).into_iter();
    let pleasant = head().chain(way.iter().filter_map(|meeting| meeting.pleasant(case)));
    let shortest = head().chain(way.iter().filter_map(|meeting| meeting.shortest(case)));
    ProjectPath::of_names(pleasant).or_else(|| ProjectPath::of_names(shortest))
}

/// The shorter of two heads and what each of them has beyond it; nothing when they part.
fn shared_head<'g>(a: &'g str, b: &'g str, case: CaseRule) -> Option<(&'g str, &'g str, &'g str)> {
    match glob::below(a, b, case) {
        Some(beneath) => Some((&a[..b.len()], beneath, "")),
        None => Some((a, "", glob::below(b, a, case)?)),
    }
}

/// A segment asks for a name or, being `**`, for none.
type Step<'g> = Option<Name<'g>>;

fn steps<'g>(literals: &'g str, segments: &'g [Segment]) -> Vec<Step<'g>> {
    let names = literals.split('/').filter(|name| !name.is_empty());
    names.map(|name| Some(Name::Literal(name))).chain(segments.iter().map(Segment::name)).collect()
}

/// The cheapest way into a pair of states that is known: its bytes, a slash after each name, and where it came from.
#[derive(Clone, Copy)]
struct Entry {
    bytes: u32,
    from: u32,
}

const UNREACHED: Entry = Entry { bytes: u32::MAX, from: 0 };

struct Product<'s> {
    a: &'s [Step<'s>],
    b: &'s [Step<'s>],
    case: CaseRule,
    entries: Vec<Entry>,
}

impl<'s> Product<'s> {
    fn walk(a: &'s [Step<'s>], b: &'s [Step<'s>], case: CaseRule) -> Self {
        let pairs = (a.len() + 1) * (b.len() + 1);
        let mut product = Self { a, b, case, entries: vec![UNREACHED; pairs] };
        product.entries[0].bytes = 0;
        for index in 0..pairs {
            if product.entries[index].bytes != u32::MAX {
                product.leave(index);
            }
        }
        product
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
    fn at(&self, index: usize) -> (Option<Step<'s>>, Option<Step<'s>>) {
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
    fn cheapest_way(&self) -> Option<Vec<Meeting<'s>>> {
        let mut index = self.entries.len() - 1;
        if self.entries[index].bytes == u32::MAX {
            return None;
        }
        let mut way = Vec::new();
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

/// What the next name has to be. Where no side asks for one, none leads on.
fn meeting<'s>(a: Step<'s>, b: Step<'s>) -> Option<Meeting<'s>> {
    match (a, b) {
        (None, None) => None,
        (a, b) => Some(Meeting { a: a.unwrap_or(Name::Any), b: b.unwrap_or(Name::Any) }),
    }
}
