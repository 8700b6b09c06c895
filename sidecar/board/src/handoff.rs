//! A handoff offers a module with all that the next one needs to know.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgentId, HandoffId, ModuleId, Specialty},
    session::{Agent, Role},
    time::Millis,
};

/// To whom a handoff or notification speaks: `workers`, `reviewers`, either with `:<specialty>`, or `agent:<id>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Target {
    Workers(Option<Specialty>),
    Reviewers(Option<Specialty>),
    Agent(AgentId),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the target {0:?} is not one of workers, reviewers, workers:SPECIALTY, reviewers:SPECIALTY, agent:ID"
)]
pub struct TargetError(String);

impl FromStr for Target {
    type Err = TargetError;
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let wrong = || TargetError(text.to_owned());
        let (head, tail) = match text.split_once(':') {
            Some((head, tail)) => (head, Some(tail)),
            None => (text, None),
        };
        let specialty = || tail.map(str::parse).transpose().map_err(|_| wrong());
        match head {
            "workers" => Ok(Target::Workers(specialty()?)),
            "reviewers" => Ok(Target::Reviewers(specialty()?)),
            "agent" => tail.and_then(|id| id.parse().ok()).map(Target::Agent).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

impl TryFrom<String> for Target {
    type Error = TargetError;
    fn try_from(text: String) -> Result<Self, TargetError> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Workers(None) => f.write_str("workers"),
            Target::Workers(Some(specialty)) => write!(f, "workers:{specialty}"),
            Target::Reviewers(None) => f.write_str("reviewers"),
            Target::Reviewers(Some(specialty)) => write!(f, "reviewers:{specialty}"),
            Target::Agent(id) => write!(f, "agent:{id}"),
        }
    }
}

impl Target {
    /// A coordinator stands in for workers and reviewers alike.
    pub fn includes(&self, agent: &Agent) -> bool {
        let skilled =
            |wanted: &Option<Specialty>| wanted.as_ref().is_none_or(|s| agent.specialties.contains(s));
        match self {
            Target::Workers(specialty) => agent.role != Role::Reviewer && skilled(specialty),
            Target::Reviewers(specialty) => agent.role != Role::Worker && skilled(specialty),
            Target::Agent(id) => *id == agent.id,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HandoffStatus {
    Offered,
    Claimed,
    Acknowledged,
    /// The module went another way before anybody claimed the handoff.
    Withdrawn,
}

impl HandoffStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            HandoffStatus::Offered => "offered",
            HandoffStatus::Claimed => "claimed",
            HandoffStatus::Acknowledged => "acknowledged",
            HandoffStatus::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        use HandoffStatus::*;
        [Offered, Claimed, Acknowledged, Withdrawn].into_iter().find(|status| status.as_str() == text)
    }
}

/// What the rules read of a handoff. The bundle's text stays in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    pub id: HandoffId,
    pub module: ModuleId,
    /// Who wrote the bundle.
    pub from: AgentId,
    pub to: Target,
    pub status: HandoffStatus,
    pub summary: String,
    pub next_steps: Vec<String>,
    /// Written by somebody else than the holder, after the lease had run out.
    pub after_expiry: bool,
    pub claimed_by: Option<AgentId>,
    pub offered_at: Millis,
    pub revision: u64,
}

/// What a handoff tells beyond that, as it was when it was offered. No rule reads it: it stays in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    pub acceptance: Vec<String>,
    pub verify: Vec<String>,
    pub decisions: Vec<String>,
    pub open_questions: Vec<String>,
}

impl Handoff {
    pub fn is_open(&self) -> bool {
        self.status == HandoffStatus::Offered
    }
}
