//! What the window has open and changed, and what its worktree has changed beside it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use remit_board::{
    door::{Outcome, Presence, Share},
    failure::Failure,
    findings::{Changes, Observer},
    ids::SessionId,
    path::ProjectPath,
    reply::Me,
    time::Millis,
    words,
};
use remit_store::{PresenceRow, PresenceState, Snapshot};
use remit_worktree::{ChangeTracker, Collider, Unsaved};

use crate::{
    collisions::Texts,
    local::{LocalEngine, lock},
    place,
    shared::Allowance,
};

/// Rebuilt from the editor and the disk: nothing here outlives the process.
#[derive(Default)]
pub struct WindowPresence {
    unsaved: BTreeSet<ProjectPath>,
    open: BTreeSet<ProjectPath>,
    /// Written to disk by this window, as long as they are changed.
    saved: BTreeSet<ProjectPath>,
    tracker: Option<ChangeTracker>,
    /// When each was first changed here.
    since: BTreeMap<ProjectPath, Millis>,
    published: Option<(SessionId, Option<String>, Vec<PresenceRow>)>,
    /// What stands in unsaved documents.
    texts: BTreeMap<ProjectPath, Arc<String>>,
    /// What those documents were made of.
    pub(crate) bases: BTreeMap<ProjectPath, Arc<String>>,
    share: Share,
    /// What git was asked of unsaved documents already.
    is_ignored: BTreeMap<ProjectPath, bool>,
    /// Whatever is changed in this worktree, as last asked for: where others could collide with it.
    pub(crate) concerned: Vec<ProjectPath>,
    edits: BTreeMap<ProjectPath, KnownEdits>,
}

/// What a text makes of the file on the disk, as long as both are as they were.
struct KnownEdits {
    text: Arc<String>,
    disk: Option<SystemTime>,
    edits: Option<Unsaved>,
}

impl WindowPresence {
    /// The worktree's changed paths; the first call looks at the whole tree.
    fn changed(&mut self, engine: &LocalEngine) -> Result<BTreeSet<ProjectPath>, Failure> {
        let Some(worktree) = &engine.place.worktree else { return Ok(BTreeSet::new()) };
        if self.tracker.is_none() {
            self.tracker = Some(ChangeTracker::start(worktree.clone()).map_err(place::failure)?);
        }
        let changes = self.tracker.as_ref().map(ChangeTracker::changes).unwrap_or_default();
        Ok(changes.list.into_iter().map(|change| change.path).collect())
    }

    fn take_in(&mut self, engine: &LocalEngine, news: Presence) -> Result<(), Failure> {
        self.note_unsaved(engine, news.unsaved, news.texts)?;
        let is_told = |(path, _): &(ProjectPath, _)| self.texts.contains_key(path);
        self.bases = news.bases.into_iter().filter(is_told).collect();
        self.share = news.share;
        self.open = news.open.into_iter().collect();
        if news.rescan || news.touched.iter().any(|path| path.as_str().ends_with(".gitattributes")) {
            lock(&engine.collider).as_mut().into_iter().for_each(Collider::forget_files);
            self.is_ignored.clear();
        }
        if news.rescan
            && let Some(tracker) = &mut self.tracker
        {
            tracker.head_or_index_changed().map_err(place::failure)?;
        }
        let touched: Vec<ProjectPath> = news.saved.iter().chain(&news.touched).cloned().collect();
        if !touched.is_empty() {
            self.changed(engine)?;
            if let Some(tracker) = &mut self.tracker {
                tracker.refresh_paths(&touched).map_err(place::failure)?;
            }
        }
        self.saved.extend(news.saved);
        let changed = self.changed(engine)?;
        self.saved.retain(|path| changed.contains(path));
        self.note_since(this_clock());
        Ok(())
    }

    /// What is ignored is nobody's business, saved or not.
    fn note_unsaved(
        &mut self,
        engine: &LocalEngine,
        unsaved: Vec<ProjectPath>,
        texts: Vec<(ProjectPath, Arc<String>)>,
    ) -> Result<(), Failure> {
        let unknown: Vec<ProjectPath> =
            unsaved.iter().filter(|path| !self.is_ignored.contains_key(*path)).cloned().collect();
        if let Some(worktree) = engine.place.worktree.as_ref().filter(|_| !unknown.is_empty()) {
            let ignored = remit_worktree::ignored(worktree, &unknown).map_err(place::failure)?;
            self.is_ignored.extend(unknown.into_iter().map(|path| (path.clone(), ignored.contains(&path))));
        }
        let counts = |path: &ProjectPath| self.is_ignored.get(path) != Some(&true);
        self.unsaved = unsaved.into_iter().filter(counts).collect();
        self.texts = texts.into_iter().filter(|(path, _)| self.unsaved.contains(path)).collect();
        self.edits.retain(|path, _| self.texts.contains_key(path));
        self.is_ignored.retain(|path, _| self.unsaved.contains(path));
        Ok(())
    }

    /// The window's own unsaved text, for whoever merges.
    pub(crate) fn texts(&self) -> Texts {
        self.texts.iter().map(|(path, text)| (path.clone(), Unsaved::Text(Arc::clone(text)))).collect()
    }

    /// Unsaved texts, each after what it was made of.
    pub(crate) fn edited(&self) -> Vec<(ProjectPath, Arc<String>, Arc<String>)> {
        let edited = |(path, base): (&ProjectPath, &Arc<String>)| {
            Some((path.clone(), Arc::clone(base), Arc::clone(self.texts.get(path)?)))
        };
        self.bases.iter().filter_map(edited).collect()
    }

    fn rows(&self) -> Vec<PresenceRow> {
        let unsaved = self.unsaved.iter().map(|path| self.row(path, PresenceState::Unsaved));
        let saved = self.saved.difference(&self.unsaved).map(|path| self.row(path, PresenceState::Saved));
        unsaved.chain(saved).collect()
    }

    fn row(&self, path: &ProjectPath, state: PresenceState) -> PresenceRow {
        let since = self.since.get(path).copied().unwrap_or_default();
        PresenceRow { path: path.clone(), state, since, edits: None }
    }

    /// What others may see: of unsaved text what it makes of the disk, within bounds.
    fn shared_rows(&mut self, engine: &LocalEngine) -> Vec<PresenceRow> {
        if self.share == Share::Off {
            return Vec::new();
        }
        let mut rows = self.rows();
        let mut allowance = Allowance::new(self.share);
        for row in rows.iter_mut().filter(|row| row.state == PresenceState::Unsaved) {
            row.edits = self.edits_of(engine, &row.path).and_then(|edits| allowance.take(edits));
        }
        rows
    }

    fn edits_of(&mut self, engine: &LocalEngine, path: &ProjectPath) -> Option<Unsaved> {
        let (worktree, text) = (engine.place.worktree.as_ref()?, self.texts.get(path)?);
        let file = worktree.absolute(path);
        let disk = fs::metadata(&file).ok().and_then(|metadata| metadata.modified().ok());
        if let Some(known) = self.edits.get(path).filter(|known| known.disk == disk && known.text == *text) {
            return known.edits.clone();
        }
        let edits = remit_worktree::edits(&fs::read(&file).unwrap_or_default(), text);
        let known = KnownEdits { text: Arc::clone(text), disk, edits: edits.clone() };
        self.edits.insert(path.clone(), known);
        edits
    }

    fn note_since(&mut self, now: Millis) {
        let Self { unsaved, saved, since, .. } = self;
        since.retain(|path, _| unsaved.contains(path) || saved.contains(path));
        for path in unsaved.iter().chain(saved.iter()) {
            since.entry(path.clone()).or_insert(now);
        }
    }
}

impl LocalEngine {
    pub(crate) fn note_presence(&self, news: Presence) -> Outcome<()> {
        let mut presence = lock(&self.presence);
        let result = presence.take_in(self, news).and_then(|()| self.publish(&mut presence));
        Outcome { revision: None, result }
    }

    /// Says again what the window has changed, after it was registered anew.
    pub(crate) fn publish_again(&self) -> Result<(), Failure> {
        let mut presence = lock(&self.presence);
        presence.published = None;
        self.publish(&mut presence)
    }

    /// Where there is no board yet, nothing is written.
    fn publish(&self, presence: &mut WindowPresence) -> Result<(), Failure> {
        let me = self.window.as_ref().and_then(|window| window.me());
        let Some(Me { session_id: Some(session), .. }) = me else { return Ok(()) };
        let head = self.place.worktree.as_ref().and_then(|worktree| worktree.head().ok().flatten());
        let news = (session, head.and_then(|head| head.oid), presence.shared_rows(self));
        if presence.published.as_ref() == Some(&news) {
            return Ok(());
        }
        let (session, head, rows) = &news;
        let nothing_yet = presence.published.is_none() && rows.is_empty();
        if !nothing_yet {
            let worktree = place::worktree_label(&self.place).unwrap_or_default();
            lock(&self.presence_db).publish(session, &worktree, head.as_deref(), rows)?;
        }
        presence.published = Some(news);
        Ok(())
    }

    /// What this worktree changed, by whom as far as a window said so.
    pub(crate) fn changes(&self) -> Result<Changes, Failure> {
        let mut presence = lock(&self.presence);
        let changed = presence.changed(self)?;
        let mut paths: BTreeMap<ProjectPath, BTreeSet<SessionId>> =
            changed.into_iter().map(|path| (path, BTreeSet::new())).collect();
        self.attribute(&mut paths, &presence)?;
        presence.concerned = paths.keys().cloned().collect();
        Ok(Changes { paths, open: presence.open.clone() })
    }

    /// What the next commit would hold.
    pub(crate) fn staged_changes(&self) -> Result<Changes, Failure> {
        let Some(worktree) = &self.place.worktree else { return Ok(Changes::default()) };
        let index = remit_worktree::index_of_running_commit(worktree);
        let staged = remit_worktree::staged_changes(worktree, index.as_deref()).map_err(place::failure)?;
        let mut paths: BTreeMap<ProjectPath, BTreeSet<SessionId>> =
            staged.list.into_iter().map(|change| (change.path, BTreeSet::new())).collect();
        let known: BTreeSet<ProjectPath> = paths.keys().cloned().collect();
        self.attribute(&mut paths, &lock(&self.presence))?;
        paths.retain(|path, _| known.contains(path));
        Ok(Changes { paths, open: BTreeSet::new() })
    }

    fn attribute(
        &self,
        paths: &mut BTreeMap<ProjectPath, BTreeSet<SessionId>>,
        presence: &WindowPresence,
    ) -> Result<(), Failure> {
        let worktree = place::worktree_label(&self.place).unwrap_or_default();
        let me = self.window.as_ref().and_then(|window| window.me()).and_then(|me| me.session_id);
        for session in lock(&self.presence_db).all()? {
            if session.worktree == worktree && Some(&session.session) != me.as_ref() {
                attribute_rows(paths, &session.session, &session.rows);
            }
        }
        if let Some(me) = me {
            attribute_rows(paths, &me, &presence.rows());
        }
        Ok(())
    }

    pub(crate) fn observer(&self, agent: Option<remit_board::ids::AgentId>) -> Observer {
        let session = self.window.as_ref().and_then(|window| window.me()).and_then(|me| me.session_id);
        Observer { agent, session, worktree: place::worktree_label(&self.place) }
    }

    /// The agent that asks a question, where that is plain: reading needs none.
    pub(crate) fn reader(
        &self,
        asking: &remit_board::command::Asking,
        snapshot: &Snapshot,
    ) -> Result<Option<remit_board::ids::AgentId>, Failure> {
        if let Some(agent) = &asking.agent_id {
            return match snapshot.board.agents.contains_key(agent) {
                true => Ok(Some(agent.clone())),
                false => Err(words::unknown_agent(&snapshot.board, agent)),
            };
        }
        if let Some(me) = self.window.as_ref().and_then(|window| window.me()) {
            return Ok(Some(me.agent_id));
        }
        let worktree = place::worktree_label(&self.place);
        let presumed =
            crate::caller::presumed_agent(self.board_folder(), &self.host, snapshot, worktree.as_deref());
        Ok(presumed.unwrap_or_default())
    }
}

/// Only shown, never compared with the board's clock.
fn this_clock() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A saved file that is no longer changed is nobody's; an unsaved one is changed though the disk doesn't show it.
fn attribute_rows(
    paths: &mut BTreeMap<ProjectPath, BTreeSet<SessionId>>,
    session: &SessionId,
    rows: &[PresenceRow],
) {
    for row in rows {
        match (row.state, paths.get_mut(&row.path)) {
            (_, Some(sessions)) => drop(sessions.insert(session.clone())),
            (PresenceState::Unsaved, None) => {
                paths.insert(row.path.clone(), BTreeSet::from([session.clone()]));
            }
            (PresenceState::Saved, None) => {}
        }
    }
}
