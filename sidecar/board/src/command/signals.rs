//! The arguments of reading events and notifications, and of saying how far one has read.

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NextAction, NextClaimable, NextReviewable, Query};
use crate::{
    handoff::Target,
    ids::{AgentId, CursorId, ModuleId, SessionId, Specialty},
    module::Priority,
};

/// List what happened on the board; without --since or --cursor-id the newest
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Events {
    #[command(flatten)]
    #[serde(flatten)]
    pub which: EventFlags,
}

/// List what is addressed to you and can still be acted on; without --since or --cursor-id the newest
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    #[command(flatten)]
    #[serde(flatten)]
    pub which: EventFlags,
}

/// Which of them: all that are given must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default)]
pub struct EventFlags {
    /// Only what came after this sequence number; 0 is the beginning
    #[arg(long, value_name = "SEQ")]
    pub since: Option<u64>,
    /// How many at most [default: 100]
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// The part of Remit that speaks, such as board or preflight
    #[arg(long, value_name = "S")]
    pub source: Option<String>,
    /// A command's name, or a notification's kind such as review-ready
    #[arg(long, value_name = "K")]
    pub kind: Option<String>,
    /// The module's priority, 0 (highest) to 4
    #[arg(long, value_name = "P")]
    pub priority: Option<Priority>,
    /// Exactly this addressee: workers, reviewers, workers:SPECIALTY, reviewers:SPECIALTY or agent:ID
    #[arg(long, value_name = "TARGET")]
    pub target: Option<Target>,
    /// What the module asks for
    #[arg(long, value_name = "S")]
    pub specialty: Option<Specialty>,
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: Option<ModuleId>,
    /// Only what this agent did
    #[arg(long, value_name = "AGENT")]
    pub by: Option<AgentId>,
    /// Only what is addressed to somebody
    #[arg(long)]
    pub notification_only: bool,
    /// Go on behind what was acknowledged under this name
    #[arg(long, value_name = "C")]
    pub cursor_id: Option<CursorId>,
    /// When there is nothing, wait so long for it; events, without --since or --cursor-id, from now on
    #[arg(long, value_name = "N")]
    pub watch_seconds: Option<u64>,
}

/// Say that events were read, so that the cursor goes on behind them
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct AckEvents {
    #[command(flatten)]
    #[serde(flatten)]
    pub read: Acknowledgement,
}

/// Say that notifications were read, so that the cursor goes on behind them
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct AckNotifications {
    #[command(flatten)]
    #[serde(flatten)]
    pub read: Acknowledgement,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Args)]
pub struct Acknowledgement {
    /// The cursor; it is made by its first acknowledgement
    #[arg(long, value_name = "C")]
    pub cursor_id: CursorId,
    /// The last sequence number that was read [default: what was last given out here under this cursor, else all]
    #[arg(long, value_name = "SEQ")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<u64>,
    /// Let the cursor go back to --up-to, so that what lies behind is given out again
    #[arg(long, requires = "up_to")]
    #[serde(default)]
    pub rewind: bool,
}

/// Move the oldest events from the board to the archive
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct PruneEvents {
    /// So many of the newest stay at most [default: 100000]
    #[arg(long, value_name = "N")]
    pub max_rows: Option<u64>,
    /// Those that are older go [default: 2592000, 30 days]
    #[arg(long, value_name = "N")]
    pub max_age_seconds: Option<u64>,
}

/// List the files of archived events
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct EventArchives {}

/// Take sessions off the registry that have not been seen for long
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct ReapSessions {
    /// How long they must have been quiet [default: 86400, a day]
    #[arg(long, value_name = "N")]
    pub max_age_seconds: Option<u64>,
    /// Those that are: when each was last seen is bookkeeping, and stands beside the board.
    #[arg(skip)]
    #[serde(skip)]
    pub quiet: Vec<SessionId>,
}

/// Show the most urgent handoff that is offered to you
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct NextHandoff {
    /// When there is none, wait so long for one
    #[arg(long, value_name = "N")]
    pub watch_seconds: Option<u64>,
}

impl Query {
    /// How long the one who asks is ready to wait for an answer that holds something.
    pub fn watch_seconds(&self) -> Option<u64> {
        match self {
            Query::Events(Events { which }) | Query::Notifications(Notifications { which }) => {
                which.watch_seconds
            }
            Query::NextHandoff(next) => next.watch_seconds,
            Query::NextAction(NextAction { which })
            | Query::NextClaimable(NextClaimable { which })
            | Query::NextReviewable(NextReviewable { which }) => which.watch_seconds,
            _ => None,
        }
    }
}
