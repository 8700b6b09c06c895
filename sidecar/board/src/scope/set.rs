//! A scope: the set of patterns that a module answers for.

use std::{collections::BTreeSet, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{case::CaseRule, error::PatternError, glob::Glob, pattern::Pattern};
use crate::path::ProjectPath;

/// Sorted by text, each pattern once; serialised as an array of strings. The empty scope covers nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Scope {
    #[schemars(with = "Vec<Pattern>")]
    patterns: BTreeSet<Pattern>,
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
        self.patterns.contains(pattern)
    }

    /// Says whether the pattern was not there yet.
    pub fn insert(&mut self, pattern: Pattern) -> bool {
        self.patterns.insert(pattern)
    }

    /// Says whether the pattern was there.
    pub fn remove(&mut self, pattern: &Pattern) -> bool {
        self.patterns.remove(pattern)
    }

    pub(super) fn globs(&self) -> impl Iterator<Item = &Arc<Glob>> {
        self.patterns.iter().flat_map(|pattern| pattern.globs())
    }
}

impl FromIterator<Pattern> for Scope {
    fn from_iter<I: IntoIterator<Item = Pattern>>(patterns: I) -> Self {
        Self { patterns: patterns.into_iter().collect() }
    }
}

impl Extend<Pattern> for Scope {
    fn extend<I: IntoIterator<Item = Pattern>>(&mut self, patterns: I) {
        self.patterns.extend(patterns);
    }
}

impl IntoIterator for Scope {
    type Item = Pattern;
    type IntoIter = std::collections::btree_set::IntoIter<Pattern>;
    fn into_iter(self) -> Self::IntoIter {
        self.patterns.into_iter()
    }
}

impl<'s> IntoIterator for &'s Scope {
    type Item = &'s Pattern;
    type IntoIter = std::collections::btree_set::Iter<'s, Pattern>;
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
