//! Replies to commands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{HandoffWire, ModuleWire, ScopeConflict};
use crate::{
    ids::{AgentId, HostId, LeaseToken, ModuleId, SessionId, Specialty, WindowId},
    module::{Lease, Status},
    path::ProjectPath,
    scope::Pattern,
    session::Role,
};

/// The lease as it is given to its holder: the one place where a token travels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GivenLease {
    #[serde(serialize_with = "reveal")]
    pub token: LeaseToken,
    pub expires_at: String,
    pub ttl_seconds: u64,
}

fn reveal<S: serde::Serializer>(token: &LeaseToken, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(token.reveal())
}

impl GivenLease {
    pub fn of(lease: &Lease) -> Self {
        Self {
            token: lease.token.clone(),
            expires_at: lease.expires_at.rfc3339(),
            ttl_seconds: lease.ttl_seconds,
        }
    }
}

/// A lease that a new registration of its session gave a new token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReissuedLease {
    pub module: ModuleId,
    #[serde(flatten)]
    pub lease: GivenLease,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bootstrapped {
    /// The folder that holds the board's files.
    pub board: String,
    /// False when the board was already there.
    pub created: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    pub agent_id: AgentId,
    pub session_id: SessionId,
    pub session_epoch: u64,
    pub role: Role,
    pub specialties: Vec<Specialty>,
    pub host_id: HostId,
    pub window_id: WindowId,
    pub worktree: Option<String>,
    pub branch: Option<String>,
    /// This session's leases under new tokens; the old ones are void.
    pub leases: Vec<ReissuedLease>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModuleChanged {
    pub module: ModuleWire,
    /// Live scopes of others that the module's paths overlap.
    #[serde(default)]
    pub conflicts: Vec<ScopeConflict>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Imported {
    pub modules: Vec<ModuleId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Claimed {
    pub module: ModuleWire,
    pub lease: GivenLease,
    /// Live scopes of others that the module's paths overlap.
    pub conflicts: Vec<ScopeConflict>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Renewed {
    pub module: ModuleWire,
    pub lease: GivenLease,
}

/// What a living window renewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Kept {
    pub modules: Vec<ModuleId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reclaimed {
    pub modules: Vec<ReclaimedModule>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReclaimedModule {
    pub module: ModuleId,
    /// Whose lease had run out.
    pub holder: AgentId,
    pub status: Status,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HandedOver {
    pub module: ModuleWire,
    /// Boxed: it is rare, and every reply would have its size.
    pub handoff: Box<HandoffWire>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Inferred {
    pub module: ModuleId,
    pub proposals: Vec<ProposedPath>,
    /// The proposals now stand in the module's owned paths.
    pub applied: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProposedPath {
    pub path: ProjectPath,
    /// The path as a pattern, its wildcard characters escaped.
    pub pattern: Pattern,
    pub is_folder: bool,
    /// Each a sentence: what speaks for the path.
    pub evidence: Vec<String>,
}

/// The reply to `validate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Validated {
    /// Nothing is wrong, or not any more.
    pub sound: bool,
    pub flaws: Vec<FlawWire>,
    /// What was done to the database itself; each a sentence.
    pub mended: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Flaw")]
pub struct FlawWire {
    pub what: String,
    /// What puts it right.
    pub repair: String,
    pub repaired: bool,
}
