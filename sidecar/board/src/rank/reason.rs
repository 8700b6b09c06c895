//! Why a module stands where it stands, in words that a person understands.

use std::fmt;

use super::Downstream;
use crate::{
    ids::{AgentId, ModuleId, Specialty},
    reply::ScopeConflict,
};

#[derive(Clone, Copy, Debug)]
pub enum Reason<'a> {
    /// `raised_by` is more urgent, and waits for it.
    Priority {
        own: u8,
        effective: u8,
        raised_by: Option<&'a ModuleId>,
    },
    AsksAsYou(&'a Specialty),
    AsksForYourSkill(&'a Specialty),
    AsksForAnotherSkill(&'a Specialty),
    Chain(u32),
    Downstream(Downstream),
    Hours(i64),
    AssignedToYou,
    AssignedTo(&'a AgentId),
    NamedReviewer,
    BegunBy(Option<&'a AgentId>),
    ReviewBegunBy(Option<&'a AgentId>),
    Meets(&'a [ScopeConflict]),
    Candidate(&'a ModuleId),
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Reason::Priority { own, effective, raised_by: Some(id) } => {
                write!(f, "priority {own}, but {id} (priority {effective}) waits for it")
            }
            Reason::Priority { own, .. } => write!(f, "priority {own}"),
            Reason::AsksAsYou(asked) => write!(f, "asks for {asked}, as you do"),
            Reason::AsksForYourSkill(asked) => write!(f, "asks for {asked}, which you are good at"),
            Reason::AsksForAnotherSkill(asked) => {
                write!(f, "asks for {asked}, which is not among your specialties")
            }
            Reason::Chain(1) => f.write_str("1 module follows it"),
            Reason::Chain(n) => write!(f, "a chain of {n} modules follows it, one after the other"),
            Reason::Downstream(Downstream { count, exact: false }) => {
                write!(f, "{count} or more modules wait for it")
            }
            Reason::Downstream(Downstream { count: 1, .. }) => f.write_str("1 module waits for it"),
            Reason::Downstream(Downstream { count, .. }) => {
                write!(f, "{count} modules wait for it, directly or not")
            }
            Reason::Hours(1) => f.write_str("on the board for an hour"),
            Reason::Hours(hours @ ..48) => write!(f, "on the board for {hours} hours"),
            Reason::Hours(hours) => write!(f, "on the board for {} days", hours / 24),
            Reason::AssignedToYou => f.write_str("assigned to you"),
            Reason::AssignedTo(agent) => write!(f, "assigned to {agent}"),
            Reason::NamedReviewer => f.write_str("you are named as its reviewer"),
            Reason::BegunBy(who) => write!(f, "begun by {}, whose lease ran out", name(who)),
            Reason::ReviewBegunBy(who) => {
                write!(f, "its review was begun by {}, whose lease ran out", name(who))
            }
            Reason::Meets(conflicts) => meets(f, conflicts),
            Reason::Candidate(id) => {
                write!(f, "its paths are candidates, which `remit confirm-module {id} --all` makes count")
            }
        }
    }
}

fn name(agent: Option<&AgentId>) -> &str {
    agent.map_or("somebody", AgentId::as_str)
}

fn meets(f: &mut fmt::Formatter<'_>, conflicts: &[ScopeConflict]) -> fmt::Result {
    let Some((first, more)) = conflicts.split_first() else { return f.write_str("meets nobody's paths") };
    let owner = first.owner.as_ref().map_or("nobody", AgentId::as_str);
    write!(f, "meets the paths of {} of {owner}", first.module)?;
    match more.len() {
        0 => {}
        n => write!(f, " and of {n} more")?,
    }
    write!(f, ": {}", first.witness)
}
