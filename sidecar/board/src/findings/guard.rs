//! What a guard stops: paths of others in what somebody is about to commit, push or write.
//!
//! Whoever wrote a file, the committer answers for what is committed. Overlaps of scopes alone stop nobody.

use std::collections::BTreeSet;

use super::LiveScopes;
use crate::{
    board::{Board, Leases},
    ids::AgentId,
    module::{Module, Status},
    path::ProjectPath,
    reply::{ChangedBy, ConflictRow, FindingCode},
    time::Millis,
};

/// What is judged.
pub struct Judged<'a> {
    pub board: &'a Board,
    pub leases: &'a Leases,
    pub live: &'a LiveScopes,
    pub now: Millis,
    pub worktree: Option<&'a str>,
    /// Whoever it may be that acts: what one of them owns or reviews is no stranger's.
    pub actors: &'a BTreeSet<AgentId>,
}

/// A row for each path and live module of somebody else. A lease that ran out binds nobody.
pub fn guard<'p>(judged: &Judged<'_>, paths: impl IntoIterator<Item = &'p ProjectPath>) -> Vec<ConflictRow> {
    let mut rows = Vec::new();
    for path in paths {
        let owners = judged.live.owners(judged.board, path);
        let strangers = owners.into_iter().filter(|module| !judged.may_touch(module));
        rows.extend(strangers.map(|module| judged.row(path, module)));
    }
    rows
}

impl Judged<'_> {
    fn may_touch(&self, module: &Module) -> bool {
        let is_actor =
            |agent: &Option<AgentId>| agent.as_ref().is_some_and(|agent| self.actors.contains(agent));
        let reviews = module.status == Status::InReview && is_actor(&module.reviewer);
        let ran_out = self.leases.of(&module.id).is_some_and(|lease| lease.is_expired(self.now));
        is_actor(&module.owner) || reviews || ran_out
    }

    fn row(&self, path: &ProjectPath, module: &Module) -> ConflictRow {
        let only = if self.actors.len() == 1 { self.actors.first() } else { None };
        ConflictRow {
            code: FindingCode::PathOwnedByOther,
            changed_by: ChangedBy {
                worktree: self.worktree.map(str::to_owned),
                session_id: None,
                agent_id: only.cloned(),
            },
            module: Some(module.id.clone()),
            owner: module.owner.clone(),
            path: Some(path.clone()),
            lease_expires_at: self.leases.of(&module.id).map(|lease| lease.expires_at.rfc3339()),
            witness: None,
            with_module: None,
            ranges: None,
            with: None,
            side: None,
            compare_with: None,
        }
    }
}
