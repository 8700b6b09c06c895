//! Which notifications are still worth telling, and whom.
//!
//! A notification asks somebody to act. Between its writing and its reading the board goes on: a review that somebody has
//! begun, a handoff that was claimed, must not call anybody any more. So the question is asked when it is read, of the
//! board alone: neither time nor expiries play a part, and the same board gives the same answer.

use crate::{
    board::Board,
    event::Event,
    handoff::{Handoff, Target},
    ids::{AgentId, HandoffId, ModuleId},
    module::{Module, Status},
    session::{Agent, Role},
};

/// Whether what it asks for can still be done by those to whom it is addressed. What tells and asks nothing stays.
pub fn is_current(board: &Board, event: &Event) -> bool {
    let module = event.module.as_ref().and_then(|id| board.modules.get(id));
    let addressee = match &event.target {
        Some(Target::Agent(id)) => Some(id),
        _ => None,
    };
    match (event.kind.as_str(), module) {
        ("review-ready", Some(module)) => module.status == Status::ReviewReady,
        ("changes-requested", Some(module)) => module.changes_requested.is_some() && holds(module, addressee),
        ("handoff-ready", Some(module)) => offered(board, &module.id, event.revision).is_some(),
        ("handoff-requested", Some(module)) => holds(module, addressee) && !is_offered(board, module),
        ("assigned", Some(module)) => is_left_to(module, addressee),
        ("lease-lost", Some(module)) => is_open(module) && !holds(module, addressee),
        ("unblocked", Some(module)) => {
            module.status == Status::Todo && board.open_dependencies(module).next().is_none()
        }
        _ => true,
    }
}

/// Whether `later` says the same again, so that the earlier one is no longer worth telling. Who waits for a review may
/// change from one submission to the next; everything else is said to each one apart.
pub fn repeats(later: &Event, earlier: &Event) -> bool {
    let same_call = later.seq > earlier.seq
        && later.kind == earlier.kind
        && earlier.module.is_some()
        && later.module == earlier.module
        && later.target.is_some();
    same_call && (later.target == earlier.target || earlier.kind == "review-ready")
}

/// Whether `reader` can act on it. Nobody reviews their own work or takes over what they themselves offered.
pub fn concerns(board: &Board, event: &Event, reader: &Agent) -> bool {
    let module = event.module.as_ref().and_then(|id| board.modules.get(id));
    let own_work = module.is_some_and(|module| module.is_owned_by(&reader.id));
    let can_act = match (event.kind.as_str(), module) {
        ("review-ready", _) => !own_work,
        ("handoff-ready", Some(module)) => {
            let own_offer = offered(board, &module.id, event.revision).is_some_and(|h| h.from == reader.id);
            !(own_offer || module.status.is_review() && own_work)
        }
        _ => true,
    };
    can_act && event.target.as_ref().is_none_or(|target| target.includes(reader))
}

/// Every target that includes the agent, so that a store can look for them.
pub fn inbox(agent: &Agent) -> Vec<Target> {
    let skills = || std::iter::once(None).chain(agent.specialties.iter().cloned().map(Some));
    let mut targets = vec![Target::Agent(agent.id.clone())];
    if agent.role != Role::Reviewer {
        targets.extend(skills().map(Target::Workers));
    }
    if agent.role != Role::Worker {
        targets.extend(skills().map(Target::Reviewers));
    }
    targets
}

fn owns(module: &Module, agent: Option<&AgentId>) -> bool {
    agent.is_none_or(|agent| module.is_owned_by(agent))
}

/// The owner works and answers for what waits for review, the reviewer reviews.
fn holds(module: &Module, agent: Option<&AgentId>) -> bool {
    match module.status {
        Status::InProgress | Status::Blocked | Status::ReviewReady => owns(module, agent),
        Status::InReview => agent.is_none_or(|agent| module.reviewer.as_ref() == Some(agent)),
        _ => false,
    }
}

fn is_open(module: &Module) -> bool {
    !matches!(module.status, Status::Done | Status::Cancelled)
}

/// Assigned and not begun: claiming ends an assignment, and so does another one.
fn is_left_to(module: &Module, agent: Option<&AgentId>) -> bool {
    match module.status {
        Status::ReviewReady => module.reviewer.as_ref() == agent,
        _ => is_open(module) && agent.is_some() && module.assigned_to.as_ref() == agent,
    }
}

/// A handoff is told apart by the revision at which it was offered, which is that of its notification.
fn offered<'a>(board: &'a Board, module: &ModuleId, revision: u64) -> Option<&'a Handoff> {
    board.handoffs.get(&HandoffId::of(module, revision)).filter(|handoff| handoff.is_open())
}

fn is_offered(board: &Board, module: &Module) -> bool {
    board.open_handoff(&module.id).is_some()
}
