//! The other side of a collision: one name for it, wherever it is told, and where it can be looked at.

use super::{Collision, EditState, Scene};
use crate::{ids::AgentId, words::person};

/// `worker-b in worktree feature/x`.
pub(super) fn in_words(scene: &Scene<'_>, collision: &Collision) -> String {
    let with = &collision.with;
    if collision.state == EditState::OnDisk {
        let saved_by = |agent| format!(", as {} saved it", named(scene, Some(agent)));
        return format!("the file on disk{}", with.agent_id.as_ref().map_or_else(String::new, saved_by));
    }
    let folder =
        || with.worktree.as_ref().and_then(|root| root.rsplit(['/', '\\']).next()).map(str::to_owned);
    let place = match with.branch.clone().or_else(folder) {
        _ if is_here(scene, collision) => "another window on this worktree".to_owned(),
        Some(name) => format!("worktree {name}"),
        None => "another worktree".to_owned(),
    };
    match &with.agent_id {
        Some(agent) => format!("{} in {place}", named(scene, Some(agent))),
        None => place,
    }
}

/// The file that shows the other side. Unsaved text of another window lies in no file; over the observer's own file there
/// is nothing of it to be seen.
pub(super) fn shown_by(scene: &Scene<'_>, collision: &Collision) -> Option<String> {
    let only_unsaved = collision.state != EditState::OnDisk && is_here(scene, collision);
    collision.their_file.clone().filter(|_| !only_unsaved)
}

fn is_here(scene: &Scene<'_>, collision: &Collision) -> bool {
    collision.with.worktree.is_some() && collision.with.worktree == scene.observer.worktree
}

pub(super) fn named<'a>(scene: &Scene<'a>, id: Option<&'a AgentId>) -> &'a str {
    person(scene.board, scene.observer.agent.as_ref(), id)
}
