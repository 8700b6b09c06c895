//! Generated files, and what became of each on its two sides.

use std::fs;
use std::path::Path;

use fastrand::Rng;
use remit_worktree::edits;

use super::{Texts, text};
use crate::edits::{self as texts, Pair};
use crate::support::path;

/// What became of a generated file on its two sides.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    Edited,
    MovedHere,
    MovedThere,
    MovedAlike,
    MovedApart,
    LostHere,
    LostThere,
    MovedHereLostThere,
    New,
}

const FATES: [Fate; 14] = [
    Fate::Edited,
    Fate::Edited,
    Fate::Edited,
    Fate::Edited,
    Fate::Edited,
    Fate::MovedHere,
    Fate::MovedThere,
    Fate::MovedAlike,
    Fate::MovedApart,
    Fate::LostHere,
    Fate::LostThere,
    Fate::MovedHereLostThere,
    Fate::New,
    Fate::Edited,
];

/// A generated file: what it was, and what each side has, under which name.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) pair: Pair,
    pub(super) fate: Fate,
    pub(super) layers: [usize; 2],
}

pub(super) const COMMITTED: usize = 0;
pub(super) const SAVED: usize = 1;

impl Case {
    pub(super) fn new(rng: &mut Rng, n: usize) -> Self {
        let fate = FATES[rng.usize(..FATES.len())];
        let name = format!("d{}/{n}.txt", n % 7);
        let layers = [rng.usize(..3), rng.usize(..3)];
        Self { pair: texts::pair(rng, &format!("file {n} line")), name, fate, layers }
    }

    pub(super) fn base(&self) -> Option<(&str, &[u8])> {
        (!matches!(self.fate, Fate::New)).then_some((self.name.as_str(), &self.pair.base[..]))
    }

    /// `side` 0 is ours.
    pub(super) fn state(&self, side: usize) -> Option<(String, &[u8])> {
        let moved = |suffix: &str| self.name.replace(".txt", suffix);
        let name = match (self.fate, side) {
            (Fate::LostHere, 0) | (Fate::LostThere | Fate::MovedHereLostThere, 1) => return None,
            (Fate::MovedHere | Fate::MovedHereLostThere, 0) | (Fate::MovedThere, 1) => moved(".moved"),
            (Fate::MovedAlike, _) => moved(".moved"),
            (Fate::MovedApart, 0) => moved(".here"),
            (Fate::MovedApart, _) => moved(".there"),
            _ => self.name.clone(),
        };
        Some((name, if side == 0 { &self.pair.ours } else { &self.pair.theirs }))
    }

    /// Only what keeps its place can be unsaved.
    pub(super) fn is_unsaved(&self, side: usize) -> bool {
        self.layers[side] > SAVED && matches!(self.fate, Fate::Edited)
    }

    fn put(&self, root: &Path, side: usize) {
        let state = self.state(side);
        if let Some((old, _)) = self.base()
            && state.as_ref().is_none_or(|(name, _)| name != old)
        {
            fs::remove_file(root.join(old)).unwrap();
        }
        if let Some((name, text)) = state {
            fs::create_dir_all(root.join(&name).parent().unwrap()).unwrap();
            fs::write(root.join(name), text).unwrap();
        }
    }
}

pub(super) fn put_layer(cases: &[Case], root: &Path, side: usize, is_in: impl Fn(&Case) -> bool) {
    cases.iter().filter(|case| is_in(case)).for_each(|case| case.put(root, side));
}

pub(super) fn unsaved(cases: &[Case], side: usize) -> Texts {
    let unsaved = cases.iter().filter(|case| case.is_unsaved(side));
    let entry = |case: &Case| {
        let (name, now) = case.state(side)?;
        let now = std::str::from_utf8(now).unwrap();
        let told = if side == 0 { text(now) } else { edits(&case.pair.base, now)? };
        Some((path(&name), told))
    };
    unsaved.filter_map(entry).collect()
}
