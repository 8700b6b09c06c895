//! Modules that somebody may review now, best first.

use super::{Pressure, Ranked, Seeker, score};
use crate::module::{Module, Status};

/// Never one's own work. What waits for a reviewer who is named is left to that one.
pub fn reviewable<'a>(seeker: &Seeker<'a>, pressure: &Pressure<'a>) -> Vec<Ranked<'a>> {
    let mut ranked: Vec<Ranked<'a>> = seeker
        .board
        .modules
        .values()
        .filter(|module| is_free(seeker, module) && !seeker.owns(module) && seeker.suits(module))
        .filter_map(|module| rank(seeker, pressure, module))
        .collect();
    ranked.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    ranked
}

fn is_free(seeker: &Seeker<'_>, module: &Module) -> bool {
    match module.status {
        Status::ReviewReady => module.reviewer.is_none() || seeker.is_me(module.reviewer.as_ref()),
        Status::InReview => {
            let lease = seeker.leases.of(&module.id);
            let mine = lease.is_some_and(|lease| seeker.is_me(Some(&lease.holder)));
            lease.is_none_or(|lease| lease.is_expired(seeker.now)) && !mine
        }
        _ => false,
    }
}

fn rank<'a>(seeker: &Seeker<'a>, pressure: &Pressure<'a>, module: &'a Module) -> Option<Ranked<'a>> {
    let behind = pressure.exactly(&module.id)?;
    let parts = score::common(seeker, module, &behind)
        .chain(score::named(seeker, module))
        .chain(score::abandoned(module));
    Some(Ranked::new(module, parts))
}
