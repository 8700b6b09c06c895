//! What a viewer may do with a module now. An editor offers just that; `decide` has the last word, and a test holds the two
//! together.

use super::Shown;
use crate::{
    handoff::Handoff,
    ids::AgentId,
    module::{Lease, Module, Status},
    reply::BoardGroup,
    session::{Agent, Role},
};

/// Names of commands, apart from `take-over` and `resume`, which are claims; `redraw`, which edits paths and dependencies;
/// and `open-handoff`.
pub(super) fn actions(
    shown: &Shown<'_>,
    module: &Module,
    group: BoardGroup,
    viewer: Option<&Agent>,
) -> Vec<&'static str> {
    let standing = Standing::of(shown, module, viewer);
    let mut actions = taking(&standing, module, group);
    actions.extend(planning(&standing, module));
    if let Some(handoff) = shown.board.open_handoff(&module.id) {
        actions.push("open-handoff");
        if is_for(handoff, viewer) {
            actions.push("claim-handoff");
        }
    }
    actions
}

struct Standing<'a> {
    viewer: Option<&'a Agent>,
    lease: Option<&'a Lease>,
    holds: bool,
    expired: bool,
    owns: bool,
}

impl<'a> Standing<'a> {
    fn of(shown: &Shown<'a>, module: &Module, viewer: Option<&'a Agent>) -> Self {
        let lease = shown.leases.of(&module.id);
        let is_viewer = |id: &AgentId| viewer.is_some_and(|me| me.id == *id);
        Self {
            viewer,
            lease,
            holds: lease.is_some_and(|lease| is_viewer(&lease.holder)),
            expired: lease.is_some_and(|lease| lease.is_expired(shown.now)),
            owns: module.owner.as_ref().is_some_and(is_viewer),
        }
    }

    fn coordinates(&self) -> bool {
        self.viewer.is_some_and(|me| me.role == Role::Coordinator)
    }
}

/// Taking a module, going on with it, giving it back.
fn taking(standing: &Standing<'_>, module: &Module, group: BoardGroup) -> Vec<&'static str> {
    let Standing { holds, expired, owns, .. } = *standing;
    let mut actions = Vec::new();
    match (group, module.status) {
        (BoardGroup::Ready, _) => actions.push("claim"),
        (BoardGroup::Others | BoardGroup::Blocked, _) if expired => actions.push("take-over"),
        (_, Status::ReviewReady) if owns => actions.push("handoff-bundle"),
        (_, Status::ReviewReady) => actions.push("start-review"),
        (_, Status::InReview) if !owns && !holds && expired => actions.push("start-review"),
        _ => {}
    }
    if holds {
        // A reviewer who asks for changes gives the owner a lease, whose token a claim fetches.
        if module.status == Status::InProgress && module.changes_requested.is_some() {
            actions.push("resume");
        }
        actions.extend(holders_actions(module));
    } else if standing.viewer.is_some() {
        if expired {
            actions.extend(["handoff-bundle", "reclaim"]);
        }
        if standing.lease.is_some() || module.status == Status::ReviewReady && !owns {
            actions.push("request-handoff");
        }
    }
    actions
}

fn holders_actions(module: &Module) -> &'static [&'static str] {
    match module.status {
        Status::InProgress if module.reviewer.is_some() => &["release", "handoff-bundle", "block", "submit"],
        Status::InProgress => &["release", "handoff-bundle", "block", "submit", "finish"],
        Status::Blocked => &["release", "handoff-bundle", "unblock"],
        Status::InReview => &["release", "handoff-bundle", "approve", "request-changes"],
        _ => &[],
    }
}

fn planning(standing: &Standing<'_>, module: &Module) -> Vec<&'static str> {
    let Standing { holds, expired, .. } = *standing;
    let is_open = !matches!(module.status, Status::Done | Status::Cancelled);
    let mut actions = Vec::new();
    if !is_open {
        return actions;
    }
    actions.push("edit-module");
    let may_redraw = module.status == Status::Todo || holds && !module.status.is_review();
    if may_redraw {
        actions.extend(["redraw", "infer-paths"]);
        if !module.candidate_depends_on.is_empty() || !module.candidate_owned_paths.is_empty() {
            actions.push("confirm-module");
        }
    }
    if standing.viewer.is_some() && (standing.lease.is_none() || expired) {
        actions.push("assign");
    }
    if holds || standing.coordinates() {
        actions.push("cancel");
    }
    actions
}

pub(super) fn is_for(handoff: &Handoff, viewer: Option<&Agent>) -> bool {
    viewer.is_some_and(|me| handoff.is_open() && handoff.from != me.id && handoff.to.includes(me))
}

/// Which of a module's actions answer a notification of this kind.
pub(super) fn answers(kind: &str) -> &'static [&'static str] {
    match kind {
        "review-ready" => &["start-review"],
        "changes-requested" => &["resume"],
        "handoff-ready" => &["claim-handoff", "open-handoff"],
        "handoff-requested" => &["handoff-bundle", "release"],
        "assigned" => &["claim", "take-over", "start-review"],
        "lease-lost" => &["take-over", "request-handoff"],
        "unblocked" => &["claim"],
        _ => &[],
    }
}
