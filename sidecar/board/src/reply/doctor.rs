//! How healthy a board is, line by line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckLevel {
    Ok,
    /// Good to know; nothing is wrong.
    Note,
    Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What was looked at: `board`, `disk`, `database`, …
    pub name: String,
    pub level: CheckLevel,
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Check {
    pub fn ok(name: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), level: CheckLevel::Ok, message: message.into(), advice: None }
    }

    pub fn note(name: &str, message: impl Into<String>) -> Self {
        Self { level: CheckLevel::Note, ..Self::ok(name, message) }
    }

    pub fn problem(name: &str, message: impl Into<String>) -> Self {
        Self { level: CheckLevel::Problem, ..Self::ok(name, message) }
    }

    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

/// The answer to `doctor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DoctorReply {
    pub checks: Vec<Check>,
}
