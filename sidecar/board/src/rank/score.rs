//! A score is a sum of parts, each with its reason in words.
//!
//! The weights keep an order of magnitude between what decides and what only breaks ties: one step of priority is more
//! than everything that the graph and age can add; meeting somebody else's live paths costs more than one step.

use super::{Behind, Reason, Seeker};
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

/// A part of a score, not yet in words: a board has far more of them than anybody reads.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    factor: RankFactor,
    pub points: i64,
    reason: Reason<'a>,
}

impl Part<'_> {
    pub fn in_words(self) -> ScorePart {
        ScorePart { factor: self.factor, points: self.points, reason: self.reason.to_string() }
    }
}

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
    pub fn new(module: &'a Module, parts: impl Iterator<Item = Part<'a>>) -> Self {
        let parts: Vec<ScorePart> = parts.map(Part::in_words).collect();
        let score = parts.iter().map(|part| part.points).sum();
        Self { module, score, parts, conflicts: Vec::new() }
    }

    pub fn add(&mut self, part: Part<'_>) {
        self.score += part.points;
        self.parts.push(part.in_words());
    }

    pub fn reasons(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.reason.clone()).collect()
    }

    /// Without those that count time: told as text, they would make a new board every hour. Its age, a view can tell
    /// from when the module was made.
    pub fn lasting_reasons(&self) -> Vec<String> {
        let lasting = self.parts.iter().filter(|part| part.factor != RankFactor::Age);
        lasting.map(|part| part.reason.clone()).collect()
    }

    /// Best first: by score, then by age, then by id.
    pub fn sort_key(&self) -> impl Ord + use<'a> {
        (std::cmp::Reverse(self.score), self.module.ordinal, &self.module.id)
    }
}

fn part(factor: RankFactor, points: i64, reason: Reason<'_>) -> Part<'_> {
    Part { factor, points, reason }
}

/// What holds for work and reviews alike.
pub fn common<'a>(
    seeker: &Seeker<'a>,
    module: &'a Module,
    behind: &Behind<'a>,
) -> impl Iterator<Item = Part<'a>> {
    let parts = [
        Some(priority(module, behind)),
        specialty(seeker, module),
        critical_path(behind),
        downstream(behind),
        age(seeker, module),
    ];
    parts.into_iter().flatten()
}

/// Urgent work that waits for it makes a module as urgent.
fn priority<'a>(module: &Module, behind: &Behind<'a>) -> Part<'a> {
    let urgent = behind.most_urgent;
    let (own, effective) = (u8::from(module.priority), u8::from(urgent.priority));
    let raised_by = (effective < own).then_some(&urgent.id);
    let reason = Reason::Priority { own, effective, raised_by };
    part(RankFactor::Priority, i64::from(4 - effective) * STEP, reason)
}

fn specialty<'a>(seeker: &Seeker<'a>, module: &'a Module) -> Option<Part<'a>> {
    let asked = module.specialty.as_ref()?;
    let of_agent = seeker.agent.map_or(&[][..], |agent| &agent.specialties);
    let (points, reason) = match (seeker.specialty, of_agent) {
        (Some(wanted), _) if wanted == asked => (SKILLED, Reason::AsksAsYou(asked)),
        (_, skills) if skills.contains(asked) => (SKILLED, Reason::AsksForYourSkill(asked)),
        (_, []) => return None,
        _ => (UNSKILLED, Reason::AsksForAnotherSkill(asked)),
    };
    Some(part(RankFactor::Specialty, points, reason))
}

fn critical_path<'a>(behind: &Behind<'a>) -> Option<Part<'a>> {
    let points = i64::from(behind.chain).min(CHAIN_AT_MOST) * EACH_IN_CHAIN;
    (behind.chain > 0).then(|| part(RankFactor::CriticalPath, points, Reason::Chain(behind.chain)))
}

fn downstream<'a>(behind: &Behind<'a>) -> Option<Part<'a>> {
    let count = behind.downstream.count;
    let points = i64::from(count).min(DOWNSTREAM_AT_MOST) * EACH_DOWNSTREAM;
    (count > 0).then(|| part(RankFactor::Downstream, points, Reason::Downstream(behind.downstream)))
}

fn age<'a>(seeker: &Seeker<'_>, module: &Module) -> Option<Part<'a>> {
    let hours = module.created_at.seconds_until(seeker.now) / 3600;
    (hours > 0).then(|| part(RankFactor::Age, hours.min(HOURS_AT_MOST), Reason::Hours(hours)))
}

pub fn assigned<'a>(seeker: &Seeker<'_>, module: &'a Module) -> Option<Part<'a>> {
    let agent = module.assigned_to.as_ref()?;
    Some(match seeker.is_me(Some(agent)) {
        true => part(RankFactor::Assigned, ASSIGNED, Reason::AssignedToYou),
        false => part(RankFactor::Assigned, ASSIGNED_TO_OTHER, Reason::AssignedTo(agent)),
    })
}

pub fn named<'a>(seeker: &Seeker<'_>, module: &Module) -> Option<Part<'a>> {
    let mine = module.status == Status::ReviewReady && seeker.is_me(module.reviewer.as_ref());
    mine.then(|| part(RankFactor::Assigned, ASSIGNED, Reason::NamedReviewer))
}

/// Begun by somebody who may come back: after what nobody began.
pub fn abandoned(module: &Module) -> Option<Part<'_>> {
    let reason = match module.status {
        Status::InProgress | Status::Blocked => Reason::BegunBy(module.owner.as_ref()),
        Status::InReview => Reason::ReviewBegunBy(module.reviewer.as_ref()),
        _ => return None,
    };
    Some(part(RankFactor::Abandoned, ABANDONED, reason))
}

/// Weighs nothing: a guess must not hold work back, but whoever takes it should know.
pub fn candidate(module: &Module) -> Option<Part<'_>> {
    module.is_candidate().then(|| part(RankFactor::Candidate, 0, Reason::Candidate(&module.id)))
}

pub fn overlap(safety: SafetyProfile, conflicts: &[ScopeConflict]) -> Option<Part<'_>> {
    let points = if safety == SafetyProfile::Throughput { MEETS_IN_THROUGHPUT } else { MEETS };
    let part = |_| part(RankFactor::Overlap, points * conflicts.len() as i64, Reason::Meets(conflicts));
    conflicts.first().map(part)
}
