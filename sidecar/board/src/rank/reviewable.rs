//! Modules that somebody may review now, best first.

use super::{Pressure, Ranked, Seeker, score};
use crate::module::{Module, Status};

/// Never one's own work. What waits for a reviewer who is named is left to that one.
pub fn reviewable<'a>(seeker: &Seeker<'a>, pressure: &Pressure<'_>) -> Vec<Ranked<'a>> {
    let mut ranked: Vec<Ranked<'a>> = seeker
        .board
        .modules
        .values()
        .filter(|module| is_free(seeker, module) && !seeker.owns(module) && seeker.suits(module))
        .map(|module| rank(seeker, pressure, module))
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

fn rank<'a>(seeker: &Seeker<'a>, pressure: &Pressure<'_>, module: &'a Module) -> Ranked<'a> {
    let mut parts = score::common(seeker, pressure, module, pressure.downstream(&module.id));
    parts.extend(score::named(seeker, module));
    parts.extend(score::abandoned(module));
    Ranked::new(module, parts)
}
