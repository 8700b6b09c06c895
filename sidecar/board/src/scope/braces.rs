//! Alternatives: `src/{a,b}` is `src/a` and `src/b`.
//!
//! Braces are expanded as text, as a shell does, before anything else is read. A pattern then is simply the union of
//! its expansions, and neither the matcher nor the overlap has to know that braces exist.

use super::{
    error::{MAX_ALTERNATIVES, PatternFlaw},
    lex::{Lexeme, Lexer},
};

/// One open brace, innermost last; the outermost is the pattern itself.
struct Group {
    finished: Vec<String>,
    /// What the alternative being read can be spelled as so far.
    current: Vec<String>,
}

impl Group {
    fn new() -> Self {
        Self { finished: Vec::new(), current: vec![String::new()] }
    }

    fn append(&mut self, spelling: &str) {
        for text in &mut self.current {
            text.push_str(spelling);
        }
    }

    fn finish_alternative(&mut self) -> Result<(), PatternFlaw> {
        self.finished.append(&mut self.current);
        self.current.push(String::new());
        if self.finished.len() > MAX_ALTERNATIVES { Err(PatternFlaw::TooManyAlternatives) } else { Ok(()) }
    }

    fn append_each(&mut self, alternatives: &[String]) -> Result<(), PatternFlaw> {
        if self.current.len() * alternatives.len() > MAX_ALTERNATIVES {
            return Err(PatternFlaw::TooManyAlternatives);
        }
        let joined =
            |head: &String| alternatives.iter().map(move |tail| format!("{head}{tail}")).collect::<Vec<_>>();
        self.current = self.current.iter().flat_map(joined).collect();
        Ok(())
    }
}

/// All spellings of `text` without its braces; escapes and classes stay as they are written.
///
/// Each group's count only ever grows into its parent's, so stopping at the bound early refuses nothing that would have
/// fitted, and the work is bounded too.
pub(super) fn expand(text: &str) -> Result<Vec<String>, PatternFlaw> {
    let mut outer = Vec::new();
    let mut group = Group::new();
    for item in Lexer::new(text) {
        match item? {
            (Lexeme::Plain('{'), _) => outer.push(std::mem::replace(&mut group, Group::new())),
            (Lexeme::Plain(','), _) if !outer.is_empty() => group.finish_alternative()?,
            (Lexeme::Plain('}'), spelling) => match outer.pop() {
                None => group.append(spelling),
                Some(parent) => {
                    group.finish_alternative()?;
                    let alternatives = std::mem::replace(&mut group, parent).finished;
                    group.append_each(&alternatives)?;
                }
            },
            (_, spelling) => group.append(spelling),
        }
    }
    if outer.is_empty() { Ok(group.current) } else { Err(PatternFlaw::UnclosedBrace) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_nest_and_may_be_empty_or_hold_a_slash() {
        for (text, expected) in [
            ("a", vec!["a"]),
            ("{a,b}", vec!["a", "b"]),
            ("x{a,b}y{c,d}", vec!["xayc", "xayd", "xbyc", "xbyd"]),
            ("{a,b{c,d}}e", vec!["ae", "bce", "bde"]),
            ("a{,.rs}", vec!["a", "a.rs"]),
            ("{a/b,c}", vec!["a/b", "c"]),
            ("{a}{}", vec!["a"]),
            ("a},b", vec!["a},b"]),
            (r"\{a,b\}", vec![r"\{a,b\}"]),
            ("{[,}],b}", vec!["[,}]", "b"]),
            (r"{\,,\}}", vec![r"\,", r"\}"]),
        ] {
            assert_eq!(expand(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn the_bound_is_on_the_product_however_it_comes_about() {
        let two_to_the = |n: usize| "{a,b}".repeat(n);
        assert_eq!(expand(&two_to_the(6)).unwrap().len(), MAX_ALTERNATIVES);
        for text in [
            two_to_the(7),
            two_to_the(800),
            format!("{{{}}}", ",".repeat(64)),
            format!("{{{},x}}", two_to_the(6)),
        ] {
            assert_eq!(expand(&text), Err(PatternFlaw::TooManyAlternatives), "{text}");
        }
    }

    #[test]
    fn deep_nesting_needs_no_stack_and_no_time() {
        let deep = format!("{}{}", "{a".repeat(1300), "}".repeat(1300));
        assert_eq!(expand(&deep).unwrap(), vec!["a".repeat(1300)]);
        assert_eq!(expand(&"{".repeat(4096)), Err(PatternFlaw::UnclosedBrace));
        assert_eq!(expand("{a,{b}"), Err(PatternFlaw::UnclosedBrace));
    }
}
