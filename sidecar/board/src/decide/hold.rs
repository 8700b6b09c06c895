//! What a holder does with its module on the way from claimed to done.

use super::Draft;
use crate::{
    command::{Block, Cancel},
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    handoff::Target,
    ids::{AgentId, ModuleId},
    module::{Module, Status},
    reply::ModuleChanged,
    session::Role,
};

/// The module, if it stands at `from` and the caller holds it under its current token.
pub(super) fn held_at<'a>(
    draft: &Draft<'a>,
    id: &ModuleId,
    verb: &str,
    from: Status,
) -> Result<&'a Module, Refusal> {
    let module = draft.module(id)?;
    if module.status != from {
        return Err(Draft::wrong_status(module, verb, &[from]));
    }
    draft.held_by_caller(module)?;
    Ok(module)
}

/// What a command that needs a reason was given for one.
pub(super) fn reason<'a>(given: Option<&'a str>, command: &str) -> Result<&'a str, Refusal> {
    match given.map(str::trim) {
        Some(reason) if !reason.is_empty() => Ok(reason),
        _ => Err(Failure::invalid(format!(
            "{command} needs a --reason that others can read; nothing was changed"
        ))),
    }
}

pub(super) fn changed(draft: Draft<'_>, module: &Module) -> Result<Decision, Refusal> {
    let lease = draft.lease(&module.id);
    let reply = ModuleChanged { module: draft.wire(module, lease), conflicts: Vec::new() };
    draft.reply(reply)
}

/// As `changed`, where the lease ended in the same decision.
pub(super) fn let_go_of(draft: Draft<'_>, module: &Module) -> Result<Decision, Refusal> {
    let reply = ModuleChanged { module: draft.wire(module, None), conflicts: Vec::new() };
    draft.reply(reply)
}

pub(super) fn block(mut draft: Draft<'_>, command: &Block) -> Result<Decision, Refusal> {
    let module = held_at(&draft, &command.module, "block", Status::InProgress)?;
    let reason = reason(command.reason.as_deref(), "block")?.to_owned();
    let agent = draft.agent()?;
    let summary = format!("{} is blocked: {reason}", module.id);
    let module = draft.put(Module { status: Status::Blocked, block_reason: Some(reason), ..module.clone() });
    draft.event("block", Some(&module), format!("{summary} ({})", agent.id));
    changed(draft, &module)
}

pub(super) fn unblock(mut draft: Draft<'_>, id: &ModuleId) -> Result<Decision, Refusal> {
    let module = held_at(&draft, id, "unblock", Status::Blocked)?;
    let agent = draft.agent()?;
    let module = draft.put(Module { status: Status::InProgress, block_reason: None, ..module.clone() });
    draft.event("unblock", Some(&module), format!("{} goes on with {}", agent.id, module.id));
    changed(draft, &module)
}

/// The lease ends, so that a reviewer can hold the module; the owner stays who it is.
pub(super) fn submit(mut draft: Draft<'_>, id: &ModuleId) -> Result<Decision, Refusal> {
    let module = held_at(&draft, id, "submit", Status::InProgress)?;
    let agent = draft.agent()?;
    draft.end_lease(&module.id);
    draft.withdraw_handoff(&module.id);
    let module = draft.put(Module { status: Status::ReviewReady, changes_requested: None, ..module.clone() });
    draft.event("submit", Some(&module), format!("{} submitted {}", agent.id, module.id));
    announce_review(&mut draft, &module);
    let_go_of(draft, &module)
}

/// Tells the reviewer who is named, else all of them, that a module waits for review.
pub(super) fn announce_review(draft: &mut Draft<'_>, module: &Module) {
    if module.status != Status::ReviewReady {
        return;
    }
    let target = match &module.reviewer {
        Some(reviewer) => Target::Agent(reviewer.clone()),
        None => Target::Reviewers(module.specialty.clone()),
    };
    let owner = module.owner.as_ref().map_or("nobody", AgentId::as_str);
    draft.notify("review-ready", target, module, format!("{} of {owner} waits for review", module.id));
}

/// Gives a module back: work to whoever wants it next, a review to the next reviewer.
pub(super) fn release(mut draft: Draft<'_>, id: &ModuleId) -> Result<Decision, Refusal> {
    let module = draft.module(id)?;
    draft.held_by_caller(module)?;
    let agent = draft.agent()?;
    let module = let_go(&mut draft, module);
    draft.event("release", Some(&module), format!("{} released {}", agent.id, module.id));
    announce_review(&mut draft, &module);
    let_go_of(draft, &module)
}

pub(super) fn let_go(draft: &mut Draft<'_>, module: &Module) -> Module {
    draft.end_lease(&module.id);
    draft.withdraw_handoff(&module.id);
    let given_back = match module.status {
        // Whoever gave the review up, or let it run out, is no longer the one it waits for.
        Status::InReview => Module { status: Status::ReviewReady, reviewer: None, ..module.clone() },
        _ => Module { status: Status::Todo, owner: None, block_reason: None, ..module.clone() },
    };
    draft.put(given_back)
}

pub(super) fn finish(mut draft: Draft<'_>, id: &ModuleId) -> Result<Decision, Refusal> {
    let module = held_at(&draft, id, "finish", Status::InProgress)?;
    if let Some(reviewer) = &module.reviewer {
        return Err(Failure::new(
            Code::WrongStatus,
            format!("{} is to be reviewed by {reviewer}; nothing was changed", module.id),
        )
        .hint(format!("submit it: `remit submit --module {}`", module.id)));
    }
    let agent = draft.agent()?;
    let module = done(&mut draft, module);
    draft.event("finish", Some(&module), format!("{} finished {}", agent.id, module.id));
    announce_unblocked(&mut draft, &module.id);
    let_go_of(draft, &module)
}

pub(super) fn done(draft: &mut Draft<'_>, module: &Module) -> Module {
    draft.end_lease(&module.id);
    draft.withdraw_handoff(&module.id);
    draft.put(Module { status: Status::Done, ..module.clone() })
}

/// Tells workers of every module whose last open dependency was `finished`.
pub(super) fn announce_unblocked(draft: &mut Draft<'_>, finished: &ModuleId) {
    let board = draft.at.board;
    let free: Vec<&Module> = board
        .modules
        .values()
        .filter(|module| module.status == Status::Todo && module.depends_on.contains(finished))
        .filter(|module| board.open_dependencies(module).all(|open| open == finished))
        .collect();
    for module in free {
        let target = match &module.assigned_to {
            Some(agent) => Target::Agent(agent.clone()),
            None => Target::Workers(module.specialty.clone()),
        };
        let summary = format!("{} can be claimed: {finished} is done", module.id);
        draft.notify("unblocked", target, module, summary);
    }
}

/// By its holder, or by a coordinator in anybody's stead. Only what is done can't be given up any more.
pub(super) fn cancel(mut draft: Draft<'_>, command: &Cancel) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let module = draft.module(&command.module)?;
    if module.status == Status::Done {
        return Err(Draft::wrong_status(module, "cancel", &NOT_DONE));
    }
    if agent.role != Role::Coordinator {
        draft.held_by_caller(module).map_err(|refusal| match refusal.code {
            Code::NotHolder => refusal.hint(
                "its holder can, or a coordinator: `remit init-agent --thread-key NAME --role coordinator`",
            ),
            _ => refusal,
        })?;
    }
    let holder = draft.lease(&module.id).map(|lease| lease.holder.clone());
    draft.end_lease(&module.id);
    draft.withdraw_handoff(&module.id);
    let module = draft.put(Module { status: Status::Cancelled, assigned_to: None, ..module.clone() });
    let summary = format!("{} cancelled {}", agent.id, module.id);
    draft.event("cancel", Some(&module), summary.clone());
    let others = |who: &&AgentId| **who != agent.id;
    if let Some(holder) = holder.as_ref().filter(others) {
        draft.notify("lease-lost", Target::Agent(holder.clone()), &module, summary.clone());
    }
    if let Some(owner) = module.owner.as_ref().filter(others).filter(|owner| Some(*owner) != holder.as_ref())
    {
        draft.notify("cancelled", Target::Agent(owner.clone()), &module, summary);
    }
    let_go_of(draft, &module)
}

const NOT_DONE: [Status; 6] = [
    Status::Todo,
    Status::InProgress,
    Status::Blocked,
    Status::ReviewReady,
    Status::InReview,
    Status::Cancelled,
];
