//! Who is asking, and on which understanding of the board.

use clap::Args;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::ids::{AgentId, LeaseToken, RequestId, SessionId};

/// Stands beside the arguments of every command and query.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Asking {
    /// The agent that asks; without it, the one that works in this worktree
    #[arg(long, global = true, env = "REMIT_AGENT_ID", value_name = "ID", help_heading = "Who is asking")]
    pub agent_id: Option<AgentId>,
    /// The registered window or terminal that asks
    #[arg(long, global = true, env = "REMIT_SESSION_ID", value_name = "ID", help_heading = "Who is asking")]
    pub session_id: Option<SessionId>,
    /// The session's epoch; an older one than the board's is refused
    #[arg(
        long,
        global = true,
        env = "REMIT_SESSION_EPOCH",
        value_name = "N",
        help_heading = "Who is asking"
    )]
    pub session_epoch: Option<u64>,
    /// The secret of the lease on the module; kept in the worktree's git directory when not given
    #[arg(
        long,
        global = true,
        env = "REMIT_LEASE_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        help_heading = "Who is asking"
    )]
    pub lease_token: Option<LeaseToken>,
    /// Refuse when the board is at another revision
    #[arg(long, global = true, value_name = "N", help_heading = "Safety of repetition")]
    pub expected_revision: Option<u64>,
    /// The same request again has one effect and gives the first answer
    #[arg(long, global = true, value_name = "ID", help_heading = "Safety of repetition")]
    pub request_id: Option<RequestId>,
    /// Refuse when this worktree's branch is no longer the one confirmed by `remit preflight`
    #[arg(long, global = true, help_heading = "Safety of repetition")]
    pub while_session: bool,
}
