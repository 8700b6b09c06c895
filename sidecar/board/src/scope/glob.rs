//! One alternative of a pattern: the literal names it begins with, and the segments after them.
//!
//! Most patterns of a board are literal to the end or nearly so. Their beginning is one text, compared as a whole, and
//! that settles most questions before a wildcard is looked at.

use std::borrow::Cow;

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
    /// `*`
    Any,
    Literal(Box<str>),
    Wild(Wild),
}

/// What one name of a path has to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Name<'g> {
    Any,
    Literal(&'g str),
    Wild(&'g Wild),
}

impl Segment {
    /// Nothing for `**`, which asks for no name.
    pub(super) fn name(&self) -> Option<Name<'_>> {
        match self {
            Segment::AnyDepth => None,
            Segment::Any => Some(Name::Any),
            Segment::Literal(text) => Some(Name::Literal(text)),
            Segment::Wild(wild) => Some(Name::Wild(wild)),
        }
    }
}

impl Name<'_> {
    pub(super) fn matches(self, name: &str, case: CaseRule) -> bool {
        match self {
            Name::Any => true,
            Name::Literal(own) => case.same(own, name),
            Name::Wild(wild) => wild.matches(name, case),
        }
    }
}

/// Covers what it matches, and all below.
///
/// Kept in a form in which what comes to the same is the same: it never ends in `**`, and `**` never stands before
/// another one or before a tail of nothing but `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Glob {
    /// The names before the first wildcard, with slashes between them; maybe none.
    head: Box<str>,
    /// From the first wildcard on; the head and this are not both empty.
    rest: Box<[Segment]>,
}

impl Glob {
    /// Reads a pattern without braces.
    pub(super) fn parse(text: &str, anchored: bool) -> Result<Self, PatternFlaw> {
        if text.starts_with('/') {
            return Err(PatternFlaw::Absolute);
        }
        let mut head = String::with_capacity(text.len());
        let mut rest = if anchored { Vec::new() } else { vec![Segment::AnyDepth] };
        let mut segments = 0;
        for segment in parts(text).filter_map(|part| read_segment(part).transpose()) {
            segments += 1;
            match segment? {
                Segment::Literal(name) if rest.is_empty() => {
                    head.push_str(if head.is_empty() { "" } else { "/" });
                    head.push_str(&name);
                }
                segment => rest.push(segment),
            }
        }
        if segments == 0 {
            return Err(PatternFlaw::Empty);
        }
        if segments > MAX_SEGMENTS && !rest.is_empty() {
            return Err(PatternFlaw::TooManySegments(segments));
        }
        simplify(&mut rest);
        Ok(Self { head: head.into(), rest: rest.into() })
    }

    /// Reads at a glance what nearly every pattern is: a path of plain names, or such a folder and `/**`. Every command
    /// reads the patterns of the whole board.
    pub(super) fn plain(text: &str) -> Option<Self> {
        let (head, all_below) = plain_parts(text);
        let rest = || if all_below { Box::from([Segment::Any]) } else { Box::default() };
        is_plain_path(head).then(|| Self { head: head.into(), rest: rest() })
    }

    pub(super) fn is_plain(text: &str) -> bool {
        is_plain_path(plain_parts(text).0)
    }

    /// The glob of this very path, of however many names.
    pub(super) fn literal(path: &ProjectPath) -> Self {
        Self { head: path.as_str().into(), rest: Box::default() }
    }

    pub(super) fn head(&self) -> &str {
        &self.head
    }

    pub(super) fn rest(&self) -> &[Segment] {
        &self.rest
    }

    /// The one path that it stands for, when it has no wildcards.
    pub(super) fn as_literal(&self) -> Option<&str> {
        self.rest.is_empty().then_some(&*self.head)
    }

    pub(super) fn covers(&self, path: &str, case: CaseRule) -> bool {
        below(path, &self.head, case).is_some_and(|path| covers(&self.rest, path, case))
    }
}

/// A path, and whether only what is below it is meant.
fn plain_parts(text: &str) -> (&str, bool) {
    text.strip_suffix("/**").map_or((text, false), |folder| (folder, true))
}

/// What follows `folder` in `path`, when `path` is the folder (then nothing follows) or lies below it.
pub(super) fn below<'p>(path: &'p str, folder: &str, case: CaseRule) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    let (own, rest) = path.split_at_checked(folder.len())?;
    if !case.same(own, folder) {
        return None;
    }
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Whether `segments` match a beginning of `path`, which may be empty.
///
/// On a mismatch the last `**` takes one name more: an earlier one never has to, since all below is covered anyway.
pub(super) fn covers(segments: &[Segment], path: &str, case: CaseRule) -> bool {
    let (mut segments, mut path) = (segments, path);
    let mut last_any_depth = None;
    loop {
        let Some((first, after)) = segments.split_first() else { return true };
        let Some(wanted) = first.name() else {
            segments = after;
            last_any_depth = Some((after, path));
            continue;
        };
        if path.is_empty() {
            return false;
        }
        let (name, beneath) = first_name(path);
        if wanted.matches(name, case) {
            (segments, path) = (after, beneath);
        } else {
            let Some((after, from)) = last_any_depth else { return false };
            (segments, path) = (after, first_name(from).1);
            last_any_depth = Some((after, path));
        }
    }
}

/// The first name of a path, and what follows it. Names are too short for a search that is good on long texts.
pub(super) fn first_name(path: &str) -> (&str, &str) {
    match path.bytes().position(|byte| byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (path, ""),
    }
}

/// What stands between the slashes of a text.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (part, beneath) = first_name(text);
        rest = (part.len() < text.len()).then_some(beneath);
        Some(part)
    })
}

/// The names of a path, which may have none.
pub(super) fn names(path: &str) -> impl Iterator<Item = &str> {
    parts(path).filter(|name| !name.is_empty())
}

/// Whether it is a path in its one spelling, of ASCII characters that mean nothing but themselves.
fn is_plain_path(text: &str) -> bool {
    let plain = |byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'\\' | b'*' | b'?' | b'[' | b'{');
    text.bytes().all(plain) && parts(text).all(|name| !matches!(name, "" | "." | ".."))
}

/// Nothing for an empty name and for `.`, which name the folder that they stand in.
fn read_segment(part: &str) -> Result<Option<Segment>, PatternFlaw> {
    if part.len() > 1 && part.bytes().all(|b| b == b'*') {
        return Ok(Some(Segment::AnyDepth));
    }
    Ok(match literal(part)?.as_deref() {
        Some("" | ".") => None,
        Some("..") => return Err(PatternFlaw::Outside),
        Some(text) => Some(Segment::Literal(text.into())),
        None if part == "*" => Some(Segment::Any),
        None => Some(Segment::Wild(Wild::parse(part)?)),
    })
}

/// The text without its escapes, when there is no wildcard in it.
fn literal(part: &str) -> Result<Option<Cow<'_, str>>, PatternFlaw> {
    if !part.bytes().any(|byte| matches!(byte, b'\\' | b'*' | b'?' | b'[')) {
        return Ok(Some(part.into()));
    }
    let mut text = String::with_capacity(part.len());
    for item in Lexer::new(part) {
        match item?.0 {
            lexeme if lexeme.is_wildcard() => return Ok(None),
            Lexeme::Plain(c) | Lexeme::Escaped(c) => text.push(c),
            Lexeme::Class(_) => return Ok(None),
        }
    }
    Ok(Some(text.into()))
}

fn simplify(segments: &mut Vec<Segment>) {
    if segments.last() == Some(&Segment::AnyDepth) {
        segments.push(Segment::Any);
    }
    segments.dedup_by(|a, b| *a == Segment::AnyDepth && *b == Segment::AnyDepth);
    let tail = segments.iter().rev().take_while(|segment| **segment == Segment::Any).count();
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

    fn covers(text: &str, path: &str) -> bool {
        glob(text).covers(path, CaseRule::Sensitive)
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
            ("a/é", &["a/é", "a/é/b"], &["a/éb", "a/e", "a/ü"]),
            ("a/*/c", &["a/b/c", "a/b/c/d"], &["a/c", "a/b/b/c"]),
        ] {
            for path in inside {
                assert!(covers(text, path), "{text} covers {path}");
            }
            for path in outside {
                assert!(!covers(text, path), "{text} leaves {path}");
            }
        }
    }

    #[test]
    fn many_any_depths_take_no_exponential_time() {
        assert!(!covers(&"**/a/".repeat(31), &vec!["a"; 30].join("/")));
        assert!(!covers(&"**/a/".repeat(31), &vec!["b"; 2000].join("/")));
    }
}
