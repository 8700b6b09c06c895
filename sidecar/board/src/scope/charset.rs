//! Which characters a class like `[a-z]` takes.
//!
//! Held so that the two questions of matching and of overlap are cheap: one bit for each ASCII character, ranges beyond.
//! The set leaves out what no name in a path can hold (`/`, control characters), so that an intersection is empty
//! exactly when no character is left.

use super::{
    case::CaseRule,
    error::PatternFlaw,
    lex::{escaped, named_class},
};

/// Sorted, disjoint ranges of code points, both ends included.
type Ranges = Vec<(u32, u32)>;

/// Every character beyond ASCII that a name can hold: no C1 controls, no surrogates.
const BEYOND: &[(u32, u32)] = &[(0xA0, 0xD7FF), (0xE000, 0x10FFFF)];
const UPPER: u128 = bits(b'A', b'Z');
const NAME_ASCII: u128 = bits(b' ', b'~') & !bit(b'/');

const fn bit(byte: u8) -> u128 {
    1 << byte
}

const fn bits(low: u8, high: u8) -> u128 {
    (u128::MAX >> (127 - high)) & !(bit(low) - 1)
}

/// A set as one case rule sees it. Under folding no upper-case letter is in it: names are compared in lower case.
#[derive(Clone, Copy)]
pub(super) struct View<'s> {
    ascii: u128,
    beyond: &'s [(u32, u32)],
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct CharSet {
    sensitive: u128,
    folded: u128,
    beyond: Ranges,
}

impl CharSet {
    /// Reads what stands between the brackets.
    pub(super) fn parse(body: &str) -> Result<Self, PatternFlaw> {
        let members = body.strip_prefix(['!', '^']);
        let (ascii, beyond) = read_members(members.unwrap_or(body))?;
        Ok(Self::new(members.is_some(), ascii, beyond))
    }

    fn new(negated: bool, ascii: u128, beyond: Ranges) -> Self {
        let folded = fold(ascii);
        if negated {
            let beyond = complement(&beyond);
            Self { sensitive: NAME_ASCII & !ascii, folded: fold(NAME_ASCII) & !folded, beyond }
        } else {
            let beyond = complement(&complement(&beyond));
            Self { sensitive: NAME_ASCII & ascii, folded: fold(NAME_ASCII) & folded, beyond }
        }
    }

    pub(super) fn view(&self, case: CaseRule) -> View<'_> {
        let ascii = match case {
            CaseRule::Sensitive => self.sensitive,
            CaseRule::Fold => self.folded,
        };
        View { ascii, beyond: &self.beyond }
    }
}

impl View<'static> {
    /// What `?` takes.
    pub(super) fn any(case: CaseRule) -> Self {
        let ascii = match case {
            CaseRule::Sensitive => NAME_ASCII,
            CaseRule::Fold => fold(NAME_ASCII),
        };
        View { ascii, beyond: BEYOND }
    }
}

impl View<'_> {
    pub(super) fn contains(self, c: char, case: CaseRule) -> bool {
        if c.is_ascii() {
            let c = if case == CaseRule::Fold { c.to_ascii_lowercase() } else { c };
            return self.ascii & bit(c as u8) != 0;
        }
        let c = u32::from(c);
        let after = self.beyond.partition_point(|&(low, _)| low <= c);
        after > 0 && c <= self.beyond[after - 1].1
    }

    pub(super) fn shares_dot(self, other: View<'_>) -> bool {
        self.ascii & other.ascii & bit(b'.') != 0
    }

    /// The shortest character in both, the most readable among the shortest; never the dot, which can make a name invalid.
    pub(super) fn shared_char(self, other: View<'_>) -> Option<char> {
        let ascii = self.ascii & other.ascii & !bit(b'.');
        if ascii == 0 { first_shared(self.beyond, other.beyond) } else { readable(ascii) }
    }
}

fn readable(ascii: u128) -> Option<char> {
    let preferred = [bits(b'a', b'z'), bits(b'0', b'9'), bits(b'A', b'Z'), bits(b'!', b'~'), u128::MAX];
    let best = preferred.into_iter().map(|wanted| ascii & wanted).find(|&found| found != 0)?;
    char::from_u32(best.trailing_zeros())
}

fn fold(ascii: u128) -> u128 {
    (ascii & !UPPER) | ((ascii & UPPER) << (b'a' - b'A'))
}

fn first_shared(a: &[(u32, u32)], b: &[(u32, u32)]) -> Option<char> {
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if x.0.max(y.0) <= x.1.min(y.1) {
            return char::from_u32(x.0.max(y.0));
        }
        if x.1 < y.1 { i += 1 } else { j += 1 }
    }
    None
}

/// What is in [`BEYOND`] but not in `ranges`, which need not be sorted or disjoint; twice, it makes them so.
fn complement(ranges: &[(u32, u32)]) -> Ranges {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    let mut left = Vec::new();
    for &(low, high) in BEYOND {
        let mut next = low;
        for &(from, to) in sorted.iter().filter(|&&(from, to)| to >= low && from <= high) {
            if from > next {
                left.push((next, from - 1));
            }
            next = next.max(to + 1);
        }
        if next <= high {
            left.push((next, high));
        }
    }
    left
}

fn read_members(body: &str) -> Result<(u128, Ranges), PatternFlaw> {
    let (mut ascii, mut beyond) = (0, Ranges::new());
    let mut rest = body;
    while !rest.is_empty() {
        if let Some(name) = named_class(rest) {
            ascii |= named(name)?;
            rest = &rest[name.len() + 4..];
            continue;
        }
        let low = read_char(&mut rest)?;
        let high = match rest.strip_prefix('-') {
            Some(after) if !after.is_empty() => {
                rest = after;
                read_char(&mut rest)?
            }
            _ => low,
        };
        if high < low {
            return Err(PatternFlaw::ReversedRange(low, high));
        }
        if low.is_ascii() {
            ascii |= bits(low as u8, high.min('\x7f') as u8);
        }
        if !high.is_ascii() {
            beyond.push((u32::from(low), u32::from(high)));
        }
    }
    Ok((ascii, beyond))
}

/// The next member of a class; the lexer has seen that there is one behind each backslash.
fn read_char(rest: &mut &str) -> Result<char, PatternFlaw> {
    let escape = usize::from(rest.starts_with('\\'));
    let c =
        if escape == 1 { escaped(rest)? } else { rest.chars().next().ok_or(PatternFlaw::UnclosedClass)? };
    *rest = &rest[escape + c.len_utf8()..];
    Ok(c)
}

/// git's named classes; as there, they are about ASCII.
fn named(name: &str) -> Result<u128, PatternFlaw> {
    let lower = bits(b'a', b'z');
    let digit = bits(b'0', b'9');
    let graph = bits(b'!', b'~');
    Ok(match name {
        "alnum" => lower | UPPER | digit,
        "alpha" => lower | UPPER,
        "blank" => bit(b' ') | bit(b'\t'),
        "cntrl" => bits(0, 0x1f) | bit(0x7f),
        "digit" => digit,
        "graph" => graph,
        "lower" => lower,
        "print" => graph | bit(b' '),
        "punct" => graph & !(lower | UPPER | digit),
        "space" => bit(b' ') | bits(b'\t', b'\r'),
        "upper" => UPPER,
        "xdigit" => digit | bits(b'a', b'f') | bits(b'A', b'F'),
        _ => return Err(PatternFlaw::UnknownClass(name.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(body: &str, c: char, case: CaseRule) -> bool {
        CharSet::parse(body).unwrap().view(case).contains(c, case)
    }

    #[test]
    fn members_ranges_and_names_are_as_in_git() {
        for (body, inside, outside) in [
            ("abc", "abc", "dA-"),
            ("a-c", "abc", "d-"),
            ("a-", "a-", "b"),
            ("-a", "a-", "b"),
            ("a-c-e", "abc-e", "d"),
            ("]a", "]a", "b"),
            (r"\]\-a", "]-a", "b\\"),
            ("!a-c", "dA-é", "abc/\u{7}"),
            ("^a", "b^", "a/"),
            ("a^!", "a^!", "b"),
            ("[:digit:]x", "09x", "a:"),
            ("[:punct:]", "!~_", "a /"),
            ("[:x", "[:x", "y"),
            ("é-ü", "éíü", "ae\u{fd}"),
            ("a-é", "az~é\u{a0}", "A\u{85}ê"),
            ("!é", "aüß", "é/"),
            (".-0", ".0", "/"),
        ] {
            for c in inside.chars() {
                assert!(takes(body, c, CaseRule::Sensitive), "[{body}] takes {c:?}");
            }
            for c in outside.chars() {
                assert!(!takes(body, c, CaseRule::Sensitive), "[{body}] leaves {c:?}");
            }
        }
    }

    #[test]
    fn folding_takes_either_case_and_leaves_both() {
        for body in ["a-c", "A-C", "aBc", "[:upper:]"] {
            assert!(takes(body, 'b', CaseRule::Fold) && takes(body, 'B', CaseRule::Fold), "{body}");
        }
        for body in ["!a-c", "!A-C", "![:upper:]"] {
            assert!(!takes(body, 'b', CaseRule::Fold) && !takes(body, 'B', CaseRule::Fold), "{body}");
        }
        assert!(!takes("é", 'É', CaseRule::Fold));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(CharSet::parse("z-a"), Err(PatternFlaw::ReversedRange('z', 'a')));
        assert_eq!(CharSet::parse("[:letter:]"), Err(PatternFlaw::UnknownClass("letter".into())));
    }

    #[test]
    fn the_shared_character_is_the_most_readable_of_the_shortest() {
        let shared = |a: &str, b: &str| {
            let (a, b) = (CharSet::parse(a).unwrap(), CharSet::parse(b).unwrap());
            a.view(CaseRule::Sensitive).shared_char(b.view(CaseRule::Sensitive))
        };
        assert_eq!(shared("!x", "!y"), Some('a'));
        assert_eq!(shared("A-Za-z", "M-c"), Some('a'));
        assert_eq!(shared("!a-z", " -~"), Some('0'));
        assert_eq!(shared("é-ü", "ü-ÿ"), Some('ü'));
        assert_eq!(shared("! -~", "!\u{a0}"), Some('\u{a1}'));
        assert_eq!(shared("a-f", "g-z"), None);
        assert_eq!(shared(".", "."), None);
    }
}
