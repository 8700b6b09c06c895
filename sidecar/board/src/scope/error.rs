//! What is wrong with a pattern, and the bounds that keep its cost in hand.

use std::fmt;

pub use crate::path::MAX_BYTES;

/// Most alternatives that the braces of one pattern may expand to.
pub const MAX_ALTERNATIVES: usize = 64;
/// Most segments of a pattern with wildcards: the names and `**` between its slashes.
pub const MAX_SEGMENTS: usize = 63;
/// Most characters and wildcards of one segment that has wildcards; a class counts as one.
pub const MAX_TOKENS: usize = 127;

/// A text that is no [`Pattern`](super::Pattern): which one, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pattern \"{}\" {flaw}", Shown(pattern))]
pub struct PatternError {
    pub pattern: String,
    pub flaw: PatternFlaw,
}

/// Why a text is no pattern, and what to write instead where that isn't obvious.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternFlaw {
    #[error("names no path; \"**\" is the whole project")]
    Empty,
    #[error("is absolute; patterns are relative to the project's root")]
    Absolute,
    #[error("leaves the project: \"..\" is not allowed")]
    Outside,
    #[error("contains a control character")]
    Control,
    #[error("has a \"[\" without its \"]\"; \"\\[\" is the character itself")]
    UnclosedClass,
    #[error("has a \"{{\" without its \"}}\"; \"\\{{\" is the character itself")]
    UnclosedBrace,
    #[error("has a \"\\\" at the end of a name, where it escapes nothing; \"\\\\\" is the character itself")]
    DanglingEscape,
    #[error(
        "has \"\\{0}\", which escapes nothing; names are separated by \"/\", and \"\\\\\" is a backslash itself"
    )]
    NotEscapable(char),
    #[error("has the range \"{0}-{1}\", which is the wrong way round")]
    ReversedRange(char, char),
    #[error("has the unknown character class \"[:{0}:]\"")]
    UnknownClass(String),
    #[error("is {0} bytes long without its escapes; {MAX_BYTES} are allowed")]
    TooLong(usize),
    #[error("has more than {MAX_ALTERNATIVES} alternatives; split it into several patterns")]
    TooManyAlternatives,
    #[error("has {0} segments; with wildcards {MAX_SEGMENTS} are allowed")]
    TooManySegments(usize),
    #[error("has a segment of {0} characters and wildcards; {MAX_TOKENS} are allowed")]
    TooManyTokens(usize),
}

impl PatternFlaw {
    pub(super) fn of(self, pattern: &str) -> PatternError {
        PatternError { pattern: pattern.to_owned(), flaw: self }
    }
}

/// A pattern as it may appear on a terminal or in a log: no control characters, no endless line.
struct Shown<'p>(&'p str);

const SHOWN_CHARS: usize = 200;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars().take(SHOWN_CHARS) {
            match c.is_control() {
                true => write!(f, "{}", c.escape_default())?,
                false => write!(f, "{c}")?,
            }
        }
        if self.0.chars().nth(SHOWN_CHARS).is_some() { f.write_str("…") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_pattern_and_says_what_to_write() {
        let error = PatternFlaw::UnclosedClass.of("src/[a");
        assert_eq!(
            error.to_string(),
            r#"the pattern "src/[a" has a "[" without its "]"; "\[" is the character itself"#
        );
    }

    #[test]
    fn an_error_brings_no_control_characters_and_no_endless_line_to_a_terminal() {
        assert_eq!(
            PatternFlaw::Control.of("a\u{1b}[2Jb").to_string(),
            r#"the pattern "a\u{1b}[2Jb" contains a control character"#
        );
        let long = PatternFlaw::TooLong(5000).of(&"x".repeat(5000)).to_string();
        assert!(long.len() < 300, "{long}");
        assert!(long.contains("x…\" is 5000 bytes long"), "{long}");
    }
}
