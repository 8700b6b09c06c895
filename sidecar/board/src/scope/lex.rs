//! The characters of a pattern, with escapes and classes told apart from the rest.
//!
//! Every reader of patterns goes through this one lexer, so that no two of them can disagree about where a class ends
//! or what is escaped.

use super::error::PatternFlaw;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lexeme<'t> {
    /// A character with whatever meaning it has in its place.
    Plain(char),
    /// A character that stands for itself.
    Escaped(char),
    /// What stands between `[` and its `]`.
    Class(&'t str),
}

impl Lexeme<'_> {
    pub(super) fn is_wildcard(self) -> bool {
        matches!(self, Lexeme::Class(_) | Lexeme::Plain('*' | '?' | '{'))
    }
}

/// Yields each lexeme with its spelling.
pub(super) struct Lexer<'t> {
    rest: &'t str,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    fn spend(&mut self, bytes: usize) -> &'t str {
        let (spelling, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        spelling
    }
}

impl<'t> Iterator for Lexer<'t> {
    type Item = Result<(Lexeme<'t>, &'t str), PatternFlaw>;

    fn next(&mut self) -> Option<Self::Item> {
        let c = self.rest.chars().next()?;
        Some(match c {
            '\\' => escaped(self.rest).map(|e| (Lexeme::Escaped(e), self.spend(1 + e.len_utf8()))),
            '[' => class_len(self.rest).map(|len| {
                let spelling = self.spend(len);
                (Lexeme::Class(&spelling[1..len - 1]), spelling)
            }),
            _ => Ok((Lexeme::Plain(c), self.spend(c.len_utf8()))),
        })
    }
}

/// The character behind the backslash that `text` begins with.
pub(super) fn escaped(text: &str) -> Result<char, PatternFlaw> {
    match text[1..].chars().next() {
        None => Err(PatternFlaw::DanglingEscape),
        Some(c) if c == '/' || c.is_alphanumeric() => Err(PatternFlaw::NotEscapable(c)),
        Some(c) => Ok(c),
    }
}

/// How many bytes the class takes that `text` begins with, brackets included.
///
/// As in git: a `]` in first place is a member, `\` escapes, and `[:name:]` is skipped as a whole.
fn class_len(text: &str) -> Result<usize, PatternFlaw> {
    let mut at = 1;
    at += usize::from(text[at..].starts_with(['!', '^']));
    let first = at;
    while let Some(c) = text[at..].chars().next() {
        at += match c {
            '/' => break,
            ']' if at > first => return Ok(at + 1),
            '\\' => 1 + escaped(&text[at..])?.len_utf8(),
            '[' => named_class(&text[at..]).map_or(1, |name| name.len() + 4),
            _ => c.len_utf8(),
        };
    }
    Err(PatternFlaw::UnclosedClass)
}

/// `digit`, when `text` begins with `[:digit:]`. A `[:` without its `:]` is two characters, as in git.
pub(super) fn named_class(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("[:")?;
    let name = inside[..inside.find(']')?].strip_suffix(':')?;
    (!name.contains('/')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str) -> Result<Vec<Lexeme<'_>>, PatternFlaw> {
        Lexer::new(text).map(|item| item.map(|(lexeme, _)| lexeme)).collect()
    }

    #[test]
    fn a_class_ends_where_git_ends_it() {
        for (text, body) in [
            ("[ab]", "ab"),
            ("[]a]", "]a"),
            ("[!]a]", "!]a"),
            ("[^]]", "^]"),
            (r"[\]]", r"\]"),
            ("[[:digit:]_]", "[:digit:]_"),
            ("[[:x]", "[:x"),
            ("[é]", "é"),
        ] {
            assert_eq!(lex(text), Ok(vec![Lexeme::Class(body)]), "{text}");
        }
    }

    #[test]
    fn what_is_unclosed_or_escapes_nothing_is_an_error() {
        for text in ["[", "[]", "[!]", "[a", "[a/b]", r"[\]", "[[:digit:]"] {
            let flaw = lex(text).unwrap_err();
            assert!(
                matches!(flaw, PatternFlaw::UnclosedClass | PatternFlaw::DanglingEscape),
                "{text}: {flaw}"
            );
        }
        assert_eq!(lex(r"a\"), Err(PatternFlaw::DanglingEscape));
        assert_eq!(lex(r"src\main.rs"), Err(PatternFlaw::NotEscapable('m')));
        assert_eq!(lex(r"src\/a"), Err(PatternFlaw::NotEscapable('/')));
    }

    #[test]
    fn spellings_add_up_to_the_text() {
        let text = r"é\*[!\]a]{b,c}?**/";
        let spelled: String = Lexer::new(text).map(|item| item.unwrap().1).collect();
        assert_eq!(spelled, text);
    }
}
