//! A path inside the project, as git stores it: `/` between segments, no leading `/`, no `.` or `..`.
//!
//! A `ProjectPath` is literal. What may hold wildcards is a `scope::Pattern`.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest path or pattern that is accepted, in bytes.
pub const MAX_BYTES: usize = 4096;

/// A literal path that names something inside the project.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(
    with = "String",
    description = "A path relative to the project's root, with `/` between its names."
)]
pub struct ProjectPath(String);

/// Why a text is no path inside the project.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    #[error("a path must not be empty")]
    Empty,
    #[error("the path {0:?} is absolute; paths are relative to the project's root")]
    Absolute(String),
    #[error("the path {0:?} leaves the project")]
    Outside(String),
    #[error("the path {0:?} contains a control character")]
    Control(String),
    #[error("the path is {0} bytes long; {MAX_BYTES} are allowed")]
    TooLong(usize),
}

impl ProjectPath {
    /// Accepts what people type: `./src//lib.rs/` is `src/lib.rs`. `.` alone is empty.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        if text.len() > MAX_BYTES {
            return Err(PathError::TooLong(text.len()));
        }
        if text.starts_with('/') {
            return Err(PathError::Absolute(text.to_owned()));
        }
        if text.chars().any(char::is_control) {
            return Err(PathError::Control(text.to_owned()));
        }
        let segments: Vec<&str> = text.split('/').filter(|s| !s.is_empty() && *s != ".").collect();
        if segments.contains(&"..") {
            return Err(PathError::Outside(text.to_owned()));
        }
        if segments.is_empty() {
            return Err(PathError::Empty);
        }
        Ok(Self(segments.join("/")))
    }

    /// What can be said of a text before it is known relative to which folder it was typed.
    pub fn check_typed(text: &str) -> Result<(), PathError> {
        match text {
            "" => Err(PathError::Empty),
            _ if text.len() > MAX_BYTES => Err(PathError::TooLong(text.len())),
            _ if text.chars().any(char::is_control) => Err(PathError::Control(text.to_owned())),
            _ => Ok(()),
        }
    }

    /// The path of these names, which are known to be names; nothing when it would be too long.
    pub(crate) fn of_names<N: AsRef<str>>(names: &[N]) -> Option<Self> {
        let bytes = names.iter().map(|name| name.as_ref().len() + 1).sum::<usize>().saturating_sub(1);
        if bytes > MAX_BYTES {
            return None;
        }
        let mut text = String::with_capacity(bytes);
        for name in names {
            text.push_str(if text.is_empty() { "" } else { "/" });
            text.push_str(name.as_ref());
        }
        debug_assert_eq!(Self::parse(&text).as_ref().map(Self::as_str), Ok(text.as_str()));
        Some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names between the slashes: at least one, none of them empty, `.` or `..`.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }

    /// Whether `other` is this path or lies below it.
    pub fn contains(&self, other: &ProjectPath) -> bool {
        other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl TryFrom<String> for ProjectPath {
    type Error = PathError;
    fn try_from(text: String) -> Result<Self, PathError> {
        Self::parse(&text)
    }
}

impl std::str::FromStr for ProjectPath {
    type Err = PathError;
    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse(text)
    }
}

impl From<ProjectPath> for String {
    fn from(path: ProjectPath) -> Self {
        path.0
    }
}

impl fmt::Display for ProjectPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_brought_to_one_spelling() {
        for (typed, path) in [
            ("src/lib.rs", "src/lib.rs"),
            ("./src//lib.rs/", "src/lib.rs"),
            ("src/./a", "src/a"),
            ("app/[id]/page.tsx", "app/[id]/page.tsx"),
            ("...", "..."),
            (" a", " a"),
        ] {
            assert_eq!(ProjectPath::parse(typed).unwrap().as_str(), path, "{typed}");
        }
    }

    #[test]
    fn what_names_nothing_inside_the_project_is_refused() {
        let long = "a".repeat(MAX_BYTES + 1);
        for (typed, error) in [
            ("", PathError::Empty),
            (".", PathError::Empty),
            ("./", PathError::Empty),
            ("/etc/passwd", PathError::Absolute("/etc/passwd".into())),
            ("..", PathError::Outside("..".into())),
            ("a/../b", PathError::Outside("a/../b".into())),
            ("a\0b", PathError::Control("a\0b".into())),
            ("a\n", PathError::Control("a\n".into())),
            (&long, PathError::TooLong(MAX_BYTES + 1)),
        ] {
            assert_eq!(ProjectPath::parse(typed), Err(error), "{typed:?}");
        }
    }

    #[test]
    fn a_folder_contains_itself_and_what_is_below() {
        let path = |text| ProjectPath::parse(text).unwrap();
        assert!(path("a").contains(&path("a/b")));
        assert!(path("a").contains(&path("a")));
        assert!(!path("a").contains(&path("ab")));
        assert!(!path("a/b").contains(&path("a")));
    }
}
