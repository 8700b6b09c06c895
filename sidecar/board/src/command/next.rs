//! The arguments of the questions "what next?".

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::Specialty;

/// Show what you should do now, most pressing first
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct NextAction {
    #[command(flatten)]
    #[serde(flatten)]
    pub which: Which,
}

/// List what you could claim now, best first; the paths of those listed don't overlap
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct NextClaimable {
    #[command(flatten)]
    #[serde(flatten)]
    pub which: Which,
}

/// List what you could review now, best first
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct NextReviewable {
    #[command(flatten)]
    #[serde(flatten)]
    pub which: Which,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
pub struct Which {
    /// Only modules that ask for this, or for nothing special
    #[arg(long, value_name = "S")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialty: Option<Specialty>,
    /// How many at most [default: 10]
    #[arg(long, value_name = "N")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// When there is nothing, wait so long for it
    #[arg(long, value_name = "N")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch_seconds: Option<u64>,
}
