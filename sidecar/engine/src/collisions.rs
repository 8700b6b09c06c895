//! Who else edits what is edited here: the worktrees of this machine, and what their windows have not saved.
//!
//! Other worktrees are looked at here, on the disk and in git, whether or not a sidecar runs in them: an agent that only
//! uses the command line is seen like everybody else. From windows comes what no disk shows.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::UNIX_EPOCH,
};

use remit_board::{
    failure::Failure,
    findings::{Changes, Collision, EditState},
    ids::{AgentId, SessionId},
    path::ProjectPath,
    reply::{Clash, EditedBy},
    time::Millis,
};
use remit_store::{PresenceState, SessionPresence, Snapshot};
use remit_worktree::{Collider, Layer, Side, Staged, Unsaved, Worktree, WorktreeInfo};

use crate::{
    local::{LocalEngine, lock},
    place, shared,
};

/// Whoever has changed more files than these is in the middle of something larger than an edit.
const MAX_PATHS: usize = 5000;

pub(crate) type Texts = BTreeMap<ProjectPath, Unsaved>;

/// One of those whose edits may collide with ours.
struct Other<'a> {
    worktree: &'a Worktree,
    branch: Option<&'a str>,
    /// A window with what it has not saved, else the worktree as it lies on the disk.
    session: Option<(&'a SessionPresence, Texts)>,
}

impl LocalEngine {
    /// What of `changes` others have changed, too, merging or not.
    pub(crate) fn collisions(
        &self,
        snapshot: &Snapshot,
        changes: &Changes,
    ) -> Result<Vec<Collision>, Failure> {
        let unsaved = lock(&self.presence).texts();
        let mut found = self.collisions_of(snapshot, changes, &unsaved, None)?;
        found.extend(self.under_unsaved(snapshot)?);
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// What somebody has changed on this worktree's disk under the window's unsaved text.
    fn under_unsaved(&self, snapshot: &Snapshot) -> Result<Vec<Collision>, Failure> {
        let edited = lock(&self.presence).edited();
        let Some(mine) = self.place.worktree.as_ref().filter(|_| !edited.is_empty()) else {
            return Ok(Vec::new());
        };
        let mut slot = lock(&self.collider);
        let collider = slot.get_or_insert_with(|| Collider::new(mine));
        let found: Vec<remit_worktree::Collision> = edited
            .iter()
            .filter_map(|(path, base, text)| collider.under_unsaved(mine, path, base, text))
            .collect();
        drop(slot);
        let windows = if found.is_empty() { Vec::new() } else { self.other_windows(snapshot)? };
        Ok(found.into_iter().map(|one| self.told_of_disk(snapshot, &windows, mine, one)).collect())
    }

    fn told_of_disk(
        &self,
        snapshot: &Snapshot,
        windows: &[SessionPresence],
        mine: &Worktree,
        found: remit_worktree::Collision,
    ) -> Collision {
        let root = mine.root.to_string_lossy().into_owned();
        let session_id = saved_by(windows, &root, &found.path);
        let agent_id = self.agent_of(snapshot, session_id.as_ref());
        let file = mine.absolute(&found.path);
        Collision {
            since: modified(&file),
            path: found.path,
            clashes: found.clashes.into_iter().map(clash).collect(),
            merges_at: None,
            with: EditedBy { worktree: Some(root), branch: self.branch(), session_id, agent_id },
            state: EditState::OnDisk,
            their_file: there(&file),
        }
    }

    fn agent_of(&self, snapshot: &Snapshot, session: Option<&SessionId>) -> Option<AgentId> {
        session.and_then(|id| snapshot.board.sessions.get(id)).map(|session| session.agent.clone())
    }

    /// What of the next commit others have changed, too, merging or not. Of `changes`, which are staged, some may be left out.
    pub(crate) fn staged_collisions(
        &self,
        snapshot: &Snapshot,
        changes: &Changes,
    ) -> Result<Vec<Collision>, Failure> {
        let Some(mine) = &self.place.worktree else { return Ok(Vec::new()) };
        let paths = asked(changes);
        let index = remit_worktree::index_of_running_commit(mine);
        let staged = Staged::of(mine, index, &paths).map_err(place::failure)?;
        self.collisions_of(snapshot, changes, &Texts::new(), Some(&staged))
    }

    fn collisions_of(
        &self,
        snapshot: &Snapshot,
        changes: &Changes,
        unsaved: &Texts,
        staged: Option<&Staged>,
    ) -> Result<Vec<Collision>, Failure> {
        let Some(mine) = &self.place.worktree else { return Ok(Vec::new()) };
        let paths = asked(changes);
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let ours = Side { worktree: mine, unsaved, staged };
        let worktrees = remit_worktree::worktrees(&self.place).map_err(place::failure)?;
        let windows = self.other_windows(snapshot)?;
        let mut slot = lock(&self.collider);
        let collider = slot.get_or_insert_with(|| Collider::new(mine));
        let mut found = Vec::new();
        for other in others(mine, &worktrees, &windows) {
            let none = Texts::new();
            let texts = other.session.as_ref().map_or(&none, |(_, texts)| texts);
            let of_window: Vec<ProjectPath>;
            let asked = match &other.session {
                Some((_, texts)) => {
                    of_window = paths.iter().filter(|path| texts.contains_key(*path)).cloned().collect();
                    &of_window
                }
                None => &paths,
            };
            let theirs = Side { worktree: other.worktree, unsaved: texts, staged: None };
            // Of a worktree that can't be read just now nothing is known; the others are.
            let there = collider.collisions(ours, asked, theirs).unwrap_or_default();
            found.extend(there.into_iter().map(|one| self.told(snapshot, &windows, &other, one)));
        }
        Ok(without_repeats(found))
    }

    /// What live windows other than this one say of themselves.
    fn other_windows(&self, snapshot: &Snapshot) -> Result<Vec<SessionPresence>, Failure> {
        let me = self.window.as_ref().and_then(|window| window.me()).and_then(|me| me.session_id);
        let live = self.live_sessions(snapshot);
        let mut all = lock(&self.presence_db).all()?;
        all.retain(|said| Some(&said.session) != me.as_ref() && live.contains(&said.session));
        Ok(all)
    }

    fn told(
        &self,
        snapshot: &Snapshot,
        windows: &[SessionPresence],
        other: &Other<'_>,
        found: remit_worktree::Collision,
    ) -> Collision {
        let root = other.worktree.root.to_string_lossy().into_owned();
        let file = other.worktree.absolute(&found.path);
        let session = match &other.session {
            Some((window, _)) => Some(window.session.clone()),
            None => self.who_changed(snapshot, windows, &root, &found.path),
        };
        let agent_id = self.agent_of(snapshot, session.as_ref());
        let state = match found.layer {
            Layer::Unsaved => EditState::Unsaved,
            Layer::Saved => EditState::Saved,
            Layer::Committed => EditState::Committed,
        };
        let row = other
            .session
            .as_ref()
            .and_then(|(window, _)| window.rows.iter().find(|row| row.path == found.path));
        let since = match state {
            EditState::Unsaved => row.map(|row| row.since),
            EditState::Saved => modified(&file),
            EditState::Committed | EditState::OnDisk => None,
        };
        Collision {
            path: found.path,
            clashes: found.clashes.into_iter().map(clash).collect(),
            merges_at: found.merges_at,
            with: EditedBy {
                worktree: Some(root),
                branch: other.branch.map(str::to_owned),
                session_id: session,
                agent_id,
            },
            state,
            since,
            their_file: there(&file),
        }
    }

    /// The window that saved the file, else the only one who works in that worktree.
    fn who_changed(
        &self,
        snapshot: &Snapshot,
        windows: &[SessionPresence],
        root: &str,
        path: &ProjectPath,
    ) -> Option<SessionId> {
        if let Some(window) = saved_by(windows, root, path) {
            return Some(window);
        }
        let live = self.live_sessions(snapshot);
        let here = |id: &&SessionId| {
            snapshot.board.sessions.get(*id).is_some_and(|session| session.worktree.as_deref() == Some(root))
        };
        let mut working = live.iter().filter(here);
        working.next().filter(|_| working.next().is_none()).cloned()
    }
}

/// The window that says that it has saved the file.
fn saved_by(windows: &[SessionPresence], root: &str, path: &ProjectPath) -> Option<SessionId> {
    let saved = |said: &&SessionPresence| {
        said.worktree == root
            && said.rows.iter().any(|row| row.path == *path && row.state == PresenceState::Saved)
    };
    windows.iter().find(saved).map(|said| said.session.clone())
}

fn clash(clash: remit_worktree::Clash) -> Clash {
    Clash { lines: clash.ours, their_lines: clash.theirs, their_text: clash.their_text }
}

fn asked(changes: &Changes) -> Vec<ProjectPath> {
    changes.paths.keys().take(MAX_PATHS).cloned().collect()
}

/// First the windows with what they have not saved, then each worktree's disk.
fn others<'a>(
    mine: &'a Worktree,
    worktrees: &'a [WorktreeInfo],
    windows: &'a [SessionPresence],
) -> impl Iterator<Item = Other<'a>> {
    let place_of = move |root: &str| {
        if mine.root.to_string_lossy() == root {
            let info = worktrees.iter().find(|info| info.worktree.root == mine.root);
            return Some((mine, info.and_then(|info| info.head.branch.as_deref())));
        }
        let info = worktrees.iter().find(|info| info.worktree.root.to_string_lossy() == root)?;
        Some((&info.worktree, info.head.branch.as_deref()))
    };
    let of_windows = windows.iter().filter_map(move |said| {
        let texts = shared::texts(said);
        let (worktree, branch) = place_of(&said.worktree).filter(|_| !texts.is_empty())?;
        Some(Other { worktree, branch, session: Some((said, texts)) })
    });
    let of_disks = worktrees
        .iter()
        .filter(|info| !info.missing && info.worktree.root != mine.root)
        .map(|info| Other { worktree: &info.worktree, branch: info.head.branch.as_deref(), session: None });
    of_windows.chain(of_disks)
}

/// What a window has unsaved lies over what its worktree has saved, and tells of both. That some of it merges is news
/// only where all of it does.
fn without_repeats(found: Vec<Collision>) -> Vec<Collision> {
    let (hints, collisions): (Vec<_>, Vec<_>) = found.into_iter().partition(Collision::is_hint);
    let mut told: BTreeSet<(ProjectPath, Option<String>)> = BTreeSet::new();
    let mut is_news =
        |collision: &Collision| told.insert((collision.path.clone(), collision.with.worktree.clone()));
    let mut kept = collisions;
    kept.retain(|collision| is_news(collision) || collision.state == EditState::Unsaved);
    kept.extend(hints.into_iter().filter(is_news));
    kept.sort_by(|a, b| a.path.cmp(&b.path));
    kept
}

fn there(file: &Path) -> Option<String> {
    file.is_file().then(|| file.to_string_lossy().into_owned())
}

fn modified(file: &Path) -> Option<Millis> {
    let at = fs::symlink_metadata(file).ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(at.as_millis()).ok().map(Millis)
}
