//! Findings as diagnostics: one for each cause on each file, in words.

use std::collections::BTreeMap;

use super::{
    Collision, Concern, EditState, Finding, Scene,
    side::{self, named},
};
use crate::{
    board::SafetyProfile,
    ids::ModuleId,
    module::Module,
    path::ProjectPath,
    reply::{CollisionWire, Diagnosis, FindingCode, Severity},
    time::Millis,
};

/// The diagnostics of a window, and when one of them will read otherwise though nothing happened.
pub fn diagnose(scene: &Scene<'_>, findings: &[Finding]) -> (Vec<Diagnosis>, Option<Millis>) {
    let mut diagnoses = BTreeMap::new();
    for finding in findings {
        for path in places(finding) {
            let with = finding
                .collision
                .as_ref()
                .map(|collision| format!("{:?}", (&collision.with, collision.state)));
            let key = (path.clone(), finding.code, finding.module.clone(), with);
            diagnoses.entry(key).or_insert_with(|| diagnosis(scene, finding, path));
        }
    }
    drop_explained(&mut diagnoses);
    let stale_at = findings.iter().filter_map(|finding| rereads_at(finding, scene.now)).min();
    (diagnoses.into_values().collect(), stale_at)
}

/// A file, and the cause: a module, or whoever edits the same lines.
type Key = (ProjectPath, FindingCode, Option<ModuleId>, Option<String>);

fn places(finding: &Finding) -> &[ProjectPath] {
    match (finding.code, finding.concern) {
        (FindingCode::ScopeOverlap, _) => &finding.touched,
        (_, Concern::Changed | Concern::Open) => std::slice::from_ref(&finding.path),
        (_, Concern::Elsewhere | Concern::OwnersOwn) => &[],
    }
}

/// An overlap of two claims says all that `path-owned-by-other` would say on the same file.
fn drop_explained(diagnoses: &mut BTreeMap<Key, Diagnosis>) {
    let overlapped: Vec<Key> = diagnoses
        .keys()
        .filter(|(_, code, ..)| *code == FindingCode::ScopeOverlap)
        .map(|(path, _, module, _)| (path.clone(), FindingCode::PathOwnedByOther, module.clone(), None))
        .collect();
    for key in overlapped {
        diagnoses.remove(&key);
    }
}

fn diagnosis(scene: &Scene<'_>, finding: &Finding, path: &ProjectPath) -> Diagnosis {
    Diagnosis {
        path: path.clone(),
        code: finding.code,
        severity: severity(scene.board.safety, finding),
        message: message(scene, finding),
        module: finding.module.clone(),
        owner: finding.owner.clone(),
        with_module: finding.with_module.clone(),
        lease_expires_at: finding.lease_expires_at.map(Millis::rfc3339),
        handoff_offered: finding.module.as_ref().is_some_and(|module| is_offered(scene, module)),
        claim: claim(scene, finding),
        claimable: claimable(scene, finding, path),
        collision: finding.collision.as_ref().map(|collision| collision_wire(scene, collision)),
    }
}

/// `“Totals and discounts”, in-progress, owns src/cart and 2 more.`: what the message does not say already.
fn claim(scene: &Scene<'_>, finding: &Finding) -> Option<String> {
    let theirs = finding.module.as_ref().filter(|_| finding.code != FindingCode::OutsideMyScope)?;
    let module = scene.board.modules.get(theirs)?;
    let title = match module.title == module.id.as_str() {
        true => String::new(),
        false => format!("“{}”, ", module.title),
    };
    Some(format!("{title}{}, owns {}.", module.status.as_str(), paths_in_words(module)))
}

fn paths_in_words(module: &Module) -> String {
    let mut paths = module.owned_paths.patterns().map(ToString::to_string);
    let shown: Vec<String> = paths.by_ref().take(PATHS_SHOWN).collect();
    match paths.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

const PATHS_SHOWN: usize = 3;

fn claimable(scene: &Scene<'_>, finding: &Finding, path: &ProjectPath) -> Option<ModuleId> {
    if finding.code != FindingCode::OutsideMyScope {
        return None;
    }
    scene.live.claimable(scene.board, path).map(|module| module.id.clone())
}

fn is_offered(scene: &Scene<'_>, module: &ModuleId) -> bool {
    let me = scene.observer.agent.as_ref().and_then(|id| scene.board.agents.get(id));
    match (me, scene.board.open_handoff(module)) {
        (Some(me), Some(handoff)) => handoff.from != me.id && handoff.to.includes(me),
        _ => false,
    }
}

fn severity(safety: SafetyProfile, finding: &Finding) -> Severity {
    let conflict = match safety {
        SafetyProfile::Safe => Severity::Error,
        SafetyProfile::Balanced => Severity::Warning,
        SafetyProfile::Throughput => Severity::Information,
    };
    match (finding.code, finding.concern) {
        _ if finding.is_hint() => Severity::Hint,
        (FindingCode::OutsideMyScope, _) => Severity::Information,
        // Reading somebody's file is no collision: it is only good to know.
        (FindingCode::PathOwnedByOther | FindingCode::LeaseExpired, Concern::Open) => Severity::Information,
        (FindingCode::LeaseExpired, _) if safety == SafetyProfile::Safe => Severity::Warning,
        (FindingCode::LeaseExpired, _) => Severity::Information,
        _ => conflict,
    }
}

fn message(scene: &Scene<'_>, finding: &Finding) -> String {
    let module = finding.module.as_ref().map_or("", ModuleId::as_str);
    let owner = named(scene, finding.owner.as_ref());
    match finding.code {
        FindingCode::ConcurrentEdit => finding
            .collision
            .as_ref()
            .map_or_else(String::new, |collision| collision_message(scene, collision)),
        FindingCode::PathOwnedByOther => match finding.lease_expires_at {
            Some(at) => {
                format!("This file belongs to module {module} of {owner}; {}.", remaining(scene.now, at))
            }
            None => format!("This file belongs to module {module} of {owner}, which waits for review."),
        },
        FindingCode::LeaseExpired => {
            let ago =
                finding.lease_expires_at.map_or_else(String::new, |at| format!(" {}", since(scene.now, at)));
            format!(
                "This file belongs to module {module} of {owner}, whose lease ran out{ago}: it can be taken over."
            )
        }
        FindingCode::ScopeOverlap => {
            let mine = finding.with_module.as_ref().map_or("", ModuleId::as_str);
            format!("Your module {mine} and module {module} of {owner} both own this file.")
        }
        FindingCode::OutsideMyScope if module.is_empty() => {
            "None of the modules that you hold covers this file.".to_owned()
        }
        FindingCode::OutsideMyScope => format!("You hold {module}, which does not cover this file."),
    }
}

/// `…: worker-b in worktree feature/x, not saved yet, 3 minutes ago.`
fn collision_message(scene: &Scene<'_>, collision: &Collision) -> String {
    let what = match (collision.is_hint(), collision.clashes.is_empty()) {
        (true, _) => "This file is edited elsewhere too, and git merges both",
        (_, true) => "This file is edited elsewhere too, and would not merge",
        (_, false) => "These lines are edited elsewhere too, and would not merge",
    };
    let ago = collision.since.map_or_else(String::new, |at| format!(", {}", since(scene.now, at)));
    if collision.state == EditState::OnDisk {
        let what = if collision.clashes.is_empty() { "This file was" } else { "These lines were" };
        let side = side::in_words(scene, collision);
        return format!("{what} changed on disk under your unsaved text, and would not merge: {side}{ago}.");
    }
    format!("{what}: {}, {}{ago}.", side::in_words(scene, collision), collision.state.as_str())
}

fn collision_wire(scene: &Scene<'_>, collision: &Collision) -> CollisionWire {
    CollisionWire {
        with: collision.with.clone(),
        side: side::in_words(scene, collision),
        their_file: collision.their_file.clone().filter(|_| collision.state != EditState::OnDisk),
        compare_with: side::shown_by(scene, collision),
        clashes: collision.clashes.clone(),
        merges_at: collision.merges_at,
    }
}

const MINUTE: i64 = 60_000;

fn remaining(now: Millis, expires_at: Millis) -> String {
    let minutes = (expires_at.0 - now.0 + MINUTE - 1) / MINUTE;
    match minutes {
        ..=1 => "their lease runs for less than a minute".to_owned(),
        2..120 => format!("their lease runs for {minutes} more minutes"),
        // Rounded as the board's rows are: nobody is to read “8 h left” there and of 7 hours here.
        120..2850 => format!("their lease runs for {} more hours", (minutes + 30) / 60),
        _ => format!("their lease runs for {} more days", (minutes + 12 * 60) / (24 * 60)),
    }
}

fn since(now: Millis, expires_at: Millis) -> String {
    match (now.0 - expires_at.0) / MINUTE {
        ..=0 => "just now".to_owned(),
        1 => "1 minute ago".to_owned(),
        minutes @ 2..=59 => format!("{minutes} minutes ago"),
        _ => "more than an hour ago".to_owned(),
    }
}

/// The next minute at which the finding's message changes.
fn rereads_at(finding: &Finding, now: Millis) -> Option<Millis> {
    let begun = finding.collision.as_ref().and_then(|collision| collision.since);
    let at = finding.lease_expires_at.or(begun).filter(|_| !places(finding).is_empty())?;
    let left = at.0 - now.0;
    match left {
        ..=0 => (left > -60 * MINUTE).then(|| Millis(at.0 + (-left / MINUTE + 1) * MINUTE)),
        _ => Some(Millis(at.0 - ((left + MINUTE - 1) / MINUTE - 1) * MINUTE)),
    }
}
