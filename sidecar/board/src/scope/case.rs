//! Whether `README.md` and `readme.md` are one file.

use std::borrow::Cow;

/// How letters compare: as `core.ignorecase` of the repository says.
///
/// Folding is git's own: the letters `A` to `Z` and nothing else. A class takes a letter when it holds either case of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CaseRule {
    #[default]
    Sensitive,
    Fold,
}

impl CaseRule {
    pub fn of_ignore_case(ignore_case: bool) -> Self {
        if ignore_case { Self::Fold } else { Self::Sensitive }
    }

    pub(super) fn same(self, a: &str, b: &str) -> bool {
        match self {
            Self::Sensitive => a == b,
            Self::Fold => a.eq_ignore_ascii_case(b),
        }
    }

    pub(super) fn same_char(self, a: char, b: char) -> bool {
        match self {
            Self::Sensitive => a == b,
            Self::Fold => a.eq_ignore_ascii_case(&b),
        }
    }

    /// The one spelling that all texts share which compare as the same.
    pub(super) fn key(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Fold if text.bytes().any(|b| b.is_ascii_uppercase()) => text.to_ascii_lowercase().into(),
            _ => text.into(),
        }
    }
}
