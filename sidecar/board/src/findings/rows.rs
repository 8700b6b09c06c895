//! Findings as the flat rows of `conflicts`.

use super::{Concern, Finding, Scene, side};
use crate::{
    path::ProjectPath,
    reply::{ConflictRow, FindingCode},
};

/// What stands between people: `path-owned-by-other` of changed paths, `scope-overlap`, and edits that don't merge, never
/// what is only open, outside of all scopes, or past its lease. `all` adds what the owners changed themselves.
pub fn conflict_rows(
    scene: &Scene<'_>,
    findings: &[Finding],
    all: bool,
    only: &[ProjectPath],
) -> Vec<ConflictRow> {
    findings
        .iter()
        .filter(|finding| !finding.is_hint())
        .filter(|finding| match finding.code {
            FindingCode::PathOwnedByOther => match finding.concern {
                Concern::Changed | Concern::Elsewhere => true,
                Concern::OwnersOwn => all,
                Concern::Open => false,
            },
            FindingCode::ScopeOverlap | FindingCode::ConcurrentEdit => true,
            FindingCode::OutsideMyScope | FindingCode::LeaseExpired => false,
        })
        .filter(|finding| only.is_empty() || only.iter().any(|wanted| wanted.contains(&finding.path)))
        .map(|finding| row(scene, finding))
        .collect()
}

fn row(scene: &Scene<'_>, finding: &Finding) -> ConflictRow {
    let overlap = finding.code == FindingCode::ScopeOverlap;
    let collision = finding.collision.as_ref();
    ConflictRow {
        code: finding.code,
        changed_by: finding.changed_by.clone(),
        module: finding.module.clone(),
        owner: finding.owner.clone(),
        path: (!overlap).then(|| finding.path.clone()),
        lease_expires_at: finding.lease_expires_at.map(|at| at.rfc3339()),
        witness: overlap.then(|| finding.path.clone()),
        with_module: finding.with_module.clone(),
        ranges: collision.map(|collision| collision.clashes.iter().map(|clash| clash.lines).collect()),
        with: collision.map(|collision| collision.with.clone()),
        side: collision.map(|collision| side::in_words(scene, collision)),
        compare_with: collision.and_then(|collision| side::shown_by(scene, collision)),
    }
}
