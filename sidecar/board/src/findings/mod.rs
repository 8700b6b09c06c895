//! What is wrong, seen from one place: the one source of diagnostics, of `conflicts` and of the guard.

mod collision;
mod diagnosis;
mod guard;
mod rows;
mod side;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use collision::concurrent_edits;
pub use collision::{Collision, EditState};
pub use diagnosis::diagnose;
pub use guard::{Judged, guard};
pub use rows::conflict_rows;

use crate::{
    board::{Board, Leases},
    decide::live_overlaps,
    ids::{AgentId, ModuleId, SessionId},
    module::{Module, Status},
    path::ProjectPath,
    reply::{ChangedBy, FindingCode},
    scope::{CaseRule, ScopeIndex},
    time::Millis,
};

/// Who looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observer {
    pub agent: Option<AgentId>,
    /// The window that looks; a command line has none and sees its whole worktree.
    pub session: Option<SessionId>,
    pub worktree: Option<String>,
}

/// What one worktree has changed, and which of its windows is known to have done it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Every changed path, with the sessions that have it unsaved or saved it; none where only the worktree is known.
    pub paths: BTreeMap<ProjectPath, BTreeSet<SessionId>>,
    /// What the observer's window merely has open.
    pub open: BTreeSet<ProjectPath>,
}

/// Everything that a finding follows from.
pub struct Scene<'a> {
    pub board: &'a Board,
    pub leases: &'a Leases,
    pub live: &'a LiveScopes,
    pub observer: &'a Observer,
    pub changes: &'a Changes,
    /// What of these changes collides with whose.
    pub collisions: &'a [Collision],
    pub now: Millis,
}

/// The scopes that somebody answers for. Follows from the board's revision alone, so it can be kept as long as
/// that stands.
pub struct LiveScopes {
    index: ScopeIndex<ModuleId>,
    /// Of modules that nobody has begun; made when first asked for.
    free: OnceLock<ScopeIndex<ModuleId>>,
    case: CaseRule,
}

impl Finding {
    /// Nobody has to do anything about it.
    fn is_hint(&self) -> bool {
        self.collision.as_ref().is_some_and(Collision::is_hint)
    }
}

impl LiveScopes {
    pub fn of(board: &Board, case: CaseRule) -> Self {
        let scopes = board.live_modules().map(|module| (module.id.clone(), &module.owned_paths));
        Self { index: ScopeIndex::new(scopes, case), free: OnceLock::new(), case }
    }

    /// The first module that covers the path and could be claimed.
    fn claimable<'a>(&self, board: &'a Board, path: &ProjectPath) -> Option<&'a Module> {
        let free = self.free.get_or_init(|| {
            let waits = |module: &&Module| board.open_dependencies(module).next().is_some();
            let free = board.modules.values().filter(|module| module.status == Status::Todo);
            let free = free.filter(|module| !waits(module));
            ScopeIndex::new(free.map(|module| (module.id.clone(), &module.owned_paths)), self.case)
        });
        let covering = free.owners(path).into_iter().filter_map(|id| board.modules.get(id));
        covering.min_by_key(|module| (module.priority, module.ordinal))
    }

    pub fn owners<'a>(&self, board: &'a Board, path: &ProjectPath) -> Vec<&'a Module> {
        let mut modules: Vec<&Module> =
            self.index.owners(path).into_iter().filter_map(|id| board.modules.get(id)).collect();
        modules.sort_by(|a, b| a.id.cmp(&b.id));
        modules
    }
}

/// How the observer is concerned with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// The observer's own change.
    Changed,
    /// Only open in the observer's window.
    Open,
    /// Changed in the observer's worktree, by somebody else there.
    Elsewhere,
    /// Changed by the module's owner; no conflict, shown on demand.
    OwnersOwn,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub code: FindingCode,
    pub concern: Concern,
    pub changed_by: ChangedBy,
    /// The other side's module; for `outside-my-scope` the observer's only one, if it is the only one.
    pub module: Option<ModuleId>,
    pub owner: Option<AgentId>,
    pub lease_expires_at: Option<Millis>,
    /// The changed or open path; for `scope-overlap` the witness.
    pub path: ProjectPath,
    /// `scope-overlap`: the observer's own module.
    pub with_module: Option<ModuleId>,
    /// `scope-overlap`: what the observer changed or has open in both scopes.
    pub touched: Vec<ProjectPath>,
    /// `concurrent-edit` alone.
    pub collision: Option<Collision>,
}

pub fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = scope_overlaps(scene);
    found.extend(concurrent_edits(scene));
    for (path, sessions) in &scene.changes.paths {
        found.extend(on_changed_path(scene, path, sessions));
    }
    for path in &scene.changes.open {
        found.extend(on_open_path(scene, path));
    }
    found
}

fn is_own_change(scene: &Scene<'_>, path: &ProjectPath) -> bool {
    let sessions = scene.changes.paths.get(path);
    sessions.is_some_and(|sessions| sessions.is_empty() || is_by_observer(scene, sessions))
}

fn is_by_observer(scene: &Scene<'_>, sessions: &BTreeSet<SessionId>) -> bool {
    scene.observer.session.as_ref().is_some_and(|session| sessions.contains(session))
}

fn owned_by_observer(scene: &Scene<'_>, module: &Module) -> bool {
    scene.observer.agent.as_ref().is_some_and(|agent| module.is_owned_by(agent))
}

fn reviewed_by_observer(scene: &Scene<'_>, module: &Module) -> bool {
    module.status == Status::InReview && module.reviewer.is_some() && module.reviewer == scene.observer.agent
}

fn scope_overlaps(scene: &Scene<'_>) -> Vec<Finding> {
    let Some(agent) = &scene.observer.agent else { return Vec::new() };
    let mine = scene.board.live_modules().filter(|module| module.is_owned_by(agent));
    let mut found = Vec::new();
    for module in mine {
        let conflicts =
            live_overlaps(scene.board, scene.live.case, Some(agent), Some(&module.id), &module.owned_paths);
        for conflict in conflicts {
            found.push(Finding {
                code: FindingCode::ScopeOverlap,
                concern: Concern::Changed,
                changed_by: ChangedBy {
                    worktree: scene.observer.worktree.clone(),
                    session_id: scene.observer.session.clone(),
                    agent_id: Some(agent.clone()),
                },
                lease_expires_at: scene.leases.of(&conflict.module).map(|lease| lease.expires_at),
                touched: touched_in_both(scene, &module.id, &conflict.module),
                module: Some(conflict.module),
                owner: conflict.owner,
                path: conflict.witness,
                with_module: Some(module.id.clone()),
                collision: None,
            });
        }
    }
    found
}

fn touched_in_both(scene: &Scene<'_>, mine: &ModuleId, other: &ModuleId) -> Vec<ProjectPath> {
    let in_both = |path: &&ProjectPath| {
        let owners = scene.live.owners(scene.board, path);
        owners.iter().any(|m| m.id == *mine) && owners.iter().any(|m| m.id == *other)
    };
    let own_changes = scene.changes.paths.keys().filter(|path| is_own_change(scene, path));
    let touched: BTreeSet<&ProjectPath> = own_changes.chain(&scene.changes.open).filter(in_both).collect();
    touched.into_iter().cloned().collect()
}

fn on_changed_path(scene: &Scene<'_>, path: &ProjectPath, sessions: &BTreeSet<SessionId>) -> Vec<Finding> {
    let owners = scene.live.owners(scene.board, path);
    let mut found = Vec::new();
    for module in owners.iter().filter(|module| !owned_by_observer(scene, module)) {
        if reviewed_by_observer(scene, module) {
            continue;
        }
        for (concern, changed_by) in changers(scene, module, sessions) {
            found.push(owned_by_other(scene, path, module, concern, changed_by));
        }
    }
    if owners.is_empty() {
        found.extend(outside_my_scope(scene, path, sessions));
    }
    found
}

/// Who changed a path of `module`, told apart as the observer must: itself, the owner, somebody else here.
///
/// A change that no window is known for belongs to the worktree, and is presumed the owner's when the owner has a
/// session there.
fn changers(scene: &Scene<'_>, module: &Module, sessions: &BTreeSet<SessionId>) -> Vec<(Concern, ChangedBy)> {
    let worktree = &scene.observer.worktree;
    if sessions.is_empty() {
        let by_owner = module.owner.as_ref().filter(|owner| has_session_here(scene, owner));
        let concern = if by_owner.is_some() { Concern::OwnersOwn } else { Concern::Changed };
        let agent_id = by_owner.cloned();
        return vec![(concern, ChangedBy { worktree: worktree.clone(), session_id: None, agent_id })];
    }
    sessions
        .iter()
        .map(|session| {
            let agent_id = scene.board.sessions.get(session).map(|session| session.agent.clone());
            let concern = if scene.observer.session.as_ref() == Some(session) {
                Concern::Changed
            } else if agent_id.is_some() && agent_id == module.owner {
                Concern::OwnersOwn
            } else {
                Concern::Elsewhere
            };
            (concern, ChangedBy { worktree: worktree.clone(), session_id: Some(session.clone()), agent_id })
        })
        .collect()
}

fn has_session_here(scene: &Scene<'_>, agent: &AgentId) -> bool {
    scene.board.sessions.values().any(|session| {
        !session.reaped && session.agent == *agent && session.worktree == scene.observer.worktree
    })
}

fn on_open_path(scene: &Scene<'_>, path: &ProjectPath) -> Vec<Finding> {
    let observer = scene.observer;
    scene
        .live
        .owners(scene.board, path)
        .into_iter()
        .filter(|module| !owned_by_observer(scene, module) && !reviewed_by_observer(scene, module))
        .map(|module| {
            let changed_by = ChangedBy {
                worktree: observer.worktree.clone(),
                session_id: observer.session.clone(),
                agent_id: observer.agent.clone(),
            };
            owned_by_other(scene, path, module, Concern::Open, changed_by)
        })
        .collect()
}

/// After the lease's expiry `lease-expired` stands instead.
fn owned_by_other(
    scene: &Scene<'_>,
    path: &ProjectPath,
    module: &Module,
    concern: Concern,
    changed_by: ChangedBy,
) -> Finding {
    let lease = scene.leases.of(&module.id);
    let expired = lease.is_some_and(|lease| lease.is_expired(scene.now));
    Finding {
        code: if expired { FindingCode::LeaseExpired } else { FindingCode::PathOwnedByOther },
        concern,
        changed_by,
        module: Some(module.id.clone()),
        owner: module.owner.clone(),
        lease_expires_at: lease.map(|lease| lease.expires_at),
        path: path.clone(),
        with_module: None,
        touched: Vec::new(),
        collision: None,
    }
}

/// Only for what this window is known to have changed: in a shared worktree the rest may be anybody's.
fn outside_my_scope(
    scene: &Scene<'_>,
    path: &ProjectPath,
    sessions: &BTreeSet<SessionId>,
) -> Option<Finding> {
    let agent = scene.observer.agent.as_ref()?;
    if !is_by_observer(scene, sessions) {
        return None;
    }
    let mut mine = scene.board.live_modules().filter(|module| {
        module.is_owned_by(agent) && !module.owned_paths.is_empty() && !module.status.is_review()
    });
    let first = mine.next()?;
    let only = mine.next().is_none();
    Some(Finding {
        code: FindingCode::OutsideMyScope,
        concern: Concern::Changed,
        changed_by: ChangedBy {
            worktree: scene.observer.worktree.clone(),
            session_id: scene.observer.session.clone(),
            agent_id: Some(agent.clone()),
        },
        module: only.then(|| first.id.clone()),
        owner: Some(agent.clone()),
        lease_expires_at: None,
        path: path.clone(),
        with_module: None,
        touched: Vec::new(),
        collision: None,
    })
}
