//! What a caller is told when something was not done: a kind (with its exit code), a code to branch on, what
//! happened and was left unchanged, and what to do next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Refused,
    Invalid,
    Nothing,
    Unavailable,
    Internal,
}

impl Kind {
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::Refused => 1,
            Kind::Invalid => 2,
            Kind::Nothing => 3,
            Kind::Unavailable => 4,
            Kind::Internal => 70,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    StaleRevision,
    StaleLease,
    LeaseHeld,
    NotHolder,
    ScopeOverlap,
    NotFound,
    AlreadyExists,
    WrongStatus,
    DependencyOpen,
    Cycle,
    NotConfirmed,
    SessionExpired,
    StaleSessionEpoch,
    CursorExpired,
    CursorAhead,
    ConflictsFound,
    VerificationFailed,
    InvalidBoard,
    /// `doctor` found something that needs to be mended.
    ProblemsFound,
    /// Which agent asks is not clear from the worktree's sessions.
    AgentUnclear,
    Invalid,
    Nothing,
    Locked,
    DiskFull,
    /// The disk itself failed: neither full nor read-only, and what is on it may be sound.
    DiskError,
    ReadOnly,
    Corrupt,
    SchemaNewer,
    NoBoard,
    ServerDown,
    Internal,
}

impl Code {
    pub fn kind(self) -> Kind {
        match self {
            Code::Invalid => Kind::Invalid,
            Code::Nothing => Kind::Nothing,
            Code::Locked
            | Code::DiskFull
            | Code::DiskError
            | Code::ReadOnly
            | Code::Corrupt
            | Code::SchemaNewer
            | Code::NoBoard
            | Code::ServerDown => Kind::Unavailable,
            Code::Internal => Kind::Internal,
            _ => Kind::Refused,
        }
    }
}

/// The `error` of the envelope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub kind: Kind,
    pub code: Code,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What a program needs to go on; an object, empty for most codes.
    #[serde(default)]
    pub details: Value,
}

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { kind: code.kind(), code, message: message.into(), hint: None, details: json!({}) }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, message)
    }

    pub fn internal(message: impl std::fmt::Display) -> Self {
        Self::new(Code::Internal, format!("a defect in remit: {message}"))
            .hint("nothing further was changed; please report this message with `remit --version`")
    }

    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(Code::NotFound, format!("there is no {what} {id} on this board"))
    }
}
