//! Intake: what the sources say the project is made of, and adding it as candidates when asked.

use super::{Draft, plan, session};
use crate::{
    command::{Intake, PlannedModule},
    decision::{Decision, Refusal},
    failure::Failure,
    ids::{AgentId, ModuleId, ThreadKey},
    intake::{Candidate, Sign, Standing, Survey, candidates},
    reply::{CandidateStanding, IntakeModule, IntakePackage, IntakeReply, SignWire},
    words::counted,
};

/// Leaves one event in any case; modules come to the board only by `--seed-tasks`, and as candidates only.
pub(super) fn intake(mut draft: Draft<'_>, command: &Intake) -> Result<Decision, Refusal> {
    let Some(survey) = draft.at.survey else {
        return Err(Failure::internal("intake was decided without a survey of the project"));
    };
    let agent = command.thread_key.as_ref().map(|key| named_agent(&draft, key)).transpose()?;
    let (candidates, circles) = candidates(survey, draft.at.board, draft.at.case);
    if command.seed_tasks {
        seed(&mut draft, &candidates);
    }
    let reply = told(survey, &candidates, circles, command.seed_tasks);
    draft.record("intake", "intake", None, None, summary(&reply));
    if let (Some(agent), Some(event)) = (agent, draft.events.last_mut()) {
        event.agent = Some(agent);
    }
    draft.reply(reply)
}

/// Whose thread key it is. Whoever registered nobody under it yet is told how.
fn named_agent(draft: &Draft<'_>, key: &ThreadKey) -> Result<AgentId, Refusal> {
    let id = session::agent_id(draft, key);
    if !draft.at.board.agents.contains_key(&id) {
        return Err(Failure::not_found("agent with the thread key", key)
            .hint(format!("nothing was changed; register with `remit init-agent --thread-key '{key}'`")));
    }
    match &draft.at.asking.agent_id {
        Some(other) if *other != id => Err(Failure::invalid(format!(
            "the thread key {key} is {id}'s, not {other}'s, who asks; nothing was changed"
        ))),
        _ => Ok(id),
    }
}

fn seed(draft: &mut Draft<'_>, candidates: &[Candidate<'_>]) {
    let first = draft.at.board.modules.len() as u64;
    let fresh = candidates.iter().filter(|one| one.standing == Standing::New);
    for (ordinal, one) in (first..).zip(fresh) {
        let planned = PlannedModule {
            id: one.id.clone(),
            title: Some(one.part.title.clone()),
            description: Some(description(one)),
            priority: None,
            acceptance: Vec::new(),
            verify: Vec::new(),
            specialty: None,
            depends_on: Vec::new(),
            owned_paths: Vec::new(),
            candidate_depends_on: one.depends_on.clone(),
            candidate_owned_paths: one.owned_paths.patterns().cloned().collect(),
        };
        plan::put_planned(draft, &planned, ordinal);
    }
}

/// The evidence stays with the module, for whoever confirms it later.
fn description(candidate: &Candidate<'_>) -> String {
    let mut lines = vec!["Proposed by `remit intake`, because of:".to_owned()];
    lines.extend(evidence(candidate).map(|sign| format!("- {}", SignWire::of(sign))));
    lines.join("\n")
}

fn evidence<'c>(candidate: &Candidate<'c>) -> impl Iterator<Item = &'c Sign> + use<'c> {
    let needs = candidate.part.needs.iter().map(|need| &need.sign);
    candidate.part.signs.iter().chain(needs)
}

fn told(survey: &Survey, candidates: &[Candidate<'_>], circles: Vec<String>, seeded: bool) -> IntakeReply {
    let packages = candidates.iter().flat_map(|one| {
        one.part.packages.iter().map(|package| IntakePackage {
            name: package.name.clone(),
            ecosystem: package.ecosystem.to_owned(),
            manifest: package.manifest.clone(),
            module: one.id.clone(),
        })
    });
    IntakeReply {
        modules: candidates.iter().map(|one| shown(one, seeded)).collect(),
        packages: packages.collect(),
        notes: survey.notes.iter().cloned().chain(circles).collect(),
        files: survey.files as u64,
    }
}

fn shown(candidate: &Candidate<'_>, seeded: bool) -> IntakeModule {
    IntakeModule {
        id: candidate.id.clone(),
        title: candidate.part.title.clone(),
        standing: match candidate.standing {
            Standing::Known => CandidateStanding::Known,
            Standing::New if seeded => CandidateStanding::Added,
            Standing::New => CandidateStanding::New,
        },
        candidate_owned_paths: candidate.owned_paths.clone(),
        candidate_depends_on: candidate.depends_on.clone(),
        owners: candidate.part.owners.clone(),
        evidence: evidence(candidate).map(SignWire::of).collect(),
    }
}

fn summary(reply: &IntakeReply) -> String {
    let standing = |which| -> Vec<&ModuleId> {
        reply.modules.iter().filter(|one| one.standing == which).map(|one| &one.id).collect()
    };
    let known = standing(CandidateStanding::Known).len();
    let (new, added) = (standing(CandidateStanding::New), standing(CandidateStanding::Added));
    let found = format!("{} of the project found, {known} known", counted(reply.modules.len(), "part"));
    match (new.as_slice(), added.as_slice()) {
        ([], []) => format!("{found}; nothing is new"),
        (new, []) => format!("{found}; new would be {}", listed(new)),
        (_, added) => format!("{found}; added as candidates: {}", listed(added)),
    }
}

fn listed(ids: &[&ModuleId]) -> String {
    const NAMED: usize = 10;
    let named: Vec<&str> = ids.iter().take(NAMED).map(|id| id.as_str()).collect();
    let more = match ids.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    format!("{}{more}", named.join(", "))
}
