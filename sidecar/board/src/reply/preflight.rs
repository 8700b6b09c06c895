//! What a preflight confirmed and chose, as it is answered and shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    board::{Confirmation, SafetyProfile},
    ids::AgentId,
    mode::{Advice, Mode, ModeChoice, Topology},
    session::LoopKind,
};

/// The policy on conflicts, and what it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Safety")]
pub struct SafetyWire {
    pub profile: SafetyProfile,
    /// Each a sentence.
    pub effects: Vec<String>,
}

impl SafetyWire {
    pub fn of(profile: SafetyProfile) -> Self {
        Self { profile, effects: profile.effects().map(str::to_owned).to_vec() }
    }
}

/// One worktree's last preflight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Preflighted")]
pub struct PreflightWire {
    pub worktree: String,
    /// `detached` for a detached head.
    pub branch: String,
    pub session_kind: LoopKind,
    pub mode: Mode,
    /// `auto` where the mode was chosen by what was said of the team.
    pub mode_choice: ModeChoice,
    /// Why this mode; each a sentence.
    pub reasons: Vec<String>,
    pub topology: Topology,
    /// Who confirmed it, where that was known.
    pub agent_id: Option<AgentId>,
    pub confirmed_at: String,
    pub revision: u64,
}

impl PreflightWire {
    pub fn of(confirmation: &Confirmation) -> Self {
        Self {
            worktree: confirmation.worktree.clone(),
            branch: confirmation.branch.clone(),
            session_kind: confirmation.loop_kind,
            mode: confirmation.advice.mode,
            mode_choice: confirmation.mode_choice,
            reasons: confirmation.advice.reasons.clone(),
            topology: confirmation.topology.clone(),
            agent_id: confirmation.agent.clone(),
            confirmed_at: confirmation.confirmed_at.rfc3339(),
            revision: confirmation.revision,
        }
    }
}

/// The reply to `preflight`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confirmed {
    #[serde(flatten)]
    pub preflight: PreflightWire,
    pub safety_profile: SafetyProfile,
    /// What the profile changes; each a sentence.
    pub safety_effects: Vec<String>,
}

/// The answer to `mode-advisor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModeAdviceReply {
    pub mode: Mode,
    /// Why; each a sentence.
    pub reasons: Vec<String>,
    /// What to do to work in that mode.
    pub meaning: String,
    /// What the advice was drawn from.
    pub topology: Topology,
}

impl ModeAdviceReply {
    pub fn of(advice: Advice, topology: Topology) -> Self {
        let Advice { mode, reasons } = advice;
        Self { mode, reasons, meaning: mode.meaning().to_owned(), topology }
    }
}
