//! What somebody could or should do now; or why there is nothing.

use crate::{
    command::Which,
    failure::Failure,
    rank::{
        Claimable, Pressure, Seeker, disjoint, next_actions, nothing_to_claim, nothing_to_do,
        nothing_to_review, reviewable,
    },
    reply::{ActionsReply, RankedModule, RankedReply},
};

const SHOWN_BY_DEFAULT: u64 = 10;

fn limit(which: &Which) -> usize {
    usize::try_from(which.limit.unwrap_or(SHOWN_BY_DEFAULT)).unwrap_or(usize::MAX)
}

/// Modules whose scopes don't overlap each other: as many agents as are listed can start at once.
pub fn next_claimable(seeker: &Seeker<'_>, which: &Which) -> Result<RankedReply, Failure> {
    let modules = disjoint(Claimable::new(*seeker), seeker, limit(which));
    match modules.is_empty() {
        true => Err(nothing_to_claim(seeker)),
        false => Ok(RankedReply { modules: modules.into_iter().map(RankedModule::of).collect() }),
    }
}

pub fn next_reviewable(seeker: &Seeker<'_>, which: &Which) -> Result<RankedReply, Failure> {
    let modules = reviewable(seeker, &Pressure::of(seeker.board));
    match modules.is_empty() {
        true => Err(nothing_to_review(seeker)),
        false => Ok(RankedReply {
            modules: modules.into_iter().take(limit(which)).map(RankedModule::of).collect(),
        }),
    }
}

pub fn next_action(seeker: &Seeker<'_>, which: &Which) -> Result<ActionsReply, Failure> {
    let actions = next_actions(seeker, limit(which));
    if actions.is_empty() { Err(nothing_to_do(seeker)) } else { Ok(ActionsReply { actions }) }
}
