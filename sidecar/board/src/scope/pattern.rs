//! A pattern, checked once and then known to be sound.

use std::{
    cmp::Ordering,
    fmt, hash,
    str::FromStr,
    sync::{Arc, OnceLock},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    braces,
    case::CaseRule,
    error::{MAX_BYTES, PatternError, PatternFlaw},
    glob::{Glob, parts},
    lex::{Lexeme, Lexer},
};
use crate::path::ProjectPath;

/// A text that says which paths are meant, such as `src/**/*.rs`; the table is in the [module](super).
///
/// Compared, sorted, hashed and serialised as its text, which is kept as it was written but for needless `./`, `//`
/// and a trailing `/`. A text that is no pattern is refused by name (`PatternError`), by serde as well.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(
    with = "String",
    description = "A path pattern relative to the project's root, with gitignore's wildcards."
)]
pub struct Pattern {
    text: Box<str>,
    /// The alternatives, each once. Nearly always there is one, and on a large board few patterns are ever asked for
    /// theirs: those that are plain find it when they are.
    globs: OnceLock<Box<[Arc<Glob>]>>,
}

impl Pattern {
    /// Reads a pattern; the rules are in the [module](super).
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        read(text).map_err(|flaw| flaw.of(text))
    }

    /// The pattern that stands for this very path and what is below it, whatever characters the path has.
    pub fn literal(path: &ProjectPath) -> Self {
        let mut text = String::with_capacity(path.as_str().len());
        for c in path.as_str().chars() {
            if matches!(c, '\\' | '*' | '?' | '[' | ']' | '{' | '}') {
                text.push('\\');
            }
            text.push(c);
        }
        Self::with_globs(&text, [Arc::new(Glob::literal(path))])
    }

    /// The one path it stands for, when it stands for one path and what is below.
    pub fn as_literal(&self) -> Option<ProjectPath> {
        let [only] = self.alternatives() else { return None };
        ProjectPath::parse(only.as_literal()?).ok()
    }

    pub fn covers(&self, path: &ProjectPath, case: CaseRule) -> bool {
        self.globs().any(|glob| glob.covers(path.as_str(), case))
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn globs(&self) -> impl Iterator<Item = &Arc<Glob>> {
        self.alternatives().iter()
    }

    fn alternatives(&self) -> &[Arc<Glob>] {
        self.globs.get_or_init(|| Glob::plain(&self.text).map(Arc::new).into_iter().collect())
    }

    fn with_globs(text: &str, globs: impl IntoIterator<Item = Arc<Glob>>) -> Self {
        Self { text: text.into(), globs: OnceLock::from(globs.into_iter().collect::<Box<_>>()) }
    }
}

fn read(text: &str) -> Result<Pattern, PatternFlaw> {
    if text.len() <= MAX_BYTES && Glob::is_plain(text) {
        return Ok(Pattern { text: text.into(), globs: OnceLock::new() });
    }
    refuse_at_sight(text)?;
    let dotted = text.starts_with("./");
    let (bare, names) = without_needless_parts(text);
    // A leading `./` has a meaning where it anchors, and where it stands before what may be nothing and a slash.
    let keeps_dot = dotted && (bare.starts_with('{') || names == 1 && has_wildcards(&bare)?);
    let text = if keeps_dot { format!("./{bare}") } else { bare };
    let anchored = names > 1 || keeps_dot || !has_wildcards(&text)?;
    let parse = |alternative: &str| Glob::parse(alternative, anchored).map(Arc::new);
    if !text.contains('{') {
        return Ok(Pattern::with_globs(&text, [parse(&text)?]));
    }
    let mut globs = Vec::new();
    for alternative in braces::expand(&text)? {
        let glob = parse(&alternative)?;
        if !globs.contains(&glob) {
            globs.push(glob);
        }
    }
    if globs.is_empty() { Err(PatternFlaw::Empty) } else { Ok(Pattern::with_globs(&text, globs)) }
}

fn refuse_at_sight(text: &str) -> Result<(), PatternFlaw> {
    // Escaping doubles a character at most; what is longer need not be looked at.
    if text.len() > 2 * MAX_BYTES {
        return Err(PatternFlaw::TooLong(text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err(PatternFlaw::Control);
    }
    if text.starts_with('/') {
        return Err(PatternFlaw::Absolute);
    }
    if text.len() > MAX_BYTES {
        let bytes = unescaped_len(text)?;
        return if bytes > MAX_BYTES { Err(PatternFlaw::TooLong(bytes)) } else { Ok(()) };
    }
    Ok(())
}

fn unescaped_len(text: &str) -> Result<usize, PatternFlaw> {
    let lexemes: Vec<_> = Lexer::new(text).collect::<Result<_, _>>()?;
    Ok(text.len() - lexemes.iter().filter(|(lexeme, _)| matches!(lexeme, Lexeme::Escaped(_))).count())
}

/// The text without empty names, `.` and a trailing slash, and how many parts are left between its slashes. No class
/// and no escape holds a slash, so this can be done before anything else is read.
fn without_needless_parts(text: &str) -> (String, usize) {
    let mut bare = String::with_capacity(text.len());
    let mut kept = 0;
    for part in parts(text).filter(|part| !matches!(*part, "" | ".")) {
        bare.push_str(if kept > 0 { "/" } else { "" });
        bare.push_str(part);
        kept += 1;
    }
    (bare, kept)
}

fn has_wildcards(text: &str) -> Result<bool, PatternFlaw> {
    for item in Lexer::new(text) {
        if item?.0.is_wildcard() {
            return Ok(true);
        }
    }
    Ok(false)
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl hash::Hash for Pattern {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// Its text: what was found out of it meanwhile is nobody's business.
impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.text).finish()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Pattern {
    type Err = PatternError;
    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;
    fn try_from(text: String) -> Result<Self, PatternError> {
        Self::parse(&text)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.text.into()
    }
}

impl From<&ProjectPath> for Pattern {
    fn from(path: &ProjectPath) -> Self {
        Self::literal(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_at_a_glance_is_read_the_same_as_by_the_rules() {
        for text in
            ["src", "src/lib.rs", ".github/a b", "src/**", "a/b-c/**", "...", "a..", "!a", "a}", "~", "é/a"]
        {
            let pattern = Pattern::parse(text).unwrap();
            assert_eq!(pattern.alternatives(), [Arc::new(Glob::parse(text, true).unwrap())], "{text}");
            assert_eq!(pattern.as_str(), text);
        }
        let glances = [
            "", "/", "/a", "a/", "a//b", ".", "./a", "a/./b", "a/..", "../a", "**", "/**", "*", "a/*/**",
            "a\\b/**", "a{b", "a\n",
        ];
        for text in glances {
            assert_eq!(Glob::plain(text), None, "{text:?}");
        }
    }
}
