//! What a scan of the workspace found.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ids::ModuleId, intake::Sign, path::ProjectPath, scope::Scope};

/// The reply to `intake`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IntakeReply {
    /// One for each part of the project, in the order of their folders.
    pub modules: Vec<IntakeModule>,
    /// The manifests in which packages are declared.
    pub packages: Vec<IntakePackage>,
    /// What could not be read or was left out, each a sentence.
    pub notes: Vec<String>,
    /// How many files were seen.
    pub files: u64,
}

/// How a part of the project stands to the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CandidateStanding {
    /// `--seed-tasks` would add it.
    New,
    /// It was added now.
    Added,
    /// The module was on the board before, and is as it was.
    Known,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IntakeModule {
    pub id: ModuleId,
    pub title: String,
    pub standing: CandidateStanding,
    /// Literal paths. They count only once they are confirmed.
    pub candidate_owned_paths: Scope,
    /// There may be circles in them. They count only once they are confirmed.
    pub candidate_depends_on: Vec<ModuleId>,
    /// Whom the project's CODEOWNERS names.
    pub owners: Vec<String>,
    pub evidence: Vec<SignWire>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IntakePackage {
    pub name: Option<String>,
    /// Such as Cargo, npm, Python or Go.
    pub ecosystem: String,
    pub manifest: ProjectPath,
    /// The module that stands for the part it lies in.
    pub module: ModuleId,
}

/// What speaks for a candidate, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Sign")]
pub struct SignWire {
    pub what: String,
    pub path: ProjectPath,
    /// Counted from 1; null where a line would say nothing.
    pub line: Option<u64>,
}

impl SignWire {
    pub fn of(sign: &Sign) -> Self {
        Self { what: sign.what.clone(), path: sign.path.clone(), line: sign.line }
    }
}

impl fmt::Display for SignWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} ({}:{line})", self.what, self.path),
            None => write!(f, "{} ({})", self.what, self.path),
        }
    }
}
