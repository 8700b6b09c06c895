//! The arguments of the commands that move a module through its life, from claimed to done.

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    handoff::Target,
    ids::{ModuleId, Specialty},
};

/// Say that you can't go on, and why; you keep the module
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    /// What it waits for
    #[arg(long, value_name = "R")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Go on with a blocked module
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Unblock {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
}

/// Hand the work in for review; the lease ends, the work stays yours
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
}

/// Review a module that was submitted by somebody else
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct StartReview {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    /// How long the lease runs without a heartbeat, 1 to 604800 [default: 1800]
    #[arg(long, value_name = "N")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u64>,
}

/// Review the best module that waits for it
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimReviewNext {
    /// Only modules that ask for this, or for nothing special
    #[arg(long, value_name = "S")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialty: Option<Specialty>,
    /// How long the lease runs without a heartbeat, 1 to 604800 [default: 1800]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u64>,
}

/// Send a module that you review back to its owner
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct RequestChanges {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    /// What is to be changed
    #[arg(long, value_name = "R")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How long the owner's new lease runs without a heartbeat, 1 to 604800 [default: 1800]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u64>,
}

/// Approve a module that you review; it is done
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
}

/// Give a module up for good; by its holder or a coordinator
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
}

/// Ask an agent to take a module next
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    /// agent:ID
    #[arg(long, value_name = "TARGET")]
    pub to: Target,
}

/// Ask whoever holds a module to hand it over
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct RequestHandoff {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    /// Why you want it
    #[arg(long, value_name = "R")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
