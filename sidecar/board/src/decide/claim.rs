//! Claiming: a module by name, the best one that is free, or paths that are no module yet.

use serde_json::json;

use super::{Draft, draft::unchanged, reach::check_ownable};
use crate::{
    command::{Claim, ClaimNext, ClaimPaths, ClaimTerms},
    decision::{Decision, Refusal},
    failure::{Code, Failure},
    handoff::Target,
    ids::{AgentId, ModuleId},
    module::{Lease, Module, Priority, Status},
    path::ProjectPath,
    rank::{Claimable, nothing_to_claim},
    reply::{Claimed, GivenLease, ScopeConflict},
    scope::{Pattern, Scope},
    session::Agent,
};

pub(super) fn claim(draft: Draft<'_>, command: &Claim) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let module = draft.module(&command.module)?;
    check_claimable(&draft, module, agent)?;
    let conflicts = check_scope(&draft, module, agent)?;
    take(draft, module.clone(), agent, &command.terms, conflicts, "claim")
}

pub(super) fn check_scope(
    draft: &Draft<'_>,
    module: &Module,
    agent: &Agent,
) -> Result<Vec<ScopeConflict>, Refusal> {
    draft.admit_scope(Some(&agent.id), Some(&module.id), &module.owned_paths)
}

pub(super) fn claim_next(draft: Draft<'_>, command: &ClaimNext) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let seeker = draft.seeker(agent, command.specialty.as_ref());
    match Claimable::new(seeker).next() {
        Some(best) => take(draft, best.module.clone(), agent, &command.terms, best.conflicts, "claim-next"),
        None => Err(unchanged(nothing_to_claim(&seeker))),
    }
}

pub(super) fn claim_paths(mut draft: Draft<'_>, command: &ClaimPaths) -> Result<Decision, Refusal> {
    let agent = draft.agent()?;
    let Some(first) = command.paths.first() else {
        return Err(Failure::invalid("claim-paths needs at least one path; nothing was changed"));
    };
    let scope: Scope = command.paths.iter().map(Pattern::literal).collect();
    check_ownable(scope.patterns())?;
    let conflicts = draft.admit_scope(Some(&agent.id), None, &scope)?;
    let title = command.reason.clone().unwrap_or_else(|| title_of(first, command.paths.len()));
    let module = Module {
        id: free_id(&draft, first),
        title,
        status: Status::Todo,
        priority: Priority::default(),
        specialty: None,
        depends_on: Vec::new(),
        owned_paths: scope,
        candidate_depends_on: Vec::new(),
        candidate_owned_paths: Scope::default(),
        owner: None,
        reviewer: None,
        block_reason: None,
        changes_requested: None,
        assigned_to: None,
        branch: None,
        claimed_head: None,
        created_at: draft.at.now,
        ordinal: draft.at.board.modules.len() as u64,
        revision: draft.revision(),
    };
    draft.event("add-module", Some(&module), format!("{} was made for its paths", module.id));
    take(draft, module, agent, &command.terms, conflicts, "claim-paths")
}

/// Todo, or held under an expired lease, or the caller's own: then a fresh token voids the old one.
fn check_claimable(draft: &Draft<'_>, module: &Module, agent: &Agent) -> Result<(), Refusal> {
    match (module.status, draft.lease(&module.id)) {
        (Status::Todo, _) => check_dependencies(draft, module),
        (Status::InProgress | Status::Blocked, Some(lease))
            if lease.holder == agent.id || lease.is_expired(draft.at.now) =>
        {
            Ok(())
        }
        (Status::InProgress | Status::Blocked, Some(lease)) => Err(lease_held(module, lease)),
        _ => Err(Draft::wrong_status(module, "a claim", &[Status::Todo])),
    }
}

pub(super) fn lease_held(module: &Module, lease: &Lease) -> Refusal {
    Failure::new(
        Code::LeaseHeld,
        format!(
            "{} is held by {} until {}; nothing was changed",
            module.id,
            lease.holder,
            lease.expires_at.rfc3339()
        ),
    )
    .hint(format!(
        "`remit claim-next` gives you other work, `remit request-handoff --module {}` asks for this one",
        module.id
    ))
    .details(json!({ "module": module.id, "holder": lease.holder, "expires_at": lease.expires_at.rfc3339() }))
}

fn check_dependencies(draft: &Draft<'_>, module: &Module) -> Result<(), Refusal> {
    let open: Vec<&ModuleId> = draft.at.board.open_dependencies(module).collect();
    if open.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = open.iter().map(|id| id.as_str()).collect();
    Err(Failure::new(
        Code::DependencyOpen,
        format!("{} waits for {}; nothing was changed", module.id, named.join(", ")),
    )
    .hint("`remit claim-next` gives you what is ready, `remit graph` shows what waits for what")
    .details(json!({ "module": module.id, "open": open })))
}

fn take(
    mut draft: Draft<'_>,
    module: Module,
    agent: &Agent,
    terms: &ClaimTerms,
    conflicts: Vec<ScopeConflict>,
    kind: &'static str,
) -> Result<Decision, Refusal> {
    let ttl = draft.ttl(terms.ttl_seconds, draft.default_ttl())?;
    let reviewer =
        reviewer(&draft, agent, terms)?.or_else(|| module.reviewer.clone().filter(|r| *r != agent.id));
    let taken_from = module.owner.clone().filter(|owner| *owner != agent.id);
    if let Some(loser) = &taken_from {
        draft.withdraw_handoff(&module.id);
        let summary = format!("{} took {} over after your lease had run out", agent.id, module.id);
        draft.notify("lease-lost", Target::Agent(loser.clone()), &module, summary);
    }
    let module = draft.put(Module {
        status: Status::InProgress,
        block_reason: None,
        assigned_to: None,
        owner: Some(agent.id.clone()),
        reviewer,
        claimed_head: head_before(&draft, &module),
        branch: draft.at.caller.branch.clone(),
        ..module
    });
    let lease = draft.grant(&module.id, &agent.id, ttl);
    draft.event(kind, Some(&module), format!("{} claimed {}", agent.id, module.id));
    let reply =
        Claimed { module: draft.wire(&module, Some(&lease)), lease: GivenLease::of(&lease), conflicts };
    draft.reply(reply)
}

/// Work that goes on, on its branch, began where it was first claimed.
fn head_before(draft: &Draft<'_>, module: &Module) -> Option<String> {
    let caller = draft.at.caller;
    let goes_on = module.status != Status::Todo && module.branch == caller.branch;
    module.claimed_head.clone().filter(|_| goes_on).or_else(|| caller.head.clone())
}

/// Nobody reviews their own work.
fn reviewer(draft: &Draft<'_>, agent: &Agent, terms: &ClaimTerms) -> Result<Option<AgentId>, Refusal> {
    match &terms.reviewer_id {
        Some(id) if *id == agent.id => {
            Err(Failure::invalid("the reviewer must be somebody else than the owner; nothing was changed"))
        }
        Some(id) if !draft.at.board.agents.contains_key(id) => Err(draft.unknown_agent(id)),
        named => Ok(named.clone()),
    }
}

fn title_of(first: &ProjectPath, count: usize) -> String {
    match count {
        1 => first.to_string(),
        2 => format!("{first} and 1 more path"),
        n => format!("{first} and {} more paths", n - 1),
    }
}

/// `src/app/[id]/page.tsx` becomes `paths-src-app-id-page.tsx`, with a number when that is taken.
fn free_id(draft: &Draft<'_>, path: &ProjectPath) -> ModuleId {
    let words: Vec<String> = path
        .as_str()
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut stem = format!("paths-{}", words.join("-"));
    stem.truncate(100);
    (1..)
        .map(|n| if n == 1 { stem.clone() } else { format!("{stem}-{n}") })
        .filter_map(|text| text.parse::<ModuleId>().ok())
        .find(|id| !draft.at.board.modules.contains_key(id))
        .expect("a stem of allowed characters and a number that is free make an id")
}
