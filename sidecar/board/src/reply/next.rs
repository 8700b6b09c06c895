//! Answers to "what next?".

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ScopeConflict;
use crate::{
    ids::{ModuleId, Specialty},
    module::{Priority, Status},
    scope::Scope,
};

/// What a part of a score is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RankFactor {
    /// What kind of thing is to be done.
    Action,
    Role,
    Priority,
    /// Somebody asked for this agent, or for another one.
    Assigned,
    Specialty,
    /// The longest chain of open work behind it.
    CriticalPath,
    /// How much waits for it in all.
    Downstream,
    Age,
    /// Its paths meet live ones of others.
    Overlap,
    /// Somebody began it whose lease ran out.
    Abandoned,
    /// What it owns is a guess that nobody confirmed yet.
    Candidate,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScorePart {
    pub factor: RankFactor,
    pub points: i64,
    /// In words.
    pub reason: String,
}

/// A module that can be taken, with its score taken apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RankedModule {
    pub module: ModuleId,
    pub title: String,
    pub status: Status,
    pub priority: Priority,
    pub specialty: Option<Specialty>,
    pub owned_paths: Scope,
    /// The sum of the parts' points.
    pub score: i64,
    pub parts: Vec<ScorePart>,
    /// Live scopes of others that its paths overlap.
    pub conflicts: Vec<ScopeConflict>,
}

impl RankedModule {
    pub fn of(ranked: crate::rank::Ranked<'_>) -> Self {
        let module = ranked.module;
        Self {
            module: module.id.clone(),
            title: module.title.clone(),
            status: module.status,
            priority: module.priority,
            specialty: module.specialty.clone(),
            owned_paths: module.owned_paths.clone(),
            score: ranked.score,
            parts: ranked.parts,
            conflicts: ranked.conflicts,
        }
    }
}

/// Best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RankedReply {
    pub modules: Vec<RankedModule>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// The caller's lease runs out.
    Heartbeat,
    /// A reviewer sent the caller's work back.
    AddressChanges,
    /// The caller took it over and has not said that it read the bundle.
    AckHandoff,
    ContinueReview,
    Continue,
    ClaimHandoff,
    StartReview,
    Claim,
    /// The caller blocked it.
    Unblock,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RankedAction {
    pub action: ActionKind,
    pub module: ModuleId,
    pub title: String,
    /// The command that does it or, for what is to be gone on with, that ends it.
    pub command: String,
    pub score: i64,
    pub parts: Vec<ScorePart>,
}

/// Most pressing first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActionsReply {
    pub actions: Vec<RankedAction>,
}
