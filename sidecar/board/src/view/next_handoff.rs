//! Which handoff somebody should look at first.

use crate::{board::Board, handoff::Handoff, session::Agent};

/// Offered to the agent and not by it; a review is never its own work. The most urgent first, then the oldest.
pub fn next_handoff<'a>(board: &'a Board, agent: &Agent) -> Option<&'a Handoff> {
    let offered = board.handoffs.values().filter(|handoff| handoff.is_open());
    let for_agent = offered.filter(|one| one.from != agent.id && one.to.includes(agent));
    let takeable = for_agent.filter_map(|handoff| {
        let module = board.modules.get(&handoff.module)?;
        let own_review = module.status.is_review() && module.is_owned_by(&agent.id);
        (!own_review).then_some((module.priority, handoff))
    });
    takeable
        .min_by_key(|(priority, handoff)| (*priority, handoff.offered_at, &handoff.id))
        .map(|(_, handoff)| handoff)
}
