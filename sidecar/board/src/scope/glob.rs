//! One alternative of a pattern, as a list of segments.

use super::{
    case::CaseRule,
    error::{MAX_SEGMENTS, PatternFlaw},
    lex::{Lexeme, Lexer},
    wild::Wild,
};
use crate::path::ProjectPath;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Segment {
    /// `**`: any number of names, also none.
    AnyDepth,
    Name(Name),
}

/// What one name of a path has to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Name {
    /// `*`
    Any,
    Literal(Box<str>),
    Wild(Wild),
}

impl Name {
    pub(super) fn matches(&self, name: &str, case: CaseRule) -> bool {
        match self {
            Name::Any => true,
            Name::Literal(own) => case.same(own, name),
            Name::Wild(wild) => wild.matches(name, case),
        }
    }
}

/// Covers what its segments match, and all below.
///
/// Kept in a form in which what comes to the same is the same: it never ends in `**`, and `**` never stands before
/// another one or before a tail of nothing but `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Glob {
    segments: Vec<Segment>,
}

impl Glob {
    /// Reads a pattern without braces.
    pub(super) fn parse(text: &str, anchored: bool) -> Result<Self, PatternFlaw> {
        if text.starts_with('/') {
            return Err(PatternFlaw::Absolute);
        }
        let mut segments = Vec::new();
        for part in text.split('/') {
            segments.extend(read_segment(part)?);
        }
        if segments.is_empty() {
            return Err(PatternFlaw::Empty);
        }
        if !anchored {
            segments.insert(0, Segment::AnyDepth);
        }
        let literal = |segment: &Segment| matches!(segment, Segment::Name(Name::Literal(_)));
        if segments.len() > MAX_SEGMENTS && !segments.iter().all(literal) {
            return Err(PatternFlaw::TooManySegments(segments.len()));
        }
        simplify(&mut segments);
        Ok(Self { segments })
    }

    /// The glob of this very path, of however many names.
    pub(super) fn literal(path: &ProjectPath) -> Self {
        let segments = path.segments().map(|name| Segment::Name(Name::Literal(name.into())));
        Self { segments: segments.collect() }
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The names before the first wildcard.
    pub(super) fn literal_prefix(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().map_while(|segment| match segment {
            Segment::Name(Name::Literal(name)) => Some(&**name),
            _ => None,
        })
    }

    /// The one path that it stands for, when it has no wildcards.
    pub(super) fn as_literal(&self) -> Option<String> {
        let names: Vec<&str> = self.literal_prefix().collect();
        (names.len() == self.segments.len()).then(|| names.join("/"))
    }
}

/// Whether `segments` match a beginning of `names`.
///
/// On a mismatch the last `**` takes one name more: an earlier one never has to, since all below is covered anyway.
pub(super) fn covers(segments: &[Segment], names: &[&str], case: CaseRule) -> bool {
    let (mut segments, mut names) = (segments, names);
    let mut last_any_depth = None;
    loop {
        match (segments, names) {
            ([], _) => return true,
            ([Segment::AnyDepth, after @ ..], _) => {
                segments = after;
                last_any_depth = Some((segments, names));
            }
            (_, []) => return false,
            ([Segment::Name(own), after @ ..], [name, below @ ..]) if own.matches(name, case) => {
                (segments, names) = (after, below);
            }
            _ => match last_any_depth {
                Some((after, [_, from @ ..])) => {
                    (segments, names) = (after, from);
                    last_any_depth = Some((after, from));
                }
                _ => return false,
            },
        }
    }
}

/// Nothing for an empty name and for `.`, which name the folder that they stand in.
fn read_segment(part: &str) -> Result<Option<Segment>, PatternFlaw> {
    if part.len() > 1 && part.bytes().all(|b| b == b'*') {
        return Ok(Some(Segment::AnyDepth));
    }
    let name = match literal(part)?.as_deref() {
        Some("" | ".") => return Ok(None),
        Some("..") => return Err(PatternFlaw::Outside),
        Some(text) => Name::Literal(text.into()),
        None if part == "*" => Name::Any,
        None => Name::Wild(Wild::parse(part)?),
    };
    Ok(Some(Segment::Name(name)))
}

/// The text without its escapes, when there is no wildcard in it.
fn literal(part: &str) -> Result<Option<String>, PatternFlaw> {
    let mut text = String::with_capacity(part.len());
    for item in Lexer::new(part) {
        match item?.0 {
            lexeme if lexeme.is_wildcard() => return Ok(None),
            Lexeme::Plain(c) | Lexeme::Escaped(c) => text.push(c),
            Lexeme::Class(_) => return Ok(None),
        }
    }
    Ok(Some(text))
}

fn simplify(segments: &mut Vec<Segment>) {
    if segments.last() == Some(&Segment::AnyDepth) {
        segments.push(Segment::Name(Name::Any));
    }
    segments.dedup_by(|a, b| *a == Segment::AnyDepth && *b == Segment::AnyDepth);
    let tail = segments.iter().rev().take_while(|segment| **segment == Segment::Name(Name::Any)).count();
    let before_tail = segments.len() - tail;
    if before_tail > 0 && segments[before_tail - 1] == Segment::AnyDepth {
        segments.remove(before_tail - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(text: &str) -> Glob {
        Glob::parse(text, true).unwrap()
    }

    fn covers_path(text: &str, path: &str) -> bool {
        let names: Vec<&str> = path.split('/').collect();
        covers(glob(text).segments(), &names, CaseRule::Sensitive)
    }

    #[test]
    fn what_comes_to_the_same_is_the_same() {
        for (a, b) in [
            ("a/**", "a/*"),
            ("a/**/**", "a/*"),
            ("a/**/*/*", "a/*/*"),
            ("a/**/**/b", "a/**/b"),
            ("a/***/b", "a/**/b"),
            ("**", "*"),
            ("a/./b//", "a/b"),
            (r"a/\./b", "a/b"),
        ] {
            assert_eq!(glob(a), glob(b), "{a} and {b}");
        }
        assert_ne!(glob("a/**"), glob("a"));
        assert_ne!(glob("a/**/b"), glob("a/b"));
    }

    #[test]
    fn any_depth_is_none_or_many_names_and_at_the_end_one_at_least() {
        for (text, inside, outside) in [
            ("a/**/b", &["a/b", "a/x/b", "a/x/y/b/z"][..], &["a", "b", "a/x", "x/a/b"][..]),
            ("**/a/b", &["a/b", "x/a/b", "a/a/b", "a/x/a/b/c"], &["a", "a/x/b"]),
            ("**/a/**/b/c", &["a/b/c", "a/b/b/c", "a/b/x/b/c"], &["a/b/x/c", "b/c"]),
            ("a/**", &["a/x", "a/x/y"], &["a", "b/x"]),
            ("a", &["a", "a/b"], &["ab", "b/a"]),
            ("a/*/c", &["a/b/c", "a/b/c/d"], &["a/c", "a/b/b/c"]),
        ] {
            for path in inside {
                assert!(covers_path(text, path), "{text} covers {path}");
            }
            for path in outside {
                assert!(!covers_path(text, path), "{text} leaves {path}");
            }
        }
    }

    #[test]
    fn many_any_depths_take_no_exponential_time() {
        assert!(!covers_path(&"**/a/".repeat(31), &vec!["a"; 30].join("/")));
        assert!(!covers_path(&"**/a/".repeat(31), &vec!["b"; 2000].join("/")));
    }
}
