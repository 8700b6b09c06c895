//! What is wrong: overlaps, and changes in other people's scopes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgentId, ModuleId, SessionId},
    path::ProjectPath,
};

/// A live scope of somebody else that overlaps; `witness` lies in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScopeConflict {
    pub module: ModuleId,
    pub owner: Option<AgentId>,
    pub witness: ProjectPath,
}

#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    PathOwnedByOther,
    ScopeOverlap,
    OutsideMyScope,
    LeaseExpired,
    ConcurrentEdit,
}

impl FindingCode {
    pub fn as_str(self) -> &'static str {
        match self {
            FindingCode::PathOwnedByOther => "path-owned-by-other",
            FindingCode::ScopeOverlap => "scope-overlap",
            FindingCode::OutsideMyScope => "outside-my-scope",
            FindingCode::LeaseExpired => "lease-expired",
            FindingCode::ConcurrentEdit => "concurrent-edit",
        }
    }
}

/// Whose change it is; the ids are null where only the worktree is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedBy {
    pub worktree: Option<String>,
    pub session_id: Option<SessionId>,
    pub agent_id: Option<AgentId>,
}

/// One flat row of `conflicts`. The code says which of the optional fields stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Conflict")]
pub struct ConflictRow {
    pub code: FindingCode,
    pub changed_by: ChangedBy,
    /// Whose module stands in the way; none for `concurrent-edit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<ModuleId>,
    pub owner: Option<AgentId>,
    /// `path-owned-by-other` and `concurrent-edit`: the changed path, as this side calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<ProjectPath>,
    /// `path-owned-by-other`: null when the owner holds no lease now.
    #[serde(default)]
    pub lease_expires_at: Option<String>,
    /// `scope-overlap`: a path in both scopes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<ProjectPath>,
    /// `scope-overlap`: the caller's own module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_module: Option<ModuleId>,
    /// `concurrent-edit`: the lines of this side's text that would be in conflict; empty for the whole file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranges: Option<Vec<LineRange>>,
    /// `concurrent-edit`: the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<EditedBy>,
    /// `concurrent-edit`: the other side in words, as its diagnostic calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<String>,
    /// `concurrent-edit`: the file on this machine that shows the other side, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare_with: Option<String>,
}

/// Lines counted from one, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineRange {
    pub start: u32,
    pub end: u32,
}

/// Who edited the same lines; the ids are null where only the worktree is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EditedBy {
    pub worktree: Option<String>,
    /// Null for a detached head.
    pub branch: Option<String>,
    pub session_id: Option<SessionId>,
    pub agent_id: Option<AgentId>,
}

/// One block that both sides edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Clash {
    /// Lines of this side's text; where it deleted, the line beside the gap.
    pub lines: LineRange,
    /// Lines of the other side's text; null where it deleted.
    pub their_lines: Option<LineRange>,
    /// What stands there, or as much as fits; null where the other side keeps its unsaved lines to itself.
    pub their_text: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConflictsReply {
    pub conflicts: Vec<ConflictRow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Error,
    Warning,
    Information,
    Hint,
}

/// One diagnostic: at most one for a file, code and module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnosis {
    pub path: ProjectPath,
    pub code: FindingCode,
    pub severity: Severity,
    pub message: String,
    /// The other side's module; the caller's own for `outside-my-scope`, if it holds just one.
    pub module: Option<ModuleId>,
    pub owner: Option<AgentId>,
    /// The caller's own module, for `scope-overlap`.
    pub with_module: Option<ModuleId>,
    pub lease_expires_at: Option<String>,
    /// The other module has a handoff that is offered to the caller.
    pub handoff_offered: bool,
    /// What the message does not say of the other claim; none for `outside-my-scope`.
    pub claim: Option<String>,
    /// `outside-my-scope`: a module that covers the path and could be claimed.
    pub claimable: Option<ModuleId>,
    /// `concurrent-edit`: with whom, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collision: Option<CollisionWire>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Collision")]
pub struct CollisionWire {
    pub with: EditedBy,
    /// The other side in words: its agent and its branch.
    pub side: String,
    /// The other side's file on this machine.
    pub their_file: Option<String>,
    /// The file on this machine that shows the other side: this side's own where that is what lies on its disk, none where
    /// the other side is only another window's unsaved text over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare_with: Option<String>,
    /// Empty: the whole file, unless the two merge.
    pub clashes: Vec<Clash>,
    /// The two merge: the caller's edited lines that are nearest to the other side's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merges_at: Option<LineRange>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingsReply {
    pub diagnoses: Vec<Diagnosis>,
    pub conflicts: Vec<ConflictRow>,
    /// When a message will read otherwise though nothing happened; milliseconds since 1970.
    pub stale_at: Option<i64>,
}
