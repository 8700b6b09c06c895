//! The simplest model of a pattern: built from pieces, never read from text, matched by trying everything.
//!
//! It renders itself as a pattern, as a regular expression and for `globset`, so that the code under test is compared with
//! things that share nothing with it, its parser included.

use std::fmt::Write;

#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Char(char),
    Slash,
    /// `?`
    One,
    /// `*`; two in a row that fill a segment are `**`.
    Star,
    Class {
        negated: bool,
        members: Vec<(char, char)>,
    },
    Alternatives(Vec<Vec<Piece>>),
}

use Piece::*;

/// `src/` and the like, for hand-made models.
pub fn text(text: &str) -> Vec<Piece> {
    text.chars().map(|c| if c == '/' { Slash } else { Char(c) }).collect()
}

#[derive(Clone, Debug)]
pub struct Model(pub Vec<Piece>);

/// One alternative, cut into segments.
type Segments = Vec<Vec<Piece>>;

impl Model {
    /// Whether the pieces make a pattern: no alternative is empty or absolute, none leaves the project, and they are not
    /// too many.
    pub fn is_pattern(&self) -> bool {
        let absolute = |pieces: &Vec<Piece>| pieces.first() == Some(&Slash);
        let spelled = expand(&self.0);
        spelled.len() <= MAX_ALTERNATIVES
            && !spelled.iter().any(absolute)
            && spelled.iter().all(|pieces| {
                let names = named_segments(pieces);
                !names.is_empty() && !names.contains(&vec![Char('.'); 2])
            })
    }

    /// Any depth: wildcards, and no slash but trailing ones.
    fn floats(&self) -> bool {
        let wild = self.0.iter().any(|piece| !matches!(piece, Char(_) | Slash));
        let names =
            self.0.split(|piece| *piece == Slash).filter(|part| !part.is_empty() && *part != [Char('.')]);
        let dot_first = self.0.starts_with(&[Char('.'), Slash]);
        wild && names.count() == 1 && !dot_first && !self.0.iter().any(has_slash_inside)
    }

    fn alternatives(&self) -> Vec<Segments> {
        let floats = self.floats();
        let finish = |pieces: Vec<Piece>| {
            let mut segments = named_segments(&pieces);
            if floats {
                segments.insert(0, vec![Star, Star]);
            }
            segments
        };
        expand(&self.0).into_iter().map(finish).collect()
    }

    pub fn covers(&self, path: &str, fold: bool) -> bool {
        let names: Vec<&str> = path.split('/').collect();
        let prefixes = || (1..=names.len()).map(|n| &names[..n]);
        self.alternatives().iter().any(|segments| prefixes().any(|names| matches(segments, names, fold)))
    }

    pub fn pattern(&self) -> String {
        let mut out = String::new();
        render(&self.0, &mut out);
        out
    }

    /// A regular expression of all paths that it covers, dots and all.
    ///
    /// It spells both cases out: what a regular expression folds by itself is more than `A` to `Z` (the Kelvin sign is a `k`).
    pub fn regex(&self, fold: bool) -> String {
        let mut alternatives = self.alternatives();
        if fold {
            alternatives.iter_mut().flatten().flatten().for_each(in_both_cases);
        }
        let each: Vec<String> = alternatives.iter().map(|segments| segments_regex(segments)).collect();
        format!("(?:{})(?:/{ANY}+)*", each.join("|"))
    }

    /// What `globset` has to be told for the same meaning; needs a model without wildcards that it reads differently.
    pub fn globs(&self) -> Vec<String> {
        let pattern = self.pattern();
        let own = if self.floats() { format!("**/{pattern}") } else { pattern };
        if own.ends_with("/**") { vec![own] } else { vec![format!("{own}/**"), own] }
    }
}

/// As many as a pattern may have.
const MAX_ALTERNATIVES: usize = 64;

/// Any character of a name.
const ANY: &str = r"[^/\x00-\x1f\x7f-\u{9f}]";

/// A regular expression of all paths there can be.
pub fn valid_path_regex() -> String {
    let undotted = r"[^./\x00-\x1f\x7f-\u{9f}]";
    let name = format!(r"(?:{undotted}|{undotted}{ANY}|\.{undotted}|{ANY}{ANY}{ANY}+)");
    format!("{name}(?:/{name})*")
}

fn has_slash_inside(piece: &Piece) -> bool {
    match piece {
        Alternatives(each) => each.iter().flatten().any(|piece| *piece == Slash || has_slash_inside(piece)),
        _ => false,
    }
}

fn expand(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let Some((first, rest)) = pieces.split_first() else { return vec![vec![]] };
    let heads = match first {
        Alternatives(each) => each.iter().flat_map(|alternative| expand(alternative)).collect(),
        piece => vec![vec![piece.clone()]],
    };
    let tails = expand(rest);
    heads.iter().flat_map(|head| tails.iter().map(move |tail| [&head[..], tail].concat())).collect()
}

fn named_segments(pieces: &[Piece]) -> Segments {
    let parts = pieces.split(|piece| *piece == Slash);
    parts.filter(|part| !part.is_empty() && **part != [Char('.')]).map(<[Piece]>::to_vec).collect()
}

fn is_any_depth(segment: &[Piece]) -> bool {
    segment.len() > 1 && segment.iter().all(|piece| *piece == Star)
}

fn matches(segments: &[Vec<Piece>], names: &[&str], fold: bool) -> bool {
    match segments {
        [] => names.is_empty(),
        [last] if is_any_depth(last) => !names.is_empty(),
        [first, rest @ ..] if is_any_depth(first) => {
            (0..=names.len()).any(|n| matches(rest, &names[n..], fold))
        }
        [first, rest @ ..] => {
            let Some((name, below)) = names.split_first() else { return false };
            name_matches(first, &name.chars().collect::<Vec<_>>(), fold) && matches(rest, below, fold)
        }
    }
}

fn name_matches(segment: &[Piece], name: &[char], fold: bool) -> bool {
    let Some((piece, rest)) = segment.split_first() else { return name.is_empty() };
    if *piece == Star {
        return (0..=name.len()).any(|n| name_matches(rest, &name[n..], fold));
    }
    name.split_first().is_some_and(|(c, after)| takes(piece, *c, fold) && name_matches(rest, after, fold))
}

fn takes(piece: &Piece, c: char, fold: bool) -> bool {
    let spellings = if fold { vec![c.to_ascii_lowercase(), c.to_ascii_uppercase()] } else { vec![c] };
    match piece {
        Char(own) => spellings.contains(own),
        One => true,
        Class { negated, members } => {
            spellings.iter().any(|c| members.iter().any(|(low, high)| low <= c && c <= high)) != *negated
        }
        other => panic!("{other:?} takes no single character"),
    }
}

fn in_both_cases(piece: &mut Piece) {
    match piece {
        Char(c) if c.is_ascii_alphabetic() => {
            let cases = [c.to_ascii_lowercase(), c.to_ascii_uppercase()];
            *piece = Class { negated: false, members: cases.map(|c| (c, c)).to_vec() };
        }
        Class { members, .. } => {
            let letters = ('a'..='z').chain('A'..='Z');
            let taken = letters.filter(|c| members.iter().any(|(low, high)| low <= c && c <= high));
            let swapped = |c: char| {
                if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
            };
            let others: Vec<_> = taken.map(|c| (swapped(c), swapped(c))).collect();
            members.extend(others);
        }
        _ => {}
    }
}

fn render(pieces: &[Piece], out: &mut String) {
    for piece in pieces {
        match piece {
            Char(c) if "*?[]{},\\".contains(*c) => out.extend(['\\', *c]),
            Char(c) => out.push(*c),
            Slash => out.push('/'),
            One => out.push('?'),
            Star => out.push('*'),
            Class { negated, members } => {
                out.push_str(if *negated { "[!" } else { "[" });
                render_members(members, out);
                out.push(']');
            }
            Alternatives(each) => {
                for (at, alternative) in each.iter().enumerate() {
                    out.push(if at == 0 { '{' } else { ',' });
                    render(alternative, out);
                }
                out.push('}');
            }
        }
    }
}

fn render_members(members: &[(char, char)], out: &mut String) {
    for (low, high) in members {
        for (at, c) in [low, high].into_iter().enumerate() {
            if at == 1 {
                if low == high {
                    break;
                }
                out.push('-');
            }
            if "]-!^\\[".contains(*c) {
                out.push('\\');
            }
            out.push(*c);
        }
    }
}

fn segments_regex(segments: &[Vec<Piece>]) -> String {
    let mut out = String::new();
    for (at, segment) in segments.iter().enumerate() {
        let last = at + 1 == segments.len();
        match (is_any_depth(segment), last) {
            (true, true) => write!(out, "{ANY}+").unwrap(),
            (true, false) => write!(out, "(?:{ANY}+/)*").unwrap(),
            (false, _) => {
                out.extend(segment.iter().map(piece_regex));
                out.push_str(if last { "" } else { "/" });
            }
        }
    }
    out
}

fn piece_regex(piece: &Piece) -> String {
    let quoted = |c: char| format!(r"\x{{{:x}}}", u32::from(c));
    match piece {
        Char(c) => quoted(*c),
        One => ANY.into(),
        Star => format!("{ANY}*"),
        Class { negated, members } => {
            let ranges: String =
                members.iter().map(|(low, high)| quoted(*low) + "-" + &quoted(*high)).collect();
            format!("[{ANY}&&[{}{ranges}]]", if *negated { "^" } else { "" })
        }
        other => panic!("{other:?} is part of no alternative"),
    }
}
