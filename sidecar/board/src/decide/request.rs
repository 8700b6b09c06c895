//! Asking somebody: to take a module, or to hand one over. Nothing changes hands by it.

use serde_json::json;

use super::{Draft, claim::lease_held, hold::changed, review::refuse_own_work};
use crate::{
    command::{Assign, RequestHandoff},
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    handoff::Target,
    ids::AgentId,
    module::{Module, Status},
    session::Agent,
};

/// Work is claimed by whom it is assigned to; of what waits for review, that agent becomes the named reviewer.
pub(super) fn assign(mut draft: Draft<'_>, command: &Assign) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let module = draft.module(&command.module)?;
    let chosen = chosen(&draft, &command.to)?;
    check_assignable(&draft, module, chosen)?;
    let assigned = match module.status.is_review() {
        true => Module { reviewer: Some(chosen.id.clone()), ..module.clone() },
        false => Module { assigned_to: Some(chosen.id.clone()), ..module.clone() },
    };
    let module = draft.put(assigned);
    let what = if module.status.is_review() { "review" } else { "take" };
    let summary = format!("{} asks {} to {what} {}", agent.id, chosen.id, module.id);
    draft.event("assign", Some(&module), summary.clone());
    draft.notify("assigned", Target::Agent(chosen.id.clone()), &module, summary);
    changed(draft, &module)
}

fn chosen<'a>(draft: &Draft<'a>, to: &Target) -> Result<&'a Agent, Refusal> {
    let Target::Agent(id) = to else {
        return Err(Failure::invalid(format!(
            "a module is assigned to agent:ID, not to {to}; nothing was changed"
        )));
    };
    draft.at.board.agents.get(id).ok_or_else(|| draft.unknown_agent(id))
}

fn check_assignable(draft: &Draft<'_>, module: &Module, chosen: &Agent) -> Result<(), Refusal> {
    if matches!(module.status, Status::Done | Status::Cancelled) {
        return Err(Draft::wrong_status(module, "assign", &STILL_OPEN));
    }
    if module.status.is_review() {
        refuse_own_work(module, chosen)?;
    }
    match draft.lease(&module.id) {
        Some(lease) if !lease.is_expired(draft.at.now) => Err(lease_held(module, lease)
            .hint(format!("ask its holder first: `remit request-handoff --module {}`", module.id))),
        _ => Ok(()),
    }
}

const STILL_OPEN: [Status; 5] =
    [Status::Todo, Status::InProgress, Status::Blocked, Status::ReviewReady, Status::InReview];

/// Tells the holder, or the owner of what waits for review, that somebody would go on with it.
pub(super) fn request_handoff(mut draft: Draft<'_>, command: &RequestHandoff) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let module = draft.module(&command.module)?;
    let Some(holder) = who_could_offer(&draft, module) else {
        return Err(Draft::wrong_status(module, "request-handoff", &STILL_OPEN[1..])
            .hint(format!("nobody holds it: `remit claim --module {}` takes it", module.id)));
    };
    if holder == agent.id {
        let message = format!("{} is yours already; nothing was changed", module.id);
        return Err(Failure::new(Code::LeaseHeld, message)
            .hint(format!("`remit handoff-bundle --module {}` offers it to others", module.id))
            .details(json!({ "module": module.id, "holder": holder })));
    }
    let asks = format!("{} asks you to hand {} over", agent.id, module.id);
    let summary = match command.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()) {
        Some(reason) => format!("{asks}: {reason}"),
        None => asks,
    };
    draft.event("request-handoff", Some(module), summary.clone());
    draft.notify("handoff-requested", Target::Agent(holder), module, summary);
    changed(draft, module)
}

fn who_could_offer(draft: &Draft<'_>, module: &Module) -> Option<AgentId> {
    match (draft.lease(&module.id), module.status) {
        (Some(lease), _) => Some(lease.holder.clone()),
        (None, Status::ReviewReady) => module.owner.clone(),
        _ => None,
    }
}
