//! The arguments of every mutation.

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    board::SafetyProfile,
    handoff::Target,
    ids::{AgentId, HostId, ModuleId, Specialty, ThreadKey, WindowId},
    mode::{ModeChoice, Topology},
    module::Priority,
    path::ProjectPath,
    scope::Pattern,
    session::{LoopKind, Role, SessionKind},
};

/// Make the board of this repository
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Bootstrap {
    /// Let git see the board's markdown; never the database, tokens or `preflight.json`
    #[arg(long)]
    pub share: bool,
    /// Keep the board so that machines can share its folder over a network file system: by a rollback journal, and
    /// polling; false goes back to the quicker write-ahead log
    #[arg(long, value_name = "true|false")]
    pub shared_storage: Option<bool>,
}

/// Confirm this worktree and its branch once; choose how the team shares the board, and the safety profile
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Preflight {
    /// This is the right worktree
    #[arg(long)]
    pub confirm_workspace: bool,
    /// This is the right branch
    #[arg(long)]
    pub confirm_branch: bool,
    /// How you mean to work here [default: while-loop]
    #[arg(long, value_enum)]
    pub session_kind: Option<LoopKind>,
    /// How the team shares the board; auto chooses by what is said of the team [default: as before, else auto]
    #[arg(long, value_enum)]
    pub mode: Option<ModeChoice>,
    #[command(flatten)]
    #[serde(flatten)]
    pub topology: Topology,
    /// What an overlapping claim does: safe refuses, balanced warns, throughput informs
    #[arg(long, value_enum)]
    pub safety_profile: Option<SafetyProfile>,
}

/// Register as an agent, in this window or terminal
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct InitAgent {
    /// What the agent calls itself; the same key gives the same agent id
    #[arg(long, value_name = "K")]
    pub thread_key: Option<ThreadKey>,
    /// What it does here [default: worker]
    #[arg(long, value_enum)]
    pub role: Option<Role>,
    /// What it is good at; may be given several times
    #[arg(long = "specialty", value_name = "S")]
    pub specialties: Vec<Specialty>,
    /// The machine [default: this one's name]
    #[arg(long, value_name = "H")]
    pub host_id: Option<HostId>,
    /// The window or terminal [default: the worktree]
    #[arg(long, value_name = "W")]
    pub window_id: Option<WindowId>,
    #[arg(skip)]
    pub kind: SessionKind,
}

/// Register a window or terminal; the same as init-agent
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct RegisterSession {
    #[command(flatten)]
    #[serde(flatten)]
    pub registration: InitAgent,
}

/// Add a module
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct AddModule {
    /// 1 to 128 of letters, digits, '.', '_', '-'
    pub id: ModuleId,
    #[command(flatten)]
    #[serde(flatten)]
    pub fields: ModuleFields,
}

/// Change a module's fields; those not given stay
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct EditModule {
    /// The module
    pub id: ModuleId,
    #[command(flatten)]
    #[serde(flatten)]
    pub fields: ModuleFields,
    /// Take away all dependencies
    #[arg(long, conflicts_with = "depends_on")]
    #[serde(default)]
    pub clear_depends_on: bool,
    /// Take away all owned paths
    #[arg(long, conflicts_with = "owned_paths")]
    #[serde(default)]
    pub clear_owned_paths: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Args)]
pub struct ModuleFields {
    /// A line that says what it is
    #[arg(long, value_name = "T")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What is to be done and when it is done
    #[arg(long, value_name = "D")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What must hold for it to be done; may be given several times, an empty one takes away what there was
    #[arg(long, value_name = "A")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<Vec<String>>,
    /// A command or a look that shows that it holds; may be given several times, as --acceptance
    #[arg(long, value_name = "V")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<Vec<String>>,
    /// 0 (highest) to 4 [default: 2]
    #[arg(long, value_name = "N")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// What a worker should be good at
    #[arg(long, value_name = "S")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialty: Option<Specialty>,
    /// A module that must be done before; may be given several times
    #[arg(long = "depends-on", value_name = "ID")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<Vec<ModuleId>>,
    /// A path pattern that the module owns; may be given several times
    #[arg(long = "owned-path", value_name = "PATTERN")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owned_paths: Option<Vec<Pattern>>,
}

/// Turn candidates, which a scan guessed, into dependencies and paths that count
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct ConfirmModule {
    /// The module
    pub id: ModuleId,
    /// One of its candidate dependencies; may be given several times
    #[arg(long = "depends-on", value_name = "ID")]
    #[serde(default)]
    pub depends_on: Vec<ModuleId>,
    /// One of its candidate paths; may be given several times
    #[arg(long = "owned-path", value_name = "PATTERN")]
    #[serde(default)]
    pub owned_paths: Vec<Pattern>,
    /// Every candidate that it has
    #[arg(long, conflicts_with_all = ["depends_on", "owned_paths"])]
    #[serde(default)]
    pub all: bool,
}

/// Add many modules in one transaction; forward references are allowed
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct ImportPlan {
    #[arg(skip)]
    pub modules: Vec<PlannedModule>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedModule {
    /// 1 to 128 of letters, digits, '.', '_', '-', beginning with a letter or digit
    pub id: ModuleId,
    /// A line that says what it is
    #[serde(default)]
    pub title: Option<String>,
    /// What is to be done and when it is done
    #[serde(default)]
    pub description: Option<String>,
    /// What must hold for it to be done
    #[serde(default)]
    pub acceptance: Vec<String>,
    /// Commands or looks that show that it holds
    #[serde(default)]
    pub verify: Vec<String>,
    /// 0 (highest) to 4 [default: 2]
    #[serde(default)]
    pub priority: Option<Priority>,
    /// What a worker should be good at
    #[serde(default)]
    pub specialty: Option<Specialty>,
    /// Modules that must be done before, on the board or in this plan
    #[serde(default)]
    pub depends_on: Vec<ModuleId>,
    /// Path patterns that the module owns
    #[serde(default)]
    pub owned_paths: Vec<Pattern>,
    /// Guessed dependencies, which count once they are confirmed
    #[serde(default)]
    pub candidate_depends_on: Vec<ModuleId>,
    /// Guessed paths, which count once they are confirmed
    #[serde(default)]
    pub candidate_owned_paths: Vec<Pattern>,
}

/// Claim a module
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    #[command(flatten)]
    #[serde(flatten)]
    pub terms: ClaimTerms,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
pub struct ClaimTerms {
    /// Who is to review it; then it is submitted instead of finished
    #[arg(long, value_name = "R")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewer_id: Option<AgentId>,
    /// How long the lease runs without a heartbeat, 1 to 604800 [default: 1800]
    #[arg(long, value_name = "N")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u64>,
}

/// Claim the best module that is free
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct ClaimNext {
    /// Only modules that ask for this, or for nothing special
    #[arg(long, value_name = "S")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specialty: Option<Specialty>,
    #[command(flatten)]
    #[serde(flatten)]
    pub terms: ClaimTerms,
}

/// Claim these paths, as a module made on the spot
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct ClaimPaths {
    /// Files or folders, taken literally
    #[arg(required = true, value_name = "PATH")]
    #[serde(default)]
    pub paths: Vec<ProjectPath>,
    #[command(flatten)]
    #[serde(flatten)]
    pub terms: ClaimTerms,
    /// What for; becomes the module's title
    #[arg(long, value_name = "R")]
    #[serde(default)]
    pub reason: Option<String>,
}

/// Renew the lease on a module
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    /// How long the lease runs from now, 1 to 604800 [default: its own time]
    #[arg(long, value_name = "N")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u64>,
}

/// Give a module back
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
}

/// Finish a module that needs no review
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct Finish {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
}

/// Give back what is held by leases that ran out
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Reclaim {
    /// Only this module [default: all with an expired lease]
    #[arg(long, value_name = "ID")]
    pub module: Option<ModuleId>,
}

/// Offer a module with all that the next one needs to know
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct HandoffBundle {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    /// agent:ID, workers[:SPECIALTY] or reviewers[:SPECIALTY] [default: workers; reviewers when under review]
    #[arg(long, value_name = "TARGET")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Target>,
    /// Where the work stands
    #[arg(long, value_name = "T")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What to do next; may be given several times
    #[arg(long = "next-step", value_name = "T")]
    #[serde(default)]
    pub next_steps: Vec<String>,
    /// What was decided, and why; may be given several times
    #[arg(long = "decision", value_name = "T")]
    #[serde(default)]
    pub decisions: Vec<String>,
    /// What nobody could answer yet; may be given several times
    #[arg(long = "open-question", value_name = "T")]
    #[serde(default)]
    pub open_questions: Vec<String>,
    /// What must hold for it to be done, beside what the module says; may be given several times
    #[arg(long, value_name = "A")]
    #[serde(default)]
    pub acceptance: Vec<String>,
    /// A command or a look that shows that it holds, beside what the module says; may be given several times
    #[arg(long, value_name = "V")]
    #[serde(default)]
    pub verify: Vec<String>,
}

/// Take over a module that was offered to you; the lease passes with it
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct ClaimHandoff {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    /// How long the lease runs without a heartbeat, 1 to 604800 [default: 1800]
    #[arg(long, value_name = "N")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u64>,
}

/// Say that you have read the bundle of a module that you took over
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct AckHandoff {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
}

/// Check the database and everything on the board; leaves one event
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Validate {
    /// Put right what can be; what can't be read is set aside and rebuilt from the files beside it
    #[arg(long)]
    pub repair: bool,
}

/// Propose the paths that a module should own, each with its evidence
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Args)]
#[serde(deny_unknown_fields)]
pub struct InferPaths {
    /// The module
    #[arg(long, value_name = "ID")]
    pub module: ModuleId,
    /// Add the proposals to the module's owned paths
    #[arg(long)]
    #[serde(default)]
    pub apply: bool,
}

/// Find the parts of the project from its manifests, folders, imports and owners: candidates for modules
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Args)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// Whose doing it is: the thread key of a registered agent
    #[arg(long, value_name = "K")]
    pub thread_key: Option<ThreadKey>,
    /// Add what is new as modules to do, with candidate paths and dependencies that bind nobody until they are confirmed
    #[arg(long)]
    pub seed_tasks: bool,
}
