//! What git is in the middle of. Then the index is full of others' work, and only what conflicts is the user's doing.

use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    Merge,
    Rebase,
    CherryPick,
    Revert,
}

/// A rebase comes first: it stops in the middle of cherry-picks and merges of its own.
const MARKS: [(&str, Operation); 6] = [
    ("rebase-merge", Operation::Rebase),
    ("rebase-apply", Operation::Rebase),
    ("MERGE_HEAD", Operation::Merge),
    ("CHERRY_PICK_HEAD", Operation::CherryPick),
    ("REVERT_HEAD", Operation::Revert),
    // Between two of several picks there is no head to show, only what is left to do.
    ("sequencer", Operation::CherryPick),
];

impl Operation {
    pub(crate) fn under_way(git_dir: &Path) -> Option<Self> {
        MARKS.iter().find(|(name, _)| git_dir.join(name).exists()).map(|(_, operation)| *operation)
    }
}
