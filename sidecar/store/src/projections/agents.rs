//! `AGENTS.md`: who works here, as what, and on which modules.

use std::collections::BTreeMap;

use remit_board::{
    board::Board,
    ids::{AgentId, Specialty},
    module::Status,
};

use super::{Mark, Table};

/// The revision at which something in it last changed.
pub(crate) fn revision(board: &Board) -> u64 {
    let agents = board.agents.values().map(|agent| agent.revision);
    agents.chain(board.modules.values().map(|module| module.revision)).max().unwrap_or(0)
}

pub(crate) fn render(board: &Board) -> String {
    let mark = Mark { incarnation: board.incarnation, revision: revision(board) };
    let mut out = format!("{}# Agents\n\n", mark.comment());
    if board.agents.is_empty() {
        out.push_str("Nobody has registered yet: `remit init-agent --thread-key NAME` does.\n");
        return out;
    }
    out.push_str("A record of who is who. It asks nothing of its reader.\n\n");
    let work = work_by_agent(board);
    let mut table = Table::new(&mut out, board, &["Agent", "Role", "Specialties", "Works on", "Reviews"]);
    // Ids are random to a reader.
    let mut agents: Vec<_> = board.agents.values().collect();
    agents.sort_by_key(|agent| (agent.name(), &agent.id));
    for agent in agents {
        let mine = work.get(&agent.id).map_or(&[][..], Vec::as_slice);
        let ids = |reviewing| mine.iter().filter(move |(review, _)| *review == reviewing).map(|(_, id)| *id);
        table.agent(Some(&agent.id));
        table.cell(agent.role.as_str());
        table.codes(agent.specialties.iter().map(Specialty::as_str));
        table.codes(ids(false));
        table.codes(ids(true));
        table.end_row();
    }
    out
}

/// Live modules by who owns them, and by who reviews them now.
fn work_by_agent(board: &Board) -> BTreeMap<&AgentId, Vec<(bool, &str)>> {
    let mut work: BTreeMap<&AgentId, Vec<(bool, &str)>> = BTreeMap::new();
    for module in board.live_modules() {
        let reviewer = module.reviewer.as_ref().filter(|_| module.status == Status::InReview);
        for (agent, reviews) in [(module.owner.as_ref(), false), (reviewer, true)] {
            if let Some(agent) = agent {
                work.entry(agent).or_default().push((reviews, module.id.as_str()));
            }
        }
    }
    work
}
