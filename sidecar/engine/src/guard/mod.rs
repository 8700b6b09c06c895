//! Stopping a commit, or a coding agent's tool, before it changes what somebody else owns.
//!
//! A guard must never be worse than none: without a board, without git, on input that it can't read, it lets pass.

mod hooks;
mod script;
mod tool;

use std::collections::BTreeSet;

pub(crate) use hooks::user_binary;
pub use hooks::{GuardHooks, HookState};
use remit_board::{
    command::Asking,
    failure::{Code, Failure},
    findings::{Changes, Judged, conflict_rows, guard},
    ids::AgentId,
    path::ProjectPath,
    reply::{ConflictRow, FindingCode},
};
use remit_store::Snapshot;
use remit_worktree::RefUpdate;

use crate::{LocalEngine, answer::Seen, caller, place};

impl LocalEngine {
    /// The strangers' paths in what is about to be committed.
    pub fn guard_commit(&self, asking: &Asking) -> Result<Vec<ConflictRow>, Failure> {
        let Some(worktree) = &self.place.worktree else { return Ok(Vec::new()) };
        let index = remit_worktree::index_of_running_commit(worktree);
        let staged = remit_worktree::staged_changes(worktree, index.as_deref()).map_err(place::failure)?;
        let paths: BTreeSet<&ProjectPath> = staged.list.iter().map(|change| &change.path).collect();
        let mut rows = self.judge(asking, paths.clone())?;
        rows.extend(self.edited_elsewhere(asking, paths)?);
        Ok(rows)
    }

    /// What of the paths somebody else edits on the same lines, apart from what the committer owns: there the others are
    /// to stop.
    fn edited_elsewhere(
        &self,
        asking: &Asking,
        paths: BTreeSet<&ProjectPath>,
    ) -> Result<Vec<ConflictRow>, Failure> {
        let snapshot = match self.snapshot() {
            Err(failure) if failure.code == Code::NoBoard => return Ok(Vec::new()),
            snapshot => snapshot?,
        };
        let actors = self.actors(asking, &snapshot);
        let is_own = |path: &ProjectPath| {
            self.with_scopes(&snapshot.board, |live| {
                let owners = live.owners(&snapshot.board, path);
                owners.iter().any(|module| module.owner.as_ref().is_some_and(|owner| actors.contains(owner)))
            })
        };
        let judged = paths.into_iter().filter(|path| !is_own(path));
        let paths = judged.map(|path| (path.clone(), BTreeSet::new())).collect();
        let changes = Changes { paths, open: BTreeSet::new() };
        let collisions = self.staged_collisions(&snapshot, &changes)?;
        let seen = Seen { changes: &changes, collisions: &collisions };
        let rows =
            self.with_findings(&snapshot, None, seen, |scene, found| conflict_rows(scene, found, false, &[]));
        Ok(rows.into_iter().filter(|row| row.code == FindingCode::ConcurrentEdit).collect())
    }

    fn actors(&self, asking: &Asking, snapshot: &Snapshot) -> BTreeSet<AgentId> {
        let worktree = place::worktree_label(&self.place);
        let presumed =
            || caller::presumed_agents(self.board_folder(), &self.host, snapshot, worktree.as_deref());
        asking.agent_id.clone().map_or_else(presumed, |agent| BTreeSet::from([agent]))
    }

    /// The strangers' paths in this user's commits that a push brings to `remote`.
    pub fn guard_push(&self, asking: &Asking, remote: &str, refs: &str) -> Result<Vec<ConflictRow>, Failure> {
        let Some(worktree) = &self.place.worktree else { return Ok(Vec::new()) };
        let updates: Vec<RefUpdate> = refs.lines().filter_map(RefUpdate::parse).collect();
        let paths = remit_worktree::pushed_paths(worktree, remote, &updates).map_err(place::failure)?;
        self.judge(asking, paths.iter().collect())
    }

    fn judge(&self, asking: &Asking, paths: BTreeSet<&ProjectPath>) -> Result<Vec<ConflictRow>, Failure> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let snapshot = match self.snapshot() {
            Err(failure) if failure.code == Code::NoBoard => return Ok(Vec::new()),
            snapshot => snapshot?,
        };
        let worktree = place::worktree_label(&self.place);
        let actors = self.actors(asking, &snapshot);
        Ok(self.with_scopes(&snapshot.board, |live| {
            let judged = Judged {
                board: &snapshot.board,
                leases: &snapshot.leases,
                live,
                now: snapshot.now,
                worktree: worktree.as_deref(),
                actors: &actors,
            };
            guard(&judged, paths)
        }))
    }
}
