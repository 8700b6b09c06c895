//! In which order work and reviews are handed out, and why: a score that is the sum of parts a person understands.
//!
//! The same board gives the same order on every machine: integers only, and what scores the same goes by age, then id.

mod action;
mod claimable;
mod nothing;
mod pressure;
mod reason;
mod reviewable;
mod score;

pub use action::next_actions;
pub use claimable::{Claimable, disjoint};
pub use nothing::{nothing_to_claim, nothing_to_do, nothing_to_review};
pub use pressure::{Behind, Downstream, Pressure};
pub use reason::Reason;
pub use reviewable::reviewable;
pub use score::Ranked;

use crate::{
    board::{Board, Leases},
    ids::{AgentId, Specialty},
    module::Module,
    scope::CaseRule,
    session::Agent,
    time::Millis,
};

/// Who looks for something to do, on which board.
#[derive(Clone, Copy)]
pub struct Seeker<'a> {
    pub board: &'a Board,
    pub leases: &'a Leases,
    pub now: Millis,
    pub case: CaseRule,
    pub agent: Option<&'a Agent>,
    /// Only what asks for this, or for nothing special.
    pub specialty: Option<&'a Specialty>,
}

impl<'a> Seeker<'a> {
    fn id(&self) -> Option<&'a AgentId> {
        self.agent.map(|agent| &agent.id)
    }

    fn is_me(&self, agent: Option<&AgentId>) -> bool {
        agent.is_some() && agent == self.id()
    }

    fn owns(&self, module: &Module) -> bool {
        self.is_me(module.owner.as_ref())
    }

    /// It waits for somebody to take it over from this agent.
    fn offers(&self, module: &Module) -> bool {
        self.board.open_handoff(&module.id).is_some_and(|handoff| self.is_me(Some(&handoff.from)))
    }

    fn suits(&self, module: &Module) -> bool {
        match (self.specialty, &module.specialty) {
            (Some(wanted), Some(asked)) => wanted == asked,
            _ => true,
        }
    }
}
