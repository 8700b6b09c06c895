//! Whether some path lies in two scopes, and which.
//!
//! Two alternatives are two automata over names, one state a segment, and the last state takes everything below. Their
//! product is walked like the one within a name (`names`): forward only, cheapest way first, cost in bytes. What comes
//! out is the shortest path in both, or the certainty that there is none. Most pairs never get that far: they part in
//! their literal beginnings.

use std::borrow::Cow;

use super::{
    case::CaseRule,
    glob::{Glob, Name, Segment, covers},
    index::ScopeIndex,
    names,
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
    let shortest = shortest_common_path(a.segments(), b.segments(), case)?;
    let pleasant = shortest
        .split('/')
        .any(|name| name.starts_with('.'))
        .then(|| without_leading_dots(&shortest, a, b, case));
    // The shortest is refused for its length alone, and then there is no other.
    pleasant.and_then(|path| ProjectPath::parse(&path).ok()).or_else(|| ProjectPath::parse(&shortest).ok())
}

/// Puts a letter before each leading dot that is there only because nothing is shorter.
fn without_leading_dots(path: &str, a: &Glob, b: &Glob, case: CaseRule) -> String {
    let mut names: Vec<Cow<'_, str>> = path.split('/').map(Cow::Borrowed).collect();
    for at in 0..names.len() {
        if names[at].starts_with('.') {
            let dotted = names[at].clone();
            names[at] = format!("a{dotted}").into();
            let spelled: Vec<&str> = names.iter().map(|name| &**name).collect();
            if !covers(a.segments(), &spelled, case) || !covers(b.segments(), &spelled, case) {
                names[at] = dotted;
            }
        }
    }
    names.join("/")
}

/// The shortest path, in bytes, that both cover. It may be longer than a path can be.
pub(super) fn shortest_common_path(a: &[Segment], b: &[Segment], case: CaseRule) -> Option<String> {
    let mut shared = 0;
    while let (Some(Segment::Name(Name::Literal(x))), Some(Segment::Name(Name::Literal(y)))) =
        (a.get(shared), b.get(shared))
    {
        if !case.same(x, y) {
            return None;
        }
        shared += 1;
    }
    Product::walk(&a[shared..], &b[shared..], case).shortest(&a[..shared])
}

/// The cheapest way into a pair of states that is known: its bytes, a slash after each name, and where it came from.
#[derive(Clone, Copy)]
struct Entry {
    bytes: u32,
    from: u32,
}

const UNREACHED: Entry = Entry { bytes: u32::MAX, from: 0 };

struct Product<'s> {
    a: &'s [Segment],
    b: &'s [Segment],
    case: CaseRule,
    entries: Vec<Entry>,
}

/// How one side stands to the next name.
enum Stand<'s> {
    /// It takes any name and stays where it is.
    Free,
    Wants(&'s Name),
}

fn stand(segments: &[Segment], at: usize) -> Stand<'_> {
    match segments.get(at) {
        Some(Segment::Name(name)) => Stand::Wants(name),
        Some(Segment::AnyDepth) | None => Stand::Free,
    }
}

impl<'s> Product<'s> {
    fn walk(a: &'s [Segment], b: &'s [Segment], case: CaseRule) -> Self {
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
        let (i, j) = (from / width, from % width);
        if self.a.get(i) == Some(&Segment::AnyDepth) {
            self.reach(from + width, from, 0);
        }
        if self.b.get(j) == Some(&Segment::AnyDepth) {
            self.reach(from + 1, from, 0);
        }
        if let Some((to, name)) = self.step(i, j) {
            self.reach(to, from, name.len() as u32 + 1);
        }
    }

    /// The pair that the cheapest next name leads to, when it leads on.
    fn step(&self, i: usize, j: usize) -> Option<(usize, Cow<'s, str>)> {
        let width = self.b.len() + 1;
        let (a, b, past_a, past_b) = match (stand(self.a, i), stand(self.b, j)) {
            (Stand::Free, Stand::Free) => return None,
            (Stand::Wants(name), Stand::Free) => (name, &Name::Any, 1, 0),
            (Stand::Free, Stand::Wants(name)) => (&Name::Any, name, 0, 1),
            (Stand::Wants(a), Stand::Wants(b)) => (a, b, 1, 1),
        };
        let name = names::shortest_common(a, b, self.case)?;
        Some(((i + past_a) * width + j + past_b, name))
    }

    fn reach(&mut self, to: usize, from: usize, more: u32) {
        let bytes = self.entries[from].bytes + more;
        if bytes < self.entries[to].bytes {
            self.entries[to] = Entry { bytes, from: from as u32 };
        }
    }

    /// `shared` is the literal beginning that both were relieved of.
    fn shortest(&self, shared: &[Segment]) -> Option<String> {
        let mut index = self.entries.len() - 1;
        if self.entries[index].bytes == u32::MAX {
            return None;
        }
        let mut tail = Vec::new();
        while index > 0 {
            let from = self.entries[index].from as usize;
            if self.entries[index].bytes > self.entries[from].bytes {
                let width = self.b.len() + 1;
                tail.extend(self.step(from / width, from % width).map(|(_, name)| name));
            }
            index = from;
        }
        let head = shared.iter().filter_map(|segment| match segment {
            Segment::Name(Name::Literal(name)) => Some(Cow::Borrowed(&**name)),
            _ => None,
        });
        Some(head.chain(tail.into_iter().rev()).collect::<Vec<_>>().join("/"))
    }
}
