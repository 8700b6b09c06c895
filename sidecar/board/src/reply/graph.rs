//! The graph of dependencies.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgentId, ModuleId},
    module::Status,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum GraphFormat {
    /// An indented tree
    #[default]
    Text,
    /// For Graphviz
    Dot,
    /// For markdown that renders Mermaid
    Mermaid,
    /// A picture
    Svg,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GraphReply {
    pub format: GraphFormat,
    /// The drawing.
    pub text: String,
    pub modules: Vec<GraphNode>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GraphNode {
    pub module: ModuleId,
    pub title: String,
    pub status: Status,
    pub owner: Option<AgentId>,
    /// 0 depends on nothing; others lie behind the deepest that they wait for.
    pub level: u64,
    pub depends_on: Vec<ModuleId>,
}
