//! Which files are behind the board, and writing just those.

use std::{io, path::Path};

use remit_board::{board::Board, handoff::Handoff, time::Millis};

use super::{Tended, write};
use crate::{
    error::StoreError,
    files::PlanFolder,
    projections::{self, Mark},
    store::{EventFilter, Store},
};

/// The newest of them stand in `state.json`.
const NOTIFICATIONS_SHOWN: u64 = 50;

/// Writes what is behind, and says which revision the files then show.
///
/// `state.json` comes last: when it shows a revision, the bundles up to that revision are there.
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
    files.bring(&plan.status(), projections::status_revision(&board), projections::status);
    files.bring(&plan.handoffs(), projections::handoffs_revision(&board), projections::handoffs);
    files.preflight();
    let bundles_are_there = files.bundles_after(shown.map(|mark| mark.revision), store);
    if bundles_are_there && shown.is_none_or(|mark| mark.revision != board.revision) {
        files.state(store);
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
    fn bring(&mut self, path: &Path, revision: u64, render: fn(&Board) -> String) {
        if Mark::of_file(path) != Some(self.mark(revision)) {
            self.put(path, render(self.board).as_bytes());
        }
    }

    fn preflight(&mut self) {
        let path = self.plan.preflight();
        if Mark::of_file(&path) == Some(self.mark(projections::preflight_revision(self.board))) {
            return;
        }
        match projections::preflight(self.board) {
            Ok(content) => self.put(&path, &content),
            Err(error) => self.failed(&path, &error),
        }
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

    fn state(&mut self, store: &mut dyn Store) {
        match self.render_state(store) {
            Ok(content) => self.put(&self.plan.state_json(), &content),
            Err(error) => self.tended.problems.push(error.to_string()),
        }
    }

    fn render_state(&self, store: &mut dyn Store) -> Result<Vec<u8>, StoreError> {
        let newest = EventFilter {
            notifications_only: true,
            newest: true,
            limit: Some(NOTIFICATIONS_SHOWN),
            ..EventFilter::default()
        };
        let notifications = store.events(&newest)?;
        let descriptions = store.descriptions()?;
        projections::state(self.board, &descriptions, &notifications)
            .map_err(|error| StoreError::Defect(format!("state.json can't be rendered: {error}")))
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
