//! Which files are behind the board, and writing just those.

use std::{fs, io, path::Path};

use remit_board::{board::Board, event::Event, handoff::Handoff, time::Millis, view::Texts};

use super::{Tended, write};
use crate::{
    error::StoreError,
    files::PlanFolder,
    news::current_notifications,
    projections::{self, Mark},
    store::Store,
};

/// The newest of them stand in `state.json`.
const NOTIFICATIONS_SHOWN: usize = 50;

/// Writes what is behind, and says which revision the files then show.
///
/// `state.json` comes last: when it shows a revision, the bundles and notifications up to that revision are there.
pub(super) fn all(plan: &PlanFolder, store: &mut dyn Store, tended: &mut Tended) -> Option<Shown> {
    let (board, now) = match store.read() {
        Ok(snapshot) => (snapshot.board, snapshot.now),
        Err(error) => {
            tended.problems.push(error.to_string());
            return None;
        }
    };
    let shown = Mark::of_file(&plan.state_json()).filter(|mark| mark.incarnation == board.incarnation);
    let mut files = Files { plan, board: &board, tended };
    files.markdown(&plan.status(), projections::status_revision(&board), |board| {
        projections::status(board, plan.project_name().as_deref().unwrap_or(&board.project))
    });
    files.markdown(&plan.handoffs(), projections::handoffs_revision(&board), projections::handoffs);
    files.markdown(&plan.agents(), projections::agents_revision(&board), projections::agents);
    files.markdown(&plan.sessions(), projections::sessions_revision(&board), projections::sessions);
    files.handoff_index(store);
    files.bring(&plan.preflight(), projections::preflight_revision(&board), projections::preflight);
    let bundles_are_there = files.bundles_after(shown.map(|mark| mark.revision), store);
    let is_behind = shown.is_none_or(|mark| mark.revision != board.revision);
    if is_behind || !files.shows_this_board(&plan.notifications()) {
        files.news(store, bundles_are_there && is_behind);
    }
    Some(Shown { revision: board.revision, now })
}

/// What the files show now, and the store's time.
pub(super) struct Shown {
    pub revision: u64,
    pub now: Millis,
}

struct Files<'a> {
    plan: &'a PlanFolder,
    board: &'a Board,
    tended: &'a mut Tended,
}

impl Files<'_> {
    fn markdown(&mut self, path: &Path, revision: u64, render: impl FnOnce(&Board) -> String) {
        self.bring(path, revision, |board| Ok(render(board).into_bytes()));
    }

    fn bring(&mut self, path: &Path, revision: u64, render: impl FnOnce(&Board) -> io::Result<Vec<u8>>) {
        if Mark::of_file(path) == Some(self.mark(revision)) {
            return;
        }
        match render(self.board) {
            Ok(content) => self.put(path, &content),
            Err(error) => self.failed(path, &error),
        }
    }

    fn handoff_index(&mut self, store: &mut dyn Store) {
        let revision = projections::handoffs_revision(self.board);
        self.bring(&self.plan.handoff_index(), revision, |board| {
            let notes = store.notes().map_err(io::Error::other)?;
            projections::handoff_index(board, &notes)
        });
    }

    /// Bundles that `state.json` does not know of; all when it says nothing of this board. Says whether none is missing.
    fn bundles_after(&mut self, known: Option<u64>, store: &mut dyn Store) -> bool {
        let problems_before = self.tended.problems.len();
        let board = self.board;
        let newest = projections::newest_by_module(board);
        let changed: Vec<_> = newest
            .into_values()
            .filter(|handoff| known.is_none_or(|known| handoff.revision > known))
            .collect();
        if !changed.is_empty() {
            match write::folder(&self.plan.bundles()) {
                Ok(()) => changed.into_iter().for_each(|handoff| self.bundle(handoff, store)),
                Err(error) => self.failed(&self.plan.bundles(), &error),
            }
        }
        self.tended.problems.len() == problems_before
    }

    fn bundle(&mut self, handoff: &Handoff, store: &mut dyn Store) {
        let path = self.plan.bundle(&handoff.module);
        let mark = self.mark(handoff.revision);
        if Mark::of_file(&path) == Some(mark) {
            return;
        }
        match store.bundle(&handoff.id) {
            Ok(Some(text)) => self.put(&path, projections::bundle(mark, handoff, &text).as_bytes()),
            Ok(None) => {}
            Err(error) => self.tended.problems.push(error.to_string()),
        }
    }

    /// What shows the newest notifications.
    fn news(&mut self, store: &mut dyn Store, with_state: bool) {
        if let Err(error) = self.try_news(store, with_state) {
            self.tended.problems.push(error.to_string());
        }
    }

    fn try_news(&mut self, store: &mut dyn Store, with_state: bool) -> Result<(), StoreError> {
        let notifications = current_notifications(self.board, store, NOTIFICATIONS_SHOWN)?;
        let page_is_there = self.notifications(&notifications);
        if with_state && page_is_there {
            let texts = Texts { briefs: store.briefs()?, notes: store.notes()? };
            let content = projections::state(self.board, &texts, &notifications)
                .map_err(|error| StoreError::Defect(format!("state.json can't be rendered: {error}")))?;
            self.put(&self.plan.state_json(), &content);
        }
        Ok(())
    }

    /// Any commit may take away what a notification asks for, and few do: that nothing did is seen by rendering alone.
    /// Says whether the page is there.
    fn notifications(&mut self, current: &[Event]) -> bool {
        let page = self.plan.notifications();
        let problems_before = self.tended.problems.len();
        let content = projections::notifications(self.board, current);
        let same = self.shows_this_board(&page)
            && fs::read_to_string(&page).is_ok_and(|old| without_mark(&old) == without_mark(&content));
        if !same {
            self.put(&page, content.as_bytes());
        }
        self.tended.problems.len() == problems_before
    }

    /// Whether the file was made from this board, at whatever revision.
    fn shows_this_board(&self, path: &Path) -> bool {
        Mark::of_file(path).is_some_and(|mark| mark.incarnation == self.board.incarnation)
    }

    fn mark(&self, revision: u64) -> Mark {
        Mark { incarnation: self.board.incarnation, revision }
    }

    fn put(&mut self, path: &Path, content: &[u8]) {
        match write::whole(path, content) {
            Ok(()) => self.tended.written.push(path.to_owned()),
            Err(error) => self.failed(path, &error),
        }
    }

    fn failed(&mut self, path: &Path, error: &io::Error) {
        self.tended.problems.push(format!("{} can't be written: {error}", path.display()));
    }
}

/// All but the first line, which is the mark.
fn without_mark(content: &str) -> &str {
    content.split_once('\n').map_or("", |(_, rest)| rest)
}
