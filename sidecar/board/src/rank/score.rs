//! A score is a sum of parts, each with its reason in words.
//!
//! The weights keep an order of magnitude between what decides and what only breaks ties: one step of priority is more
//! than everything that the graph and age can add; meeting somebody else's live paths costs more than one step.

use super::{Pressure, Seeker, pressure::Downstream};
use crate::{
    board::SafetyProfile,
    module::{Module, Status},
    reply::{RankFactor, ScopeConflict, ScorePart},
};

pub const STEP: i64 = 10_000;
const ASSIGNED: i64 = 50_000;
const ASSIGNED_TO_OTHER: i64 = -60_000;
const ABANDONED: i64 = -15_000;
const MEETS: i64 = -12_000;
const MEETS_IN_THROUGHPUT: i64 = -1_000;
const SKILLED: i64 = 1_500;
const UNSKILLED: i64 = -3_000;
const EACH_IN_CHAIN: i64 = 100;
const CHAIN_AT_MOST: i64 = 40;
const EACH_DOWNSTREAM: i64 = 10;
const DOWNSTREAM_AT_MOST: i64 = 200;
const HOURS_AT_MOST: i64 = 30 * 24;

/// A module with its score taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked<'a> {
    pub module: &'a Module,
    pub score: i64,
    pub parts: Vec<ScorePart>,
    /// Live scopes of others that its paths overlap.
    pub conflicts: Vec<ScopeConflict>,
}

impl<'a> Ranked<'a> {
    pub fn new(module: &'a Module, parts: Vec<ScorePart>) -> Self {
        let score = parts.iter().map(|part| part.points).sum();
        Self { module, score, parts, conflicts: Vec::new() }
    }

    pub fn add(&mut self, part: ScorePart) {
        self.score += part.points;
        self.parts.push(part);
    }

    pub fn reasons(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.reason.clone()).collect()
    }

    /// Best first: by score, then by age, then by id.
    pub fn sort_key(&self) -> impl Ord + use<'a> {
        (std::cmp::Reverse(self.score), self.module.ordinal, &self.module.id)
    }
}

pub fn part(factor: RankFactor, points: i64, reason: impl Into<String>) -> ScorePart {
    ScorePart { factor, points, reason: reason.into() }
}

/// What holds for work and reviews alike; `downstream` is how many modules wait for it.
pub fn common(
    seeker: &Seeker<'_>,
    pressure: &Pressure<'_>,
    module: &Module,
    downstream: Downstream,
) -> Vec<ScorePart> {
    let mut parts = vec![priority(pressure, module)];
    parts.extend(specialty(seeker, module));
    parts.extend(critical_path(pressure.chain(&module.id)));
    parts.extend(downstream_part(downstream));
    parts.extend(age(seeker, module));
    parts
}

/// Urgent work that waits for it makes a module as urgent.
fn priority(pressure: &Pressure<'_>, module: &Module) -> ScorePart {
    let urgent = pressure.most_urgent(&module.id).unwrap_or(module);
    let (own, effective) = (u8::from(module.priority), u8::from(urgent.priority));
    let reason = match effective < own {
        true => format!("priority {own}, but {} (priority {effective}) waits for it", urgent.id),
        false => format!("priority {own}"),
    };
    part(RankFactor::Priority, i64::from(4 - effective) * STEP, reason)
}

fn specialty(seeker: &Seeker<'_>, module: &Module) -> Option<ScorePart> {
    let asked = module.specialty.as_ref()?;
    let of_agent = seeker.agent.map_or(&[][..], |agent| &agent.specialties);
    let (points, reason) = match (seeker.specialty, of_agent) {
        (Some(wanted), _) if wanted == asked => (SKILLED, format!("asks for {asked}, as you do")),
        (_, skills) if skills.contains(asked) => {
            (SKILLED, format!("asks for {asked}, which you are good at"))
        }
        (_, []) => return None,
        _ => (UNSKILLED, format!("asks for {asked}, which is not among your specialties")),
    };
    Some(part(RankFactor::Specialty, points, reason))
}

fn critical_path(chain: u32) -> Option<ScorePart> {
    let reason = match chain {
        0 => return None,
        1 => "1 module follows it".to_owned(),
        n => format!("a chain of {n} modules follows it, one after the other"),
    };
    Some(part(RankFactor::CriticalPath, i64::from(chain).min(CHAIN_AT_MOST) * EACH_IN_CHAIN, reason))
}

fn downstream_part(downstream: Downstream) -> Option<ScorePart> {
    let reason = match (downstream.count, downstream.exact) {
        (0, _) => return None,
        (n, false) => format!("{n} or more modules wait for it"),
        (1, true) => "1 module waits for it".to_owned(),
        (n, true) => format!("{n} modules wait for it, directly or not"),
    };
    Some(part(
        RankFactor::Downstream,
        i64::from(downstream.count).min(DOWNSTREAM_AT_MOST) * EACH_DOWNSTREAM,
        reason,
    ))
}

fn age(seeker: &Seeker<'_>, module: &Module) -> Option<ScorePart> {
    let hours = module.created_at.seconds_until(seeker.now) / 3600;
    let reason = match hours {
        ..=0 => return None,
        1 => "on the board for an hour".to_owned(),
        2..=47 => format!("on the board for {hours} hours"),
        _ => format!("on the board for {} days", hours / 24),
    };
    Some(part(RankFactor::Age, hours.min(HOURS_AT_MOST), reason))
}

pub fn assigned(seeker: &Seeker<'_>, module: &Module) -> Option<ScorePart> {
    let agent = module.assigned_to.as_ref()?;
    Some(match seeker.is_me(Some(agent)) {
        true => part(RankFactor::Assigned, ASSIGNED, "assigned to you"),
        false => part(RankFactor::Assigned, ASSIGNED_TO_OTHER, format!("assigned to {agent}")),
    })
}

pub fn named(seeker: &Seeker<'_>, module: &Module) -> Option<ScorePart> {
    let mine = module.status == Status::ReviewReady && seeker.is_me(module.reviewer.as_ref());
    mine.then(|| part(RankFactor::Assigned, ASSIGNED, "you are named as its reviewer"))
}

/// Begun by somebody who may come back: after what nobody began.
pub fn abandoned(module: &Module) -> Option<ScorePart> {
    let (who, what) = match module.status {
        Status::InProgress | Status::Blocked => (&module.owner, "begun"),
        Status::InReview => (&module.reviewer, "its review was begun"),
        _ => return None,
    };
    let who = who.as_ref().map_or("somebody", |agent| agent.as_str());
    Some(part(RankFactor::Abandoned, ABANDONED, format!("{what} by {who}, whose lease ran out")))
}

pub fn overlap(safety: SafetyProfile, conflicts: &[ScopeConflict]) -> Option<ScorePart> {
    let first = conflicts.first()?;
    let points = if safety == SafetyProfile::Throughput { MEETS_IN_THROUGHPUT } else { MEETS };
    let owner = first.owner.as_ref().map_or("nobody", |owner| owner.as_str());
    let more = match conflicts.len() {
        1 => String::new(),
        n => format!(" and of {} more", n - 1),
    };
    let reason = format!("meets the paths of {} of {owner}{more}: {}", first.module, first.witness);
    Some(part(RankFactor::Overlap, points * conflicts.len() as i64, reason))
}
