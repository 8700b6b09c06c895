//! Numbers, times and near misses in the words that people use, so that every face and every message says them alike.

use std::borrow::Cow;

use crate::{
    board::Board,
    failure::Failure,
    handoff::Target,
    ids::{AgentId, ModuleId},
    session::Agent,
};

/// An agent as people know it: by its name, or by its id where the board knows no name.
pub fn agent_name<'a>(board: &'a Board, id: &'a AgentId) -> &'a str {
    board.agents.get(id).map_or(id.as_str(), Agent::name)
}

/// The same as `me` says it: `you`, a name, `nobody`.
pub fn person<'a>(board: &'a Board, me: Option<&AgentId>, id: Option<&'a AgentId>) -> &'a str {
    match id {
        None => "nobody",
        Some(id) if Some(id) == me => "you",
        Some(id) => agent_name(board, id),
    }
}

/// `workers`, `reviewers for rust`, `worker-b`.
pub fn target(board: &Board, target: &Target) -> String {
    match target {
        Target::Workers(None) => "workers".to_owned(),
        Target::Workers(Some(specialty)) => format!("workers for {specialty}"),
        Target::Reviewers(None) => "reviewers".to_owned(),
        Target::Reviewers(Some(specialty)) => format!("reviewers for {specialty}"),
        Target::Agent(id) => agent_name(board, id).to_owned(),
    }
}

/// What was written of agents by their ids, with their names instead.
pub fn with_names<'t>(board: &Board, me: Option<&AgentId>, text: &'t str) -> Cow<'t, str> {
    if !text.contains(AGENT) {
        return Cow::Borrowed(text);
    }
    let mut named = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !is_of_an_id(c)) {
        let (id, end) = word.split_at(word.trim_end_matches(|c: char| !is_of_an_id(c)).len());
        match id.parse().ok().filter(|id| board.agents.contains_key(id)) {
            Some(id) => named.push_str(person(board, me, Some(&id))),
            None => named.push_str(id),
        }
        named.push_str(end);
    }
    Cow::Owned(named)
}

const AGENT: &str = "agent-";

fn is_of_an_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// `1 agent`, `2 agents`.
pub fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    }
}

/// The largest unit that tells it whole: `90 s`, `30 min`, `2 h`, `7 days`.
pub fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 2] = [(3600, "h"), (60, "min")];
    const DAY: u64 = 24 * 3600;
    if seconds > 0 && seconds.is_multiple_of(DAY) {
        return counted(usize::try_from(seconds / DAY).unwrap_or(usize::MAX), "day");
    }
    match UNITS.iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{} {name}", seconds / unit),
        None => format!("{seconds} s"),
    }
}

/// The one that was most likely meant by `given`, if any comes near.
pub fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.8;
    known
        .map(|one| (strsim::jaro_winkler(&given.to_lowercase(), &one.to_lowercase()), one))
        .filter(|(likeness, _)| *likeness > NEAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, one)| one)
}

/// There is no such module; perhaps another one was meant.
pub fn unknown_module(board: &Board, id: &ModuleId) -> Failure {
    let meant = nearest(id.as_str(), board.modules.keys().map(ModuleId::as_str));
    let hint = match meant {
        Some(meant) => format!("did you mean {meant}? `remit modules` lists the modules"),
        None => "`remit modules` lists the modules".to_owned(),
    };
    Failure::not_found("module", id).hint(hint)
}

/// There is no such agent; perhaps its name was given for its id.
pub fn unknown_agent(board: &Board, id: &AgentId) -> Failure {
    let name = nearest(id.as_str(), board.agents.values().map(Agent::name));
    let hint = match board.agents.values().find(|agent| Some(agent.name()) == name) {
        Some(agent) => format!("the id of {} is {}", agent.name(), agent.id),
        None => {
            "`remit sessions` lists the agents, `remit init-agent --thread-key NAME` registers one".to_owned()
        }
    };
    Failure::not_found("agent", id).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!((counted(0, "agent"), counted(1, "agent")), ("0 agents".to_owned(), "1 agent".to_owned()));
    }

    #[test]
    fn a_duration_is_told_in_the_largest_unit_that_tells_it_whole() {
        let told = [0, 1, 59, 60, 90, 1800, 3600, 5400, 86_400, 90_000, 2_592_000].map(duration);
        assert_eq!(
            told,
            ["0 s", "1 s", "59 s", "1 min", "90 s", "30 min", "1 h", "90 min", "1 day", "25 h", "30 days"]
        );
    }

    #[test]
    fn a_typo_has_a_nearest_and_something_else_has_none() {
        let known = ["core", "web", "cart"];
        assert_eq!(nearest("cor", known.into_iter()), Some("core"));
        assert_eq!(nearest("Crat", known.into_iter()), Some("cart"));
        assert_eq!(nearest("x", known.into_iter()), None);
    }
}
