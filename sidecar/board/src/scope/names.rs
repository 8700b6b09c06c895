//! The shortest name that two segments share.
//!
//! Two segments with wildcards are two automata with one state a token. Their product is walked once, in an order in
//! which every step leads forward, so the cheapest way into a state is known when the state is reached; the cost is the
//! length in bytes. A third, tiny automaton runs along: it keeps names that are no names (empty, `.`, `..`) from counting.

use std::borrow::Cow;

use super::{case::CaseRule, glob::Name, wild::Token};

/// Two segments that one name has to match.
#[derive(Clone, Copy)]
pub(super) struct Meeting<'n> {
    pub(super) a: Name<'n>,
    pub(super) b: Name<'n>,
}

impl<'n> Meeting<'n> {
    /// The shortest name that both match; none when they share none, or only such as no path holds.
    pub(super) fn shortest(&self, case: CaseRule) -> Option<Cow<'n, str>> {
        match (self.a, self.b) {
            (Name::Any, Name::Any) => Some("a".into()),
            (Name::Literal(name), other) | (other, Name::Literal(name)) => {
                other.matches(name, case).then_some(name.into())
            }
            (Name::Wild(wild), Name::Any) | (Name::Any, Name::Wild(wild)) => {
                wild.shortest_name(case).map(Cow::Borrowed)
            }
            (Name::Wild(a), Name::Wild(b)) => shortest_common(a.tokens(), b.tokens(), case).map(Cow::Owned),
        }
    }

    /// The same, but with a letter before a leading dot that is there only because nothing is shorter.
    pub(super) fn pleasant(&self, case: CaseRule) -> Option<Cow<'n, str>> {
        let name = self.shortest(case)?;
        if name.starts_with('.') {
            let lettered = ["a", &*name].concat();
            if self.a.matches(&lettered, case) && self.b.matches(&lettered, case) {
                return Some(lettered.into());
            }
        }
        Some(name)
    }
}

/// The shortest name that matches: each `*` stands for nothing, unless that is no name.
pub(super) fn shortest(tokens: &[Token], case: CaseRule) -> Option<String> {
    let mut name = String::new();
    for token in tokens.iter().filter(|token| **token != Token::Star) {
        match choices(token, &Token::Any, case) {
            [dot, Some(c)] if dot.is_none() || c.is_ascii() => name.push(c),
            _ => return shortest_common(tokens, &[Token::Star], case),
        }
    }
    match name.as_str() {
        "" | "." | ".." => shortest_common(tokens, &[Token::Star], case),
        _ => Some(name),
    }
}

fn shortest_common(a: &[Token], b: &[Token], case: CaseRule) -> Option<String> {
    if part_before_a_wildcard(a.iter().zip(b), case)
        || part_before_a_wildcard(a.iter().rev().zip(b.iter().rev()), case)
    {
        return None;
    }
    Product::walk(a, b, case).shortest()
}

/// Whether a glance at one end is enough: two characters there that are not the same.
fn part_before_a_wildcard<'t>(pairs: impl Iterator<Item = (&'t Token, &'t Token)>, case: CaseRule) -> bool {
    for pair in pairs {
        match pair {
            (Token::Char(x), Token::Char(y)) if !case.same_char(*x, *y) => return true,
            (Token::Char(_), Token::Char(_)) => {}
            _ => return false,
        }
    }
    false
}

/// What the characters so far are, as a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Empty,
    Dot,
    DotDot,
    Name,
}

const SHAPES: [Shape; 4] = [Shape::Empty, Shape::Dot, Shape::DotDot, Shape::Name];

impl Shape {
    fn with(self, c: char) -> Self {
        match (self, c) {
            (Shape::Empty, '.') => Shape::Dot,
            (Shape::Dot, '.') => Shape::DotDot,
            _ => Shape::Name,
        }
    }
}

#[derive(Clone, Copy)]
struct State {
    a: usize,
    b: usize,
    shape: Shape,
}

/// The cheapest way into a state that is known.
#[derive(Clone, Copy)]
struct Entry {
    bytes: u32,
    from: u32,
    /// Nothing when a `*` was left without spending a character.
    spelled: Option<char>,
}

const UNREACHED: Entry = Entry { bytes: u32::MAX, from: 0, spelled: None };

struct Product<'t> {
    a: &'t [Token],
    b: &'t [Token],
    case: CaseRule,
    entries: Vec<Entry>,
}

impl<'t> Product<'t> {
    fn walk(a: &'t [Token], b: &'t [Token], case: CaseRule) -> Self {
        let states = (a.len() + 1) * (b.len() + 1) * SHAPES.len();
        let mut product = Self { a, b, case, entries: vec![UNREACHED; states] };
        product.entries[0].bytes = 0;
        for index in 0..states {
            if product.entries[index].bytes != u32::MAX {
                product.leave(product.state(index));
            }
        }
        product
    }

    fn index(&self, state: State) -> usize {
        (state.a * (self.b.len() + 1) + state.b) * SHAPES.len() + state.shape as usize
    }

    fn state(&self, index: usize) -> State {
        let pair = index / SHAPES.len();
        let width = self.b.len() + 1;
        State { a: pair / width, b: pair % width, shape: SHAPES[index % SHAPES.len()] }
    }

    /// Every step raises the index, except one between two `*` that changes nothing.
    fn leave(&mut self, state: State) {
        let (a, b) = (self.a.get(state.a), self.b.get(state.b));
        let past = |token: Option<&Token>, at: usize| if token == Some(&Token::Star) { at } else { at + 1 };
        if a == Some(&Token::Star) {
            self.reach(State { a: state.a + 1, ..state }, state, None);
        }
        if b == Some(&Token::Star) {
            self.reach(State { b: state.b + 1, ..state }, state, None);
        }
        if let (Some(x), Some(y)) = (a, b) {
            for c in choices(x, y, self.case).into_iter().flatten() {
                let next = State { a: past(a, state.a), b: past(b, state.b), shape: state.shape.with(c) };
                self.reach(next, state, Some(c));
            }
        }
    }

    fn reach(&mut self, next: State, from: State, spelled: Option<char>) {
        let from = self.index(from);
        let bytes = self.entries[from].bytes + spelled.map_or(0, char::len_utf8) as u32;
        let index = self.index(next);
        // Among equals the later one, which is the one without the dot.
        if bytes <= self.entries[index].bytes {
            self.entries[index] = Entry { bytes, from: from as u32, spelled };
        }
    }

    fn shortest(&self) -> Option<String> {
        let mut index = self.entries.len() - 1;
        if self.entries[index].bytes == u32::MAX {
            return None;
        }
        let mut spelled = Vec::new();
        while index > 0 {
            spelled.extend(self.entries[index].spelled);
            index = self.entries[index].from as usize;
        }
        Some(spelled.into_iter().rev().collect())
    }
}

/// The characters worth trying where both tokens stand: the dot, since it can leave a name that is none, and the shortest
/// other one.
fn choices(a: &Token, b: &Token, case: CaseRule) -> [Option<char>; 2] {
    match (a, b) {
        (Token::Char(c), other) | (other, Token::Char(c)) => [None, other.admits(*c, case).then_some(*c)],
        _ => {
            let (a, b) = (a.view(case), b.view(case));
            [a.shares_dot(b).then_some('.'), a.shared_char(b)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::glob::Glob;

    fn glob(text: &str) -> Glob {
        Glob::parse(text, true).unwrap()
    }

    fn name(glob: &Glob) -> Name<'_> {
        glob.as_literal().map(Name::Literal).or_else(|| glob.rest()[0].name()).unwrap()
    }

    fn common(a: &str, b: &str, case: CaseRule) -> Option<String> {
        let (a, b) = (glob(a), glob(b));
        let (a, b) = (name(&a), name(&b));
        let found = Meeting { a, b }.shortest(case).map(Cow::into_owned);
        let turned = Meeting { a: b, b: a }.shortest(case).map(|name| name.len());
        assert_eq!(turned, found.as_ref().map(String::len), "the order of the two does not matter");
        found
    }

    #[test]
    fn the_shortest_and_most_readable_name_is_found() {
        for (a, b, expected) in [
            ("*", "*", Some("a")),
            ("a*", "*", Some("a")),
            ("a*", "*b", Some("ab")),
            ("a*b", "*ab*", Some("ab")),
            ("ab*", "*ba", Some("aba")),
            ("*.rs", "lib*", Some("lib.rs")),
            ("*.rs", "*.ts", None),
            ("*a*", "[!a]", None),
            ("??", "*é", Some("aé")),
            ("[x-z]", "[a-y]", Some("x")),
            ("lib.rs", "*.rs", Some("lib.rs")),
            ("[!a-z]?", "?[!0-9]", Some("0a")),
        ] {
            assert_eq!(common(a, b, CaseRule::Sensitive).as_deref(), expected, "{a} and {b}");
        }
    }

    #[test]
    fn a_dot_leads_only_where_it_must() {
        for (a, b, expected) in [
            ("*.rs", "*", "a.rs"),
            ("*.rs", "*.rs", "a.rs"),
            ("?*", "*.rs", "a.rs"),
            (".*", "*.rs", ".rs"),
            ("*.rs", "[.]rs", ".rs"),
            (".rs", "*", ".rs"),
        ] {
            let (a, b) = (glob(a), glob(b));
            let pleasant = Meeting { a: name(&a), b: name(&b) }.pleasant(CaseRule::Sensitive);
            assert_eq!(pleasant.as_deref(), Some(expected), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn empty_names_and_dots_are_no_names() {
        for (a, b, expected) in [
            ("[.]", "*", None),
            ("[.][.]", "*", None),
            ("[.][.][.]", "*", Some("...")),
            ("[.]*", "*[.]", Some(".a.")),
            ("[.]*", "*", Some(".a")),
            ("*.*", "?", None),
            ("*[.]", "??", Some("a.")),
            ("[.é]*", "?", Some("é")),
            ("[.][.é]", "*", Some(".é")),
        ] {
            assert_eq!(common(a, b, CaseRule::Sensitive).as_deref(), expected, "{a} and {b}");
        }
    }

    #[test]
    fn folding_lets_cases_meet() {
        assert_eq!(common("README*", "*me", CaseRule::Fold).as_deref(), Some("README"));
        assert_eq!(common("README*", "*me", CaseRule::Sensitive).as_deref(), Some("READMEme"));
        assert_eq!(common("[A-C]", "[c-e]", CaseRule::Fold).as_deref(), Some("c"));
        assert_eq!(common("[!a-z]", "[A-Z]", CaseRule::Fold), None);
        assert_eq!(common("[!a-z]", "[A-Z]", CaseRule::Sensitive).as_deref(), Some("A"));
    }

    #[test]
    fn the_largest_segments_stay_cheap() {
        let (a, b) = ("a*".repeat(63), "*a".repeat(63));
        assert_eq!(common(&a, &b, CaseRule::Sensitive), Some("a".repeat(63)));
    }
}
