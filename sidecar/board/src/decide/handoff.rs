//! Handing over: a bundle is offered, claimed together with the lease, and acknowledged.

use serde_json::json;

use super::{Draft, draft::said, review::refuse_own_work};
use crate::{
    board::Text,
    bundle::{self, BundleFacts},
    command::{AckHandoff, ClaimHandoff, HandoffBundle},
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    handoff::{Handoff, HandoffStatus, Notes, Target},
    ids::{HandoffId, ModuleId},
    module::{Module, Status},
    reply::{Claimed, GivenLease, HandedOver, HandoffWire},
    session::Agent,
};

/// By the holder; by anybody once the lease has run out, which the bundle says; by the owner while it waits for
/// review. A newer bundle takes the place of one that nobody claimed. The lease stays where it is.
pub(super) fn offer(mut draft: Draft<'_>, command: &HandoffBundle) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let module = draft.module(&command.module)?;
    let after_expiry = check_may_offer(&draft, module, agent)?;
    let to = command.to.clone().unwrap_or_else(|| default_target(module));
    check_target(&draft, &to, agent)?;
    draft.withdraw_handoff(&module.id);
    let handoff = draft.put_handoff(Handoff {
        id: HandoffId::of(&module.id, draft.revision()),
        module: module.id.clone(),
        from: agent.id.clone(),
        to: to.clone(),
        status: HandoffStatus::Offered,
        summary: command.summary.clone().unwrap_or_default(),
        next_steps: said(&command.next_steps),
        after_expiry,
        claimed_by: None,
        offered_at: draft.at.now,
        revision: 0,
    });
    let notes = notes(command, draft.at.bundle);
    let text = bundle::render(draft.at.board, module, &handoff, &notes, draft.at.bundle);
    draft.texts.push(Text::Bundle { handoff: handoff.id.clone(), text });
    if notes != Notes::default() {
        draft.texts.push(Text::Notes { handoff: handoff.id.clone(), notes });
    }
    draft.event("handoff-bundle", Some(module), format!("{} offered {} to {to}", agent.id, module.id));
    draft.notify("handoff-ready", to, module, format!("{} can be taken over from {}", module.id, agent.id));
    answer(draft, module, &handoff)
}

/// What the module itself says of its acceptance comes first.
fn notes(command: &HandoffBundle, facts: Option<&BundleFacts>) -> Notes {
    let brief = facts.map(|facts| facts.brief.clone()).unwrap_or_default();
    let both = |own: Vec<String>, given: &[String]| {
        let given = said(given).into_iter().filter(|item| !own.contains(item)).collect::<Vec<_>>();
        [own, given].concat()
    };
    Notes {
        acceptance: both(brief.acceptance, &command.acceptance),
        verify: both(brief.verify, &command.verify),
        decisions: said(&command.decisions),
        open_questions: said(&command.open_questions),
    }
}

/// Whether the offer is made in a holder's absence, if it may be made at all.
fn check_may_offer(draft: &Draft<'_>, module: &Module, agent: &Agent) -> Result<bool, Refusal> {
    match (module.status, draft.lease(&module.id)) {
        (Status::InProgress | Status::Blocked | Status::InReview, Some(lease)) => {
            if lease.holder != agent.id && lease.is_expired(draft.at.now) {
                return Ok(true);
            }
            draft.held_by_caller(module).map(|_| false)
        }
        (Status::ReviewReady, _) if module.is_owned_by(&agent.id) => Ok(false),
        (Status::ReviewReady, _) => Err(Failure::new(
            Code::NotHolder,
            format!("{} waits for review; only its owner offers it; nothing was changed", module.id),
        )
        .hint(format!("`remit start-review --module {}` takes the review", module.id))),
        _ => Err(Draft::wrong_status(
            module,
            "a handoff",
            &[Status::InProgress, Status::Blocked, Status::ReviewReady, Status::InReview],
        )),
    }
}

fn default_target(module: &Module) -> Target {
    if module.status.is_review() { Target::Reviewers(None) } else { Target::Workers(None) }
}

fn check_target(draft: &Draft<'_>, to: &Target, agent: &Agent) -> Result<(), Refusal> {
    match to {
        Target::Agent(id) if *id == agent.id => {
            Err(Failure::invalid("a handoff goes to somebody else; nothing was changed"))
        }
        Target::Agent(id) if !draft.at.board.agents.contains_key(id) => Err(draft.unknown_agent(id)),
        _ => Ok(()),
    }
}

/// The lease passes with the module, in this one transaction: as owner of work, as reviewer of a review.
pub(super) fn claim(mut draft: Draft<'_>, command: &ClaimHandoff) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let module = draft.module(&command.module)?;
    let handoff = offered_to(&draft, &module.id, agent)?;
    let review = module.status.is_review();
    if review {
        refuse_own_work(module, agent)?;
    }
    let ttl = draft.ttl(command.ttl_seconds, draft.default_ttl())?;
    let conflicts = if review {
        Vec::new()
    } else {
        super::live_overlaps(
            draft.at.board,
            draft.at.case,
            Some(&agent.id),
            Some(&module.id),
            &module.owned_paths,
        )
    };
    let taken =
        Handoff { status: HandoffStatus::Claimed, claimed_by: Some(agent.id.clone()), ..handoff.clone() };
    let handoff = draft.put_handoff(taken);
    let absent = draft.lease(&module.id).map(|lease| lease.holder.clone());
    let module = draft.put(passed_to(module, agent));
    if let Some(absent) = absent.filter(|holder| *holder != handoff.from && *holder != agent.id) {
        let summary = format!("{} took {} over after your lease had run out", agent.id, module.id);
        draft.notify("lease-lost", Target::Agent(absent), &module, summary);
    }
    let lease = draft.grant(&module.id, &agent.id, ttl);
    let summary = format!("{} took {} over from {}", agent.id, module.id, handoff.from);
    draft.event("claim-handoff", Some(&module), summary.clone());
    draft.notify("handoff-claimed", Target::Agent(handoff.from.clone()), &module, summary);
    let reply =
        Claimed { module: draft.wire(&module, Some(&lease)), lease: GivenLease::of(&lease), conflicts };
    draft.reply(reply)
}

fn offered_to<'a>(draft: &Draft<'a>, module: &ModuleId, agent: &Agent) -> Result<&'a Handoff, Refusal> {
    let open = draft.at.board.open_handoff(module);
    match open.filter(|handoff| handoff.from != agent.id && handoff.to.includes(agent)) {
        Some(handoff) => Ok(handoff),
        None => {
            let what = match open {
                Some(handoff) if handoff.from == agent.id => format!("the handoff of {module} is your own"),
                Some(handoff) => {
                    format!("the handoff of {module} is offered to {}, not to {}", handoff.to, agent.id)
                }
                None => format!("no handoff of {module} is offered"),
            };
            Err(Failure::new(Code::NotFound, format!("{what}; nothing was changed"))
                .hint("`remit handoffs` lists what is offered, and to whom")
                .details(json!({ "module": module, "to": open.map(|handoff| &handoff.to) })))
        }
    }
}

fn passed_to(module: &Module, agent: &Agent) -> Module {
    if module.status.is_review() {
        Module {
            status: Status::InReview,
            reviewer: Some(agent.id.clone()),
            assigned_to: None,
            ..module.clone()
        }
    } else {
        // Nobody reviews their own work: a reviewer who takes the work over no longer reviews it.
        let reviewer = module.reviewer.clone().filter(|reviewer| *reviewer != agent.id);
        Module { owner: Some(agent.id.clone()), reviewer, assigned_to: None, ..module.clone() }
    }
}

/// Says that the bundle was read, by whoever took the module over.
pub(super) fn acknowledge(mut draft: Draft<'_>, command: &AckHandoff) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let module = draft.module(&command.module)?;
    let newest =
        draft.at.board.handoffs.values().filter(|h| h.module == module.id).max_by_key(|h| h.revision);
    let Some(handoff) = newest else {
        return Err(Failure::new(
            Code::NotFound,
            format!("{} was never handed over; nothing was changed", module.id),
        )
        .hint("`remit handoffs` lists what is offered, and to whom"));
    };
    match handoff.status {
        HandoffStatus::Claimed if handoff.claimed_by.as_ref() == Some(&agent.id) => {}
        HandoffStatus::Claimed => {
            let message = format!("{} was taken over by somebody else; nothing was changed", module.id);
            return Err(Failure::new(Code::NotHolder, message)
                .hint(format!("`remit request-handoff --module {}` asks them for it", module.id)));
        }
        status => {
            let message = format!("the handoff of {} is {}; nothing was changed", module.id, status.as_str());
            let hint = match status {
                HandoffStatus::Offered => format!("first `remit claim-handoff --module {}`", module.id),
                _ => format!(
                    "there is nothing left to do; `remit show {}` says how the work stands",
                    module.id
                ),
            };
            return Err(Failure::new(Code::WrongStatus, message).hint(hint));
        }
    }
    let handoff = draft.put_handoff(Handoff { status: HandoffStatus::Acknowledged, ..handoff.clone() });
    let summary = format!("{} read the handoff of {}", agent.id, module.id);
    draft.event("ack-handoff", Some(module), summary.clone());
    draft.notify("handoff-acknowledged", Target::Agent(handoff.from.clone()), module, summary);
    answer(draft, module, &handoff)
}

fn answer(draft: Draft<'_>, module: &Module, handoff: &Handoff) -> Result<Decision, Refusal> {
    let reply = HandedOver {
        module: draft.wire(module, draft.lease(&module.id)),
        handoff: Box::new(HandoffWire::of(handoff)),
    };
    draft.reply(reply)
}
