//! A module is a piece of work; its lease is the time bound of whoever holds it.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgentId, LeaseToken, ModuleId, SessionId, Specialty},
    scope::Scope,
    time::Millis,
};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Todo,
    InProgress,
    Blocked,
    ReviewReady,
    InReview,
    Done,
    Cancelled,
}

impl Status {
    pub const ALL: [Status; 7] = [
        Status::Todo,
        Status::InProgress,
        Status::Blocked,
        Status::ReviewReady,
        Status::InReview,
        Status::Done,
        Status::Cancelled,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Status::Todo => "todo",
            Status::InProgress => "in-progress",
            Status::Blocked => "blocked",
            Status::ReviewReady => "review-ready",
            Status::InReview => "in-review",
            Status::Done => "done",
            Status::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Somebody answers for the module's paths.
    pub fn scope_is_live(self) -> bool {
        matches!(self, Status::InProgress | Status::Blocked | Status::ReviewReady | Status::InReview)
    }

    pub fn is_review(self) -> bool {
        matches!(self, Status::ReviewReady | Status::InReview)
    }
}

/// 0 is the most urgent, 4 the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schemars(with = "u8", extend("minimum" = 0, "maximum" = 4))]
pub struct Priority(u8);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the priority must be a whole number from 0 (highest) to 4")]
pub struct PriorityError;

impl Default for Priority {
    fn default() -> Self {
        Self(2)
    }
}

impl TryFrom<u8> for Priority {
    type Error = PriorityError;
    fn try_from(number: u8) -> Result<Self, PriorityError> {
        if number <= 4 { Ok(Self(number)) } else { Err(PriorityError) }
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> u8 {
        priority.0
    }
}

impl std::str::FromStr for Priority {
    type Err = PriorityError;
    fn from_str(text: &str) -> Result<Self, PriorityError> {
        text.parse::<u8>().map_err(|_| PriorityError)?.try_into()
    }
}

/// What the rules read of a module. Its `Brief` stays in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    pub id: ModuleId,
    pub title: String,
    pub status: Status,
    pub priority: Priority,
    pub specialty: Option<Specialty>,
    pub depends_on: Vec<ModuleId>,
    pub owned_paths: Scope,
    pub candidate_depends_on: Vec<ModuleId>,
    pub candidate_owned_paths: Scope,
    /// Who does the work.
    pub owner: Option<AgentId>,
    pub reviewer: Option<AgentId>,
    /// Why it is blocked, in the holder's words.
    pub block_reason: Option<String>,
    /// What the reviewer asked for, in its words, until the work is submitted again.
    pub changes_requested: Option<String>,
    /// Whom somebody asked to take it next; others may still.
    pub assigned_to: Option<AgentId>,
    /// The branch on which it was claimed; a handover names it.
    pub branch: Option<String>,
    /// The commit that was checked out there then: the work is what came after it.
    pub claimed_head: Option<String>,
    pub created_at: Millis,
    /// Order of making, counted over the board: the tie-breaker of age.
    pub ordinal: u64,
    /// The revision at which this row last changed.
    pub revision: u64,
}

impl Module {
    pub fn scope_is_live(&self) -> bool {
        self.status.scope_is_live()
    }

    /// Who has to hold a lease on it, by its status.
    pub fn holder(&self) -> Option<&AgentId> {
        match self.status {
            Status::InProgress | Status::Blocked => self.owner.as_ref(),
            Status::InReview => self.reviewer.as_ref(),
            _ => None,
        }
    }

    /// Nobody confirmed yet what it owns: until then it has no scope that could meet another.
    pub fn is_candidate(&self) -> bool {
        self.status == Status::Todo && self.owned_paths.is_empty() && !self.candidate_owned_paths.is_empty()
    }

    pub fn is_owned_by(&self, agent: &AgentId) -> bool {
        self.owner.as_ref() == Some(agent)
    }
}

/// What whoever works on a module is told of it. No rule reads it: it stays in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    pub description: String,
    /// What must hold for it to be done.
    pub acceptance: Vec<String>,
    /// How to see that it holds: commands, or what to look at.
    pub verify: Vec<String>,
}

/// The time bound of a holder, with the token that fences the module's mutations.
///
/// Its expiry is bookkeeping: it moves without a revision, and is read afresh in every transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub module: ModuleId,
    pub holder: AgentId,
    pub session: Option<SessionId>,
    pub token: LeaseToken,
    pub ttl_seconds: u64,
    pub expires_at: Millis,
}

impl Lease {
    /// Expiry permits others; it takes nothing from the holder by itself.
    pub fn is_expired(&self, now: Millis) -> bool {
        self.expires_at <= now
    }

    /// Whether a window of `agent` keeps it alive, as long as it lives itself. What no session answers for is all of the agent's:
    /// work that was sent back to one with several windows runs on while any of them lives.
    pub fn is_kept_by(&self, agent: &AgentId, session: &SessionId) -> bool {
        self.holder == *agent && self.session.as_ref().is_none_or(|own| own == session)
    }
}

pub const DEFAULT_TTL_SECONDS: u64 = 1800;
pub const TTL_SECONDS: std::ops::RangeInclusive<u64> = 1..=7 * 24 * 3600;
