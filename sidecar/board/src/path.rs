//! A path inside the project, as git stores it: `/` between segments, no leading `/`, no `.` or `..`.
//!
//! A `ProjectPath` is literal. What may hold wildcards is a `scope::Pattern`.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest path or pattern that is accepted, in bytes.
pub const MAX_BYTES: usize = 4096;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct ProjectPath(String);

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

    pub fn as_str(&self) -> &str {
        &self.0
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
