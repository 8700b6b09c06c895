//! The highest numbers that anybody can have seen of the old board.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
};

use rusqlite::OpenFlags;
use serde::Deserialize;

use crate::{
    files::PlanFolder,
    projections::Mark,
    sqlite::{Options, connect, meta::Meta},
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    pub incarnation: u64,
    pub revision: u64,
    pub event_seq: u64,
    /// The newest event in the archives, 0 without any.
    pub archived: u64,
}

const STEP: u64 = 1_000_000_000;

/// The next multiple above: it is seen at once that such a number is not of the old board.
pub(super) fn next_start(known: u64) -> u64 {
    (known / STEP + 1).saturating_mul(STEP).min(i64::MAX as u64 / STEP * STEP)
}

pub(super) fn newest_known(plan: &PlanFolder, options: &Options) -> Numbers {
    let mut known = Numbers::default();
    for file in files_in(plan.path()).chain(files_in(&plan.bundles())) {
        if let Some(mark) = Mark::of_file(&file) {
            known.see(mark.incarnation, mark.revision, 0);
        }
    }
    for file in files_in(&plan.event_archive()) {
        archived(&file, &mut known);
    }
    known.see_of_state(plan);
    if let Some(meta) = what_the_database_says(plan, options) {
        known.see(meta.incarnation, meta.revision, meta.event_seq);
    }
    known
}

impl Numbers {
    fn see(&mut self, incarnation: u64, revision: u64, event_seq: u64) {
        self.incarnation = self.incarnation.max(incarnation);
        self.revision = self.revision.max(revision);
        self.event_seq = self.event_seq.max(event_seq);
    }

    fn see_of_state(&mut self, plan: &PlanFolder) {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct State {
            notifications: Vec<Line>,
        }
        let text = fs::read(plan.state_json()).unwrap_or_default();
        let state: State = serde_json::from_slice(&text).unwrap_or_default();
        state.notifications.iter().for_each(|line| self.see(0, line.revision, line.seq));
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Line {
    seq: u64,
    revision: u64,
}

/// A line that was cut off by a crash says nothing.
fn archived(file: &Path, known: &mut Numbers) {
    let Ok(file) = fs::File::open(file) else { return };
    for line in BufReader::new(file).split(b'\n').map_while(Result::ok) {
        if let Ok(Line { seq, revision }) = serde_json::from_slice(&line) {
            known.see(0, revision, seq);
            known.archived = known.archived.max(seq);
        }
    }
}

fn files_in(folder: &Path) -> impl Iterator<Item = std::path::PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    // The database itself must not be opened outside SQLite.
    entries.map(|entry| entry.path()).filter(|path| {
        path.is_file()
            && path.extension().is_some_and(|ending| ["md", "json", "jsonl"].iter().any(|one| ending == *one))
    })
}

/// Its first page may be whole.
fn what_the_database_says(plan: &PlanFolder, options: &Options) -> Option<Meta> {
    let db = connect(&plan.database(), OpenFlags::SQLITE_OPEN_READ_WRITE, options).ok()?;
    Meta::read(&db).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_start_is_above_all_that_is_known() {
        assert_eq!(next_start(0), STEP);
        assert_eq!(next_start(41), STEP);
        assert_eq!(next_start(STEP), 2 * STEP);
        assert_eq!(next_start(3 * STEP + 7), 4 * STEP);
        assert!(i64::try_from(next_start(u64::MAX)).is_ok());
    }
}
