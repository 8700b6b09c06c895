//! The names of the files in `project-plan`, in one place.

use std::path::{Path, PathBuf};

use remit_board::ids::ModuleId;

/// The folder that holds one board: `project-plan` below the board's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFolder(PathBuf);

impl PlanFolder {
    pub const NAME: &'static str = "project-plan";

    /// The board of the project at `root`, whether it is there or not.
    pub fn below(root: &Path) -> Self {
        // SQLite takes a relative name that begins with `file:` for a URI; an absolute one never does.
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        Self(root.join(Self::NAME))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Whether a board seems to be there; opening it may still find that it is none.
    pub fn has_board(&self) -> bool {
        self.database().is_file()
    }

    pub fn database(&self) -> PathBuf {
        self.0.join("coordination.db")
    }

    /// SQLite's log of commits that are not in the database file yet.
    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("coordination.db-wal")
    }

    /// What the board was before a newer version changed its format.
    pub(crate) fn backup(&self, format: u32) -> PathBuf {
        self.0.join(format!("coordination.format-{format}.backup.db"))
    }

    pub fn presence(&self) -> PathBuf {
        self.0.join("presence.db")
    }

    pub fn state_json(&self) -> PathBuf {
        self.0.join("state.json")
    }

    pub fn preflight(&self) -> PathBuf {
        self.0.join("preflight.json")
    }

    pub fn status(&self) -> PathBuf {
        self.0.join("STATUS.md")
    }

    pub fn handoffs(&self) -> PathBuf {
        self.0.join("HANDOFFS.md")
    }

    pub fn handoff_index(&self) -> PathBuf {
        self.0.join("handoff-index.json")
    }

    pub fn agents(&self) -> PathBuf {
        self.0.join("AGENTS.md")
    }

    pub fn sessions(&self) -> PathBuf {
        self.0.join("SESSIONS.md")
    }

    pub fn notifications(&self) -> PathBuf {
        self.0.join("NOTIFICATIONS.md")
    }

    /// What people call the project: the folder that the board lies in.
    pub fn project_name(&self) -> Option<String> {
        Some(self.0.parent()?.file_name()?.to_string_lossy().into_owned())
    }

    pub fn bundles(&self) -> PathBuf {
        self.0.join("handoffs")
    }

    /// A module's newest bundle.
    pub fn bundle(&self, module: &ModuleId) -> PathBuf {
        self.bundles().join(format!("{module}.handoff.md"))
    }

    /// Where events go that the board lets go of.
    pub fn event_archive(&self) -> PathBuf {
        self.0.join("archive").join("events")
    }

    pub(crate) fn archive_lock(&self) -> PathBuf {
        self.0.join(".archive.lock")
    }

    /// Held by whoever sets a damaged database aside.
    pub(crate) fn repair_lock(&self) -> PathBuf {
        self.0.join(".repair.lock")
    }

    pub fn steward_lock(&self) -> PathBuf {
        self.0.join(".steward.lock")
    }

    pub fn gitignore(&self) -> PathBuf {
        self.0.join(".gitignore")
    }
}
