//! Edits of one file by several people at once, which stand where a merge would mark them.
//!
//! Where they are is for whoever reads the files to say; here it is told whose they are and what that means.

use std::collections::BTreeSet;

use super::{Concern, Finding, Scene, is_by_observer};
use crate::{
    ids::SessionId,
    path::ProjectPath,
    reply::{ChangedBy, Clash, EditedBy, FindingCode, LineRange},
    time::Millis,
};

/// A file that this side and another have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    pub path: ProjectPath,
    /// Empty: the whole file, unless the two merge.
    pub clashes: Vec<Clash>,
    /// The two merge, which is only good to know: lines of this side, nearest to the other's.
    pub merges_at: Option<LineRange>,
    pub with: EditedBy,
    pub state: EditState,
    /// Where it is known.
    pub since: Option<Millis>,
    /// Where the other side has the file on this machine.
    pub their_file: Option<String>,
}

/// How far the other side has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditState {
    Unsaved,
    Saved,
    Committed,
    /// In the observer's own worktree, under text that its window has not saved.
    OnDisk,
}

impl Collision {
    pub fn is_hint(&self) -> bool {
        self.merges_at.is_some()
    }
}

impl EditState {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            EditState::Unsaved => "not saved yet",
            EditState::Saved | EditState::OnDisk => "not committed yet",
            EditState::Committed => "committed",
        }
    }
}

pub(super) fn concurrent_edits(scene: &Scene<'_>) -> Vec<Finding> {
    scene.collisions.iter().map(|collision| finding(scene, collision)).collect()
}

fn finding(scene: &Scene<'_>, collision: &Collision) -> Finding {
    let none = BTreeSet::new();
    let sessions = scene.changes.paths.get(&collision.path).unwrap_or(&none);
    let is_own = sessions.is_empty() || is_by_observer(scene, sessions);
    let known = if is_own { scene.observer.session.as_ref() } else { sessions.first() };
    Finding {
        code: FindingCode::ConcurrentEdit,
        concern: if is_own { Concern::Changed } else { Concern::Elsewhere },
        changed_by: changed_by(scene, known.filter(|_| !sessions.is_empty())),
        module: None,
        owner: None,
        lease_expires_at: None,
        path: collision.path.clone(),
        with_module: None,
        touched: Vec::new(),
        collision: Some(collision.clone()),
    }
}

fn changed_by(scene: &Scene<'_>, session: Option<&SessionId>) -> ChangedBy {
    let agent = session.and_then(|id| scene.board.sessions.get(id)).map(|session| session.agent.clone());
    ChangedBy { worktree: scene.observer.worktree.clone(), session_id: session.cloned(), agent_id: agent }
}
