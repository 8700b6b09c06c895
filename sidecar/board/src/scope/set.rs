//! A scope: the set of patterns that a module answers for.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::{case::CaseRule, error::PatternError, glob::Glob, pattern::Pattern};
use crate::path::ProjectPath;

/// Sorted by text, each pattern once; serialised as an array of strings. The empty scope covers nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Scope {
    #[serde(deserialize_with = "sorted")]
    patterns: Vec<Pattern>,
}

fn sorted<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Pattern>, D::Error> {
    Vec::deserialize(input).map(|patterns| Scope::from_iter::<Vec<Pattern>>(patterns).patterns)
}

impl Scope {
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads each text as a pattern; the first that is none is named in the error.
    pub fn parse<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Self, PatternError> {
        texts.into_iter().map(|text| Pattern::parse(text.as_ref())).collect()
    }

    /// The scope of these very paths and what is below them.
    pub fn of_paths<'p>(paths: impl IntoIterator<Item = &'p ProjectPath>) -> Self {
        paths.into_iter().map(Pattern::literal).collect()
    }

    /// Whether the path lies in the scope. For many scopes or paths ask a [`ScopeIndex`](super::ScopeIndex).
    pub fn covers(&self, path: &ProjectPath, case: CaseRule) -> bool {
        self.patterns.iter().any(|pattern| pattern.covers(path, case))
    }

    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    pub fn len(&self) -> usize {
        self.patterns.len()
    }

    pub fn patterns(&self) -> impl ExactSizeIterator<Item = &Pattern> {
        self.patterns.iter()
    }

    pub fn contains(&self, pattern: &Pattern) -> bool {
        self.patterns.binary_search(pattern).is_ok()
    }

    /// Says whether the pattern was not there yet.
    pub fn insert(&mut self, pattern: Pattern) -> bool {
        match self.patterns.binary_search(&pattern) {
            Ok(_) => false,
            Err(at) => {
                self.patterns.insert(at, pattern);
                true
            }
        }
    }

    /// Says whether the pattern was there.
    pub fn remove(&mut self, pattern: &Pattern) -> bool {
        let found = self.patterns.binary_search(pattern);
        found.map(|at| self.patterns.remove(at)).is_ok()
    }

    pub(super) fn globs(&self) -> impl Iterator<Item = &Arc<Glob>> {
        self.patterns.iter().flat_map(|pattern| pattern.globs())
    }
}

impl FromIterator<Pattern> for Scope {
    fn from_iter<I: IntoIterator<Item = Pattern>>(patterns: I) -> Self {
        let mut scope = Self::new();
        scope.extend(patterns);
        scope
    }
}

impl Extend<Pattern> for Scope {
    fn extend<I: IntoIterator<Item = Pattern>>(&mut self, patterns: I) {
        self.patterns.extend(patterns);
        self.patterns.sort();
        self.patterns.dedup();
    }
}

impl IntoIterator for Scope {
    type Item = Pattern;
    type IntoIter = std::vec::IntoIter<Pattern>;
    fn into_iter(self) -> Self::IntoIter {
        self.patterns.into_iter()
    }
}

impl<'s> IntoIterator for &'s Scope {
    type Item = &'s Pattern;
    type IntoIter = std::slice::Iter<'s, Pattern>;
    fn into_iter(self) -> Self::IntoIter {
        self.patterns.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_sorted_and_holds_each_pattern_once() {
        let scope: Scope = serde_json::from_str(r#"["src/", "docs", "src"]"#).unwrap();
        assert_eq!(serde_json::to_string(&scope).unwrap(), r#"["docs","src"]"#);
        assert_eq!(scope, Scope::parse(["docs", "src"]).unwrap());
    }

    #[test]
    fn a_scope_stays_sorted_when_it_grows_and_shrinks() {
        let pattern = |text| Pattern::parse(text).unwrap();
        let mut scope = Scope::parse(["b", "d"]).unwrap();
        assert!(scope.insert(pattern("c")) && !scope.insert(pattern("c")));
        scope.extend([pattern("a"), pattern("d")]);
        assert_eq!(scope, Scope::parse(["a", "b", "c", "d"]).unwrap());
        assert!(scope.remove(&pattern("b")) && !scope.remove(&pattern("b")));
        assert!(scope.contains(&pattern("d")) && !scope.contains(&pattern("b")));
        assert_eq!(scope.len(), 3);
    }

    #[test]
    fn a_bad_pattern_in_an_array_is_named() {
        let error = serde_json::from_str::<Scope>(r#"["src", "../x"]"#).unwrap_err().to_string();
        assert!(error.contains(r#"the pattern "../x" leaves the project"#), "{error}");
    }

    #[test]
    fn the_schema_is_an_array_of_strings() {
        let schema = schemars::schema_for!(Scope);
        assert_eq!(schema.get("type"), Some(&"array".into()), "{schema:?}");
        assert!(schema.get("uniqueItems").is_none());
        let pattern = schemars::schema_for!(Pattern);
        assert_eq!(pattern.get("type"), Some(&"string".into()), "{pattern:?}");
    }

    #[test]
    fn an_empty_scope_covers_nothing() {
        assert!(!Scope::new().covers(&ProjectPath::parse("a").unwrap(), CaseRule::Sensitive));
    }
}
