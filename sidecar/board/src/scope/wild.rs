//! One segment with wildcards, such as `*.rs` or `[a-z]?.txt`.

use std::ops::Range;

use super::{
    case::CaseRule,
    charset::{CharSet, View},
    error::{MAX_TOKENS, PatternFlaw},
    lex::{Lexeme, Lexer},
    names,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Token {
    Char(char),
    /// `?`
    Any,
    Class(Box<CharSet>),
    /// `*`; never next to another one.
    Star,
}

impl Token {
    pub(super) fn admits(&self, c: char, case: CaseRule) -> bool {
        match self {
            Token::Char(own) => case.same_char(*own, c),
            Token::Any | Token::Star => true,
            Token::Class(set) => set.view(case).contains(c, case),
        }
    }

    /// The characters it takes, when there is more than one spelling of them.
    pub(super) fn view(&self, case: CaseRule) -> View<'_> {
        match self {
            Token::Class(set) => set.view(case),
            _ => View::any(case),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Wild {
    tokens: Box<[Token]>,
    /// What each name begins and ends with: the characters before the first wildcard and after the last.
    head: Box<str>,
    tail: Box<str>,
    /// The tokens between the two.
    middle: Range<usize>,
    /// The shortest name that matches, case-sensitive and folded. Nearly every overlap asks for it.
    shortest: [Option<Box<str>>; 2],
}

impl Wild {
    /// Reads a segment without braces. A run of `*` is one `*`.
    pub(super) fn parse(segment: &str) -> Result<Self, PatternFlaw> {
        let mut tokens = Vec::new();
        for item in Lexer::new(segment) {
            let token = match item?.0 {
                Lexeme::Plain('*') => Token::Star,
                Lexeme::Plain('?') => Token::Any,
                Lexeme::Class(body) => Token::Class(Box::new(CharSet::parse(body)?)),
                Lexeme::Plain(c) | Lexeme::Escaped(c) => Token::Char(c),
            };
            if token != Token::Star || tokens.last() != Some(&Token::Star) {
                tokens.push(token);
            }
        }
        if tokens.len() > MAX_TOKENS {
            return Err(PatternFlaw::TooManyTokens(tokens.len()));
        }
        let head = plain(tokens.iter());
        let from = head.chars().count();
        let tail: String = plain(tokens[from..].iter().rev()).chars().rev().collect();
        let middle = from..tokens.len() - tail.chars().count();
        let shortest =
            [CaseRule::Sensitive, CaseRule::Fold].map(|case| names::shortest(&tokens, case).map(Into::into));
        Ok(Self { tokens: tokens.into(), head: head.into(), tail: tail.into(), middle, shortest })
    }

    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// None when it matches only what is no name.
    pub(super) fn shortest_name(&self, case: CaseRule) -> Option<&str> {
        self.shortest[case as usize].as_deref()
    }

    pub(super) fn matches(&self, name: &str, case: CaseRule) -> bool {
        let Some((head, rest)) = name.split_at_checked(self.head.len()) else { return false };
        let Some(between) = rest.len().checked_sub(self.tail.len()) else { return false };
        let Some((between, tail)) = rest.split_at_checked(between) else { return false };
        case.same(head, &self.head)
            && case.same(tail, &self.tail)
            && matches(&self.tokens[self.middle.clone()], between, case)
    }

    /// What it asks for at the end of a name, when it asks for nothing else.
    pub(super) fn ending(&self) -> Option<&str> {
        let [Token::Star] = self.tokens[self.middle.clone()] else { return None };
        self.head.is_empty().then_some(&*self.tail)
    }

    /// The runs of plain characters: any name that matches holds each of them.
    pub(super) fn literals(&self) -> impl Iterator<Item = String> {
        let runs = self.tokens.split(|token| !matches!(token, Token::Char(_)));
        runs.map(|run| plain(run.iter())).filter(|run| !run.is_empty())
    }
}

/// The characters before the first wildcard.
fn plain<'t>(tokens: impl Iterator<Item = &'t Token>) -> String {
    tokens.map_while(|token| if let Token::Char(c) = token { Some(*c) } else { None }).collect()
}

/// On a mismatch the last `*` takes one character more: an earlier one never has to.
fn matches(tokens: &[Token], text: &str, case: CaseRule) -> bool {
    let (mut tokens, mut rest) = (tokens, text.chars());
    let mut last_star = None;
    loop {
        match tokens {
            [] if rest.as_str().is_empty() => return true,
            [Token::Star] => return true,
            [Token::Star, after @ ..] => {
                tokens = after;
                last_star = Some((tokens, rest.clone()));
                continue;
            }
            [token, after @ ..] => {
                let mut following = rest.clone();
                if following.next().is_some_and(|c| token.admits(c, case)) {
                    (tokens, rest) = (after, following);
                    continue;
                }
            }
            [] => {}
        }
        let Some((after, from)) = &mut last_star else { return false };
        if from.next().is_none() {
            return false;
        }
        (tokens, rest) = (*after, from.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_as_in_git() {
        for (segment, inside, outside) in [
            ("*.rs", &["a.rs", ".rs", "a.b.rs", "rs.rs"][..], &["a.rsx", "rs", "a.RS"][..]),
            ("a*b*c", &["abc", "aabbcc", "abcbc", "axbxc"], &["ab", "acb", "abcx"]),
            ("?", &["a", "é", "."], &["", "ab"]),
            ("a**", &["a", "ab"], &["b"]),
            (r"\*[\]]", &["*]"], &["a]", "*"]),
            ("[!a]*", &["b", "ba"], &["a", "ab", ""]),
            ("*a?", &["ab", "aa", "aaa"], &["a", "ba"]),
            ("ab*bc", &["abbc", "abxbc"], &["abc", "ab", "bc"]),
            ("é*é", &["éé", "éaé"], &["é", "eé"]),
        ] {
            let wild = Wild::parse(segment).unwrap();
            for name in inside {
                assert!(wild.matches(name, CaseRule::Sensitive), "{segment} matches {name}");
            }
            for name in outside {
                assert!(!wild.matches(name, CaseRule::Sensitive), "{segment} leaves {name}");
            }
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let wild = Wild::parse(&"a*".repeat(63)).unwrap();
        assert!(!wild.matches(&format!("{}b", "x".repeat(4000)), CaseRule::Sensitive));
        assert!(!Wild::parse(&"*a".repeat(63)).unwrap().matches(&"a".repeat(62), CaseRule::Sensitive));
    }

    #[test]
    fn folding_is_asked_for() {
        let wild = Wild::parse("*.RS").unwrap();
        assert!(wild.matches("a.rs", CaseRule::Fold));
        assert!(!wild.matches("a.rs", CaseRule::Sensitive));
    }
}
