//! Leases through time: renewing them, and what happens to those that ran out.

use super::{Draft, Situation, claim, hold};
use crate::{
    board::LeaseChange,
    command::Heartbeat,
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    handoff::Target,
    ids::{AgentId, ModuleId},
    module::{Lease, Module},
    reply::{GivenLease, Reclaimed, ReclaimedModule, Renewed},
};

/// In time it is bookkeeping; late, it is decided like a claim and gives a fresh token.
pub(super) fn heartbeat(mut draft: Draft<'_>, command: &Heartbeat) -> Result<Decision, Refusal> {
    let module = draft.module(&command.module)?;
    let lease = draft.held_by_caller(module)?;
    let ttl = draft.ttl(command.ttl_seconds, lease.ttl_seconds)?;
    if lease.is_expired(draft.at.now) {
        return renew_late(draft, module, ttl);
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

/// The paths may belong to somebody else by now, as with a claim; what was blocked stays blocked.
fn renew_late(mut draft: Draft<'_>, module: &Module, ttl: u64) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    if !module.status.is_review() {
        claim::check_scope(&draft, module, agent)?;
    }
    let module = draft.put(module.clone());
    let lease = draft.grant(&module.id, &agent.id, ttl);
    draft.event("heartbeat", Some(&module), format!("{} went on with {}", agent.id, module.id));
    let reply = Renewed { module: draft.wire(&module, Some(&lease)), lease: GivenLease::of(&lease) };
    draft.reply(reply)
}

/// Ends every lease that ran out, as its holder's release would have done.
pub(super) fn reclaim(mut draft: Draft<'_>, only: Option<&ModuleId>) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let expired = expired_leases(&draft, only)?;
    let mut modules = Vec::new();
    for (module, holder) in expired {
        let module = hold::let_go(&mut draft, module);
        draft.event("reclaim", Some(&module), format!("{} took {} back from {holder}", agent.id, module.id));
        let summary = format!("your lease on {} had run out and was reclaimed", module.id);
        draft.notify("lease-lost", Target::Agent(holder.clone()), &module, summary);
        hold::announce_review(&mut draft, &module);
        modules.push(ReclaimedModule { module: module.id.clone(), holder, status: module.status });
    }
    if modules.is_empty() {
        return Err(Failure::new(Code::Nothing, "no lease has run out; nothing was changed")
            .hint("`remit summary` shows who holds what, and until when"));
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

/// Renews what a living window saw its session hold, unless it was granted anew since: bookkeeping, so never a late one,
/// which `heartbeat` decides like a claim.
pub fn renew_window(situation: &Situation<'_>, held: &[&Lease]) -> Vec<LeaseChange> {
    held.iter()
        .filter_map(|seen| situation.leases.of(&seen.module).filter(|lease| lease.token == seen.token))
        .filter(|lease| !lease.is_expired(situation.now))
        .map(|lease| {
            let expires_at = situation.now.plus_seconds(lease.ttl_seconds);
            renewal(&Lease { expires_at, ..lease.clone() })
        })
        .collect()
}
