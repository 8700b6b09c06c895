//! The arguments of every query.

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ids::ModuleId, mode::Topology, path::ProjectPath, reply::GraphFormat};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum StateFormat {
    #[default]
    Json,
    Summary,
}

/// Show everything that is on the board
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// How people get it [default: json]
    #[arg(long, value_enum)]
    pub format: Option<StateFormat>,
}

/// Show how the work stands, in a few lines
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Summary {}

/// List the modules
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Modules {}

/// Draw what waits for what
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Graph {
    /// How it is drawn [default: text]
    #[arg(long, value_enum)]
    pub format: Option<GraphFormat>,
}

/// Show one module whole
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// The module
    pub id: ModuleId,
}

/// List the registered windows and terminals
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Sessions {}

/// List the handoffs
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Handoffs {
    /// Only this module's, with all that the newest one's bundle says
    #[arg(long, value_name = "ID")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<ModuleId>,
}

/// Show who owns files or folders
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct WhoOwns {
    /// Files or folders, taken literally
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<ProjectPath>,
}

/// List what this worktree changed in other people's scopes
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Conflicts {
    /// Only these files or folders
    #[arg(value_name = "PATH")]
    pub paths: Vec<ProjectPath>,
    /// Only what is staged for the next commit
    #[arg(long)]
    pub staged: bool,
    /// Also what the owner changed itself
    #[arg(long)]
    pub all: bool,
}

/// Say which mode fits the team, and why; what is not given is as in the last preflight
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct ModeAdvisor {
    #[command(flatten)]
    #[serde(flatten)]
    pub topology: Topology,
}

/// Look at everything that could trouble the board; exits with 1 when something must be mended
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Doctor {
    /// Also play a day on a scratch board in a temporary folder
    #[arg(long)]
    pub self_test: bool,
}

/// What an editor's views draw
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct BoardView {}

/// Everything that is wrong in the caller's window, for diagnostics
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Findings {}
