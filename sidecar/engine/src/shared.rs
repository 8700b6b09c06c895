//! Unsaved text on its way to other windows: bounded, and with only as much in it as its window shares.

use remit_board::{door::Share, path::ProjectPath};
use remit_store::{PresenceEdit, PresenceEdits, SessionPresence};
use remit_worktree::{Edit, NewLines, Unsaved};

use crate::collisions::Texts;

const MAX_FILE: usize = 64 << 10;
const MAX_SESSION: usize = 256 << 10;
/// A file that was made anew from top to bottom; that it is edited is all that is said.
const MAX_EDITS: usize = 2000;

/// Gives away text as long as there is room for it, beyond that only where it is.
pub(crate) struct Allowance {
    share: Share,
    left: usize,
}

impl Allowance {
    pub(crate) fn new(share: Share) -> Self {
        Self { share, left: MAX_SESSION }
    }

    pub(crate) fn take(&mut self, unsaved: Unsaved) -> Option<PresenceEdits> {
        let size = unsaved.size();
        let fits = size <= MAX_FILE.min(self.left) && self.share == Share::Lines;
        let told = if fits { unsaved } else { unsaved.ranges_only() };
        if fits {
            self.left -= size;
        }
        row(told).filter(|told| told.edits.len() <= MAX_EDITS)
    }
}

fn row(unsaved: Unsaved) -> Option<PresenceEdits> {
    let Unsaved::Edits { base, edits } = unsaved else { return None };
    let edit = |edit: Edit| {
        let (added, text) = match edit.new {
            NewLines::Text(text) => (text.split_inclusive('\n').count(), Some(text)),
            NewLines::Count(count) => (count, None),
        };
        PresenceEdit { start: edit.lines.start, removed: edit.lines.len(), added, text }
    };
    Some(PresenceEdits { base, edits: edits.into_iter().map(edit).collect() })
}

/// What a window says it has not saved.
pub(crate) fn texts(said: &SessionPresence) -> Texts {
    let told = said.rows.iter().filter_map(|row| Some((&row.path, row.edits.as_ref()?)));
    let unsaved = |(path, told): (&ProjectPath, &PresenceEdits)| {
        let edits = told.edits.iter().map(|edit| Edit {
            lines: edit.start..edit.start.saturating_add(edit.removed),
            new: match &edit.text {
                Some(text) => NewLines::Text(text.clone()),
                // A damaged count must not fill the memory.
                None => NewLines::Count(edit.added.min(1_000_000)),
            },
        });
        (path.clone(), Unsaved::Edits { base: told.base.clone(), edits: edits.collect() })
    };
    told.map(unsaved).collect()
}

#[cfg(test)]
mod tests {
    use remit_worktree::edits;

    use super::*;

    fn typed(bytes: usize) -> Unsaved {
        edits(b"a\n", &format!("a\n{}\n", "x".repeat(bytes))).unwrap()
    }

    fn is_told(told: &PresenceEdits) -> bool {
        told.edits.iter().all(|edit| edit.text.is_some())
    }

    #[test]
    fn text_travels_up_to_its_bounds_and_beyond_them_only_where_it_is() {
        let mut allowance = Allowance::new(Share::Lines);
        assert!(!is_told(&allowance.take(typed(MAX_FILE)).unwrap()), "too much for one file");
        for _ in 0..4 {
            assert!(is_told(&allowance.take(typed(60 << 10)).unwrap()));
        }
        let beyond = allowance.take(typed(60 << 10)).unwrap();
        assert!(!is_told(&beyond));
        assert_eq!((beyond.edits[0].start, beyond.edits[0].added), (1, 1));
    }

    #[test]
    fn whoever_shares_ranges_gives_away_no_line() {
        let told = Allowance::new(Share::Ranges).take(typed(10)).unwrap();
        assert!(!serde_json::to_string(&told).unwrap().contains('x'));
    }
}
