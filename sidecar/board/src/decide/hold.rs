//! What a holder does with a module, and what happens to leases that ran out.

use super::{Draft, Situation, claim};
use crate::{
    board::LeaseChange,
    command::{Claim, ClaimTerms, Heartbeat},
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    handoff::Target,
    ids::{AgentId, LeaseToken, ModuleId},
    module::{Lease, Module, Status},
    reply::{GivenLease, ModuleChanged, Reclaimed, ReclaimedModule, Renewed, Reply},
};

/// In time it is bookkeeping; late, it is decided like a claim and gives a fresh token.
pub(super) fn heartbeat(mut draft: Draft<'_>, command: &Heartbeat) -> Result<Decision, Refusal> {
    let module = draft.module(&command.module)?;
    let lease = draft.held_by_caller(module)?;
    let ttl = draft.ttl(command.ttl_seconds, lease.ttl_seconds)?;
    if lease.is_expired(draft.at.now) {
        return claim_late(draft, module, ttl);
    }
    let renewed = Lease { ttl_seconds: ttl, expires_at: draft.at.now.plus_seconds(ttl), ..lease.clone() };
    draft.leases.push(renewal(&renewed));
    let reply = Renewed { module: draft.wire(module, Some(&renewed)), lease: GivenLease::of(&renewed) };
    draft.reply(reply)
}

fn renewal(lease: &Lease) -> LeaseChange {
    LeaseChange::Renew {
        module: lease.module.clone(),
        ttl_seconds: lease.ttl_seconds,
        expires_at: lease.expires_at,
    }
}

fn claim_late(mut draft: Draft<'_>, module: &Module, ttl: u64) -> Result<Decision, Refusal> {
    if module.status == Status::InReview {
        let agent = draft.agent()?;
        let module = draft.put(module.clone());
        let lease = draft.grant(&module.id, &agent.id, ttl);
        draft.event("heartbeat", Some(&module), format!("{} went on with {}", agent.id, module.id));
        let reply = Renewed { module: draft.wire(&module, Some(&lease)), lease: GivenLease::of(&lease) };
        return draft.reply(reply);
    }
    let terms = ClaimTerms { reviewer_id: None, ttl_seconds: Some(ttl) };
    let decision = claim::claim(draft, &Claim { module: module.id.clone(), terms })?;
    let Reply::Claimed(claimed) = decision.reply else {
        return Err(Failure::internal("a claim was not answered as a claim"));
    };
    Ok(Decision { reply: Renewed { module: claimed.module, lease: claimed.lease }.into(), ..decision })
}

/// Gives a module back: work to whoever wants it next, a review to the next reviewer.
pub(super) fn release(mut draft: Draft<'_>, id: &ModuleId) -> Result<Decision, Refusal> {
    let module = draft.module(id)?;
    draft.held_by_caller(module)?;
    let agent = draft.agent()?;
    let module = let_go(&mut draft, module);
    draft.event("release", Some(&module), format!("{} released {}", agent.id, module.id));
    let reply = ModuleChanged { module: draft.wire(&module, None), conflicts: Vec::new() };
    draft.reply(reply)
}

fn let_go(draft: &mut Draft<'_>, module: &Module) -> Module {
    draft.end_lease(&module.id);
    draft.withdraw_handoff(&module.id);
    let given_back = match module.status {
        Status::InReview => Module { status: Status::ReviewReady, ..module.clone() },
        _ => Module { status: Status::Todo, owner: None, block_reason: None, ..module.clone() },
    };
    draft.put(given_back)
}

pub(super) fn finish(mut draft: Draft<'_>, id: &ModuleId) -> Result<Decision, Refusal> {
    let module = draft.module(id)?;
    if module.status != Status::InProgress {
        return Err(Draft::wrong_status(module, "finish", &[Status::InProgress]));
    }
    draft.held_by_caller(module)?;
    if let Some(reviewer) = &module.reviewer {
        return Err(Failure::new(
            Code::WrongStatus,
            format!("{} is to be reviewed by {reviewer}; nothing was changed", module.id),
        )
        .hint(format!("submit it: `remit submit --module {}`", module.id)));
    }
    let agent = draft.agent()?;
    draft.end_lease(&module.id);
    draft.withdraw_handoff(&module.id);
    let module = draft.put(Module { status: Status::Done, ..module.clone() });
    draft.event("finish", Some(&module), format!("{} finished {}", agent.id, module.id));
    announce_unblocked(&mut draft, &module.id);
    let reply = ModuleChanged { module: draft.wire(&module, None), conflicts: Vec::new() };
    draft.reply(reply)
}

/// Tells workers of every module whose last open dependency was `finished`.
fn announce_unblocked(draft: &mut Draft<'_>, finished: &ModuleId) {
    let board = draft.at.board;
    let free: Vec<&Module> = board
        .modules
        .values()
        .filter(|module| module.status == Status::Todo && module.depends_on.contains(finished))
        .filter(|module| board.open_dependencies(module).all(|open| open == finished))
        .collect();
    for module in free {
        let target = Target::Workers(module.specialty.clone());
        draft.notify(
            "unblocked",
            target,
            module,
            format!("{} can be claimed: {finished} is done", module.id),
        );
    }
}

/// Ends every lease that ran out, as its holder's release would have done.
pub(super) fn reclaim(mut draft: Draft<'_>, only: Option<&ModuleId>) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let expired = expired_leases(&draft, only)?;
    let mut modules = Vec::new();
    for (module, holder) in expired {
        let module = let_go(&mut draft, module);
        draft.event("reclaim", Some(&module), format!("{} took {} back from {holder}", agent.id, module.id));
        let summary = format!("your lease on {} had run out and was reclaimed", module.id);
        draft.notify("lease-lost", Target::Agent(holder.clone()), &module, summary);
        modules.push(ReclaimedModule { module: module.id.clone(), holder, status: module.status });
    }
    if modules.is_empty() {
        return Err(Failure::new(Code::Nothing, "no lease has run out; nothing was changed"));
    }
    draft.reply(Reclaimed { modules })
}

fn expired_leases<'a>(
    draft: &Draft<'a>,
    only: Option<&ModuleId>,
) -> Result<Vec<(&'a Module, AgentId)>, Refusal> {
    if let Some(id) = only {
        draft.module(id)?;
    }
    let at = draft.at;
    Ok(at
        .leases
        .0
        .values()
        .filter(|lease| lease.is_expired(at.now) && only.is_none_or(|id| lease.module == *id))
        .filter_map(|lease| Some((at.board.modules.get(&lease.module)?, lease.holder.clone())))
        .collect())
}

/// Renews what a living window holds under the tokens that it still has: bookkeeping, so never a late one, which
/// `heartbeat` decides like a claim.
pub fn renew_window(situation: &Situation<'_>, held: &[(ModuleId, LeaseToken)]) -> Vec<LeaseChange> {
    held.iter()
        .filter_map(|(module, token)| {
            let lease = situation.leases.of(module)?;
            let current = lease.token == *token && !lease.is_expired(situation.now);
            current.then(|| {
                let expires_at = situation.now.plus_seconds(lease.ttl_seconds);
                LeaseChange::Renew { module: module.clone(), ttl_seconds: lease.ttl_seconds, expires_at }
            })
        })
        .collect()
}
