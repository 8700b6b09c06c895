//! What an agent should do now: first what it owes others, then what it began, then what is new.

use std::collections::BTreeSet;

use super::{Claimable, Ranked, Seeker, reviewable};
use crate::{
    handoff::{Handoff, HandoffStatus, Target},
    ids::ModuleId,
    module::{Lease, Module, Status},
    reply::{ActionKind, RankFactor, RankedAction, ScorePart},
    session::Role,
    time::Millis,
};

/// What kind of thing it is decides first; no two kinds come closer than their parts can bridge.
fn weight(kind: ActionKind) -> i64 {
    match kind {
        ActionKind::Heartbeat => 1_000_000,
        ActionKind::AckHandoff => 900_000,
        ActionKind::AddressChanges => 850_000,
        ActionKind::ContinueReview => 800_000,
        ActionKind::Continue => 700_000,
        ActionKind::ClaimHandoff => 600_000,
        ActionKind::StartReview => 450_000,
        ActionKind::Claim => 300_000,
        ActionKind::Unblock => 100_000,
    }
}

/// Best first, one for each module.
pub fn next_actions(seeker: &Seeker<'_>, limit: usize) -> Vec<RankedAction> {
    let mut claimable = Claimable::new(*seeker);
    let mut actions = own_modules(seeker);
    actions.extend(handoffs(seeker));
    actions.extend(reviews(seeker, &claimable));
    actions.extend(claimable.by_ref().take(limit).map(claim));
    actions.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.module.cmp(&b.module)));
    let mut told: BTreeSet<ModuleId> = BTreeSet::new();
    actions.retain(|action| told.insert(action.module.clone()));
    actions.truncate(limit);
    actions
}

fn part(factor: RankFactor, points: i64, reason: impl Into<String>) -> ScorePart {
    ScorePart { factor, points, reason: reason.into() }
}

fn action(kind: ActionKind, module: &Module, why: String, more: Vec<ScorePart>) -> RankedAction {
    let mut parts = vec![part(RankFactor::Action, weight(kind), why)];
    parts.extend(more);
    RankedAction {
        action: kind,
        module: module.id.clone(),
        title: module.title.clone(),
        command: command(kind, module),
        score: parts.iter().map(|part| part.points).sum(),
        parts,
    }
}

/// The line to type next; while going on with something, the line that says it is done.
fn command(kind: ActionKind, module: &Module) -> String {
    let name = match kind {
        ActionKind::Heartbeat => "heartbeat",
        ActionKind::AddressChanges | ActionKind::Claim => "claim",
        ActionKind::AckHandoff => "ack-handoff",
        ActionKind::ContinueReview => "approve",
        ActionKind::Continue if module.reviewer.is_some() => "submit",
        ActionKind::Continue => "finish",
        ActionKind::ClaimHandoff => "claim-handoff",
        ActionKind::StartReview => "start-review",
        ActionKind::Unblock => "unblock",
    };
    format!("remit {name} --module {}", module.id)
}

fn priority(module: &Module) -> Vec<ScorePart> {
    let number = u8::from(module.priority);
    vec![part(RankFactor::Priority, i64::from(4 - number) * super::score::STEP, format!("priority {number}"))]
}

fn own_modules(seeker: &Seeker<'_>) -> Vec<RankedAction> {
    let leases = seeker.leases.0.values().filter(|lease| seeker.is_me(Some(&lease.holder)));
    leases
        .filter_map(|lease| Some((seeker.board.modules.get(&lease.module)?, lease)))
        .filter_map(|(module, lease)| held(seeker, module, lease))
        .collect()
}

/// What its holder offered to others waits for them: until then only its lease asks for something.
fn held(seeker: &Seeker<'_>, module: &Module, lease: &Lease) -> Option<RankedAction> {
    if let Some(running_out) = running_out(seeker.now, lease) {
        return Some(action(ActionKind::Heartbeat, module, running_out, priority(module)));
    }
    if seeker.offers(module) {
        return None;
    }
    let (kind, why) = match (module.status, &module.changes_requested) {
        (Status::InReview, _) => (ActionKind::ContinueReview, "you are reviewing it".to_owned()),
        (Status::Blocked, _) => {
            let reason = module.block_reason.as_deref().unwrap_or("no reason was given");
            (ActionKind::Unblock, format!("you blocked it: {reason}"))
        }
        (_, Some(changes)) => (ActionKind::AddressChanges, format!("changes were requested: {changes}")),
        _ => (ActionKind::Continue, "you hold it".to_owned()),
    };
    Some(action(kind, module, why, priority(module)))
}

/// A lease is renewed in its last third, as an editor's window renews it.
fn running_out(now: Millis, lease: &Lease) -> Option<String> {
    let left = now.seconds_until(lease.expires_at);
    if lease.is_expired(now) {
        return Some("your lease on it ran out, and nobody took it yet".to_owned());
    }
    let soon = left < i64::try_from(lease.ttl_seconds / 3).unwrap_or(i64::MAX);
    soon.then(|| match left {
        ..60 => format!("your lease on it runs out in {left} s"),
        _ => format!("your lease on it runs out in {} min", left / 60),
    })
}

fn handoffs(seeker: &Seeker<'_>) -> Vec<RankedAction> {
    let Some(agent) = seeker.agent else { return Vec::new() };
    let offers = seeker.board.handoffs.values().filter_map(|handoff| {
        let module = seeker.board.modules.get(&handoff.module).filter(|module| seeker.suits(module))?;
        let offered = handoff.is_open() && handoff.from != agent.id && handoff.to.includes(agent);
        match handoff.status {
            HandoffStatus::Offered if offered && !(module.status.is_review() && seeker.owns(module)) => {
                Some(action(ActionKind::ClaimHandoff, module, offer_words(handoff), priority(module)))
            }
            HandoffStatus::Claimed if handoff.claimed_by.as_ref() == Some(&agent.id) => {
                let why = format!(
                    "you took it over from {} and did not say yet that you read the bundle",
                    handoff.from
                );
                Some(action(ActionKind::AckHandoff, module, why, Vec::new()))
            }
            _ => None,
        }
    });
    offers.collect()
}

fn offer_words(handoff: &Handoff) -> String {
    match &handoff.to {
        Target::Agent(_) => format!("{} hands it over to you", handoff.from),
        to => format!("{} hands it over to {to}", handoff.from),
    }
}

/// Before new work for whoever is there to review or is named; after it for a worker, who may review, too.
fn reviews<'a>(seeker: &Seeker<'a>, claimable: &Claimable<'a>) -> Vec<RankedAction> {
    const FOR_WORKERS: i64 = -300_000;
    let reviews = seeker.agent.is_some_and(|agent| agent.role != Role::Worker);
    reviewable(seeker, claimable.pressure())
        .into_iter()
        .map(|ranked| {
            let named = ranked.parts.iter().any(|part| part.factor == RankFactor::Assigned);
            let why = format!("{} waits for review", owner_of(ranked.module));
            let mut parts = ranked.parts;
            if !reviews && !named {
                parts.push(part(RankFactor::Role, FOR_WORKERS, "new work comes first for a worker"));
            }
            action(ActionKind::StartReview, ranked.module, why, parts)
        })
        .collect()
}

fn owner_of(module: &Module) -> String {
    module.owner.as_ref().map_or_else(|| "it".to_owned(), |owner| format!("work of {owner}"))
}

fn claim(ranked: Ranked<'_>) -> RankedAction {
    action(ActionKind::Claim, ranked.module, "it can be claimed".to_owned(), ranked.parts)
}
