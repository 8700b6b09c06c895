//! In which order free modules are handed out, and why.

use crate::{
    board::{Board, Leases},
    ids::{AgentId, Specialty},
    module::{Module, Status},
    time::Millis,
};

/// Modules that `agent` may claim, best first: by priority, then age; abandoned ones after those that nobody began.
///
/// The agent's own are left out: who asks for the next one wants another one. The same board gives the same order
/// on every machine.
pub fn claimable<'a>(
    board: &'a Board,
    leases: &Leases,
    now: Millis,
    agent: Option<&AgentId>,
    specialty: Option<&Specialty>,
) -> Vec<&'a Module> {
    let mut modules: Vec<&Module> = board
        .modules
        .values()
        .filter(|module| suits(module, specialty) && is_free(board, leases, now, agent, module))
        .collect();
    modules.sort_by_key(|module| {
        (module.status != Status::Todo, module.priority, module.created_at, module.ordinal, &module.id)
    });
    modules
}

fn suits(module: &Module, specialty: Option<&Specialty>) -> bool {
    match (specialty, &module.specialty) {
        (Some(wanted), Some(asked)) => wanted == asked,
        _ => true,
    }
}

fn is_free(board: &Board, leases: &Leases, now: Millis, agent: Option<&AgentId>, module: &Module) -> bool {
    match module.status {
        Status::Todo => board.open_dependencies(module).next().is_none(),
        Status::InProgress | Status::Blocked => {
            let expired = leases.of(&module.id).is_some_and(|lease| lease.is_expired(now));
            expired && (agent.is_none() || module.owner.as_ref() != agent)
        }
        _ => false,
    }
}

/// Modules that `agent` may review, best first. What waits for a reviewer who is named is left to that one.
pub fn reviewable<'a>(
    board: &'a Board,
    leases: &Leases,
    now: Millis,
    agent: Option<&AgentId>,
    specialty: Option<&Specialty>,
) -> Vec<&'a Module> {
    let free = |module: &Module| match module.status {
        Status::ReviewReady => module.reviewer.is_none() || module.reviewer.as_ref() == agent,
        Status::InReview => leases.of(&module.id).is_none_or(|lease| lease.is_expired(now)),
        _ => false,
    };
    let by_somebody_else = |module: &Module| agent.is_none_or(|agent| !module.is_owned_by(agent));
    let mut modules: Vec<&Module> = board
        .modules
        .values()
        .filter(|module| free(module) && by_somebody_else(module) && suits(module, specialty))
        .collect();
    modules.sort_by_key(|module| (module.priority, module.ordinal, &module.id));
    modules
}

/// Why a claimable module stands where it stands, each a few words.
pub fn reasons(board: &Board, module: &Module) -> Vec<String> {
    let mut reasons = vec![format!("priority {}", u8::from(module.priority))];
    if let Some(specialty) = &module.specialty {
        reasons.push(format!("asks for {specialty}"));
    }
    let waiting = board
        .modules
        .values()
        .filter(|other| other.status == Status::Todo && other.depends_on.contains(&module.id))
        .count();
    match waiting {
        0 => {}
        1 => reasons.push("1 module waits for it".to_owned()),
        n => reasons.push(format!("{n} modules wait for it")),
    }
    if module.status != Status::Todo {
        reasons.push("its lease ran out".to_owned());
    }
    reasons
}
