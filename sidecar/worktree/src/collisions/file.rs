//! The file on disk, changed under the text that a window has not saved: whoever saves now undoes that.
//!
//! What an editor shows is never quite what the file holds, so neither byte order mark nor line endings are compared.

use std::fs;
use std::io::ErrorKind;

use remit_board::path::ProjectPath;

use super::{Collider, Collision, Layer, clash};
use crate::merge::{Lines, Merged};
use crate::worktree::Worktree;

impl Collider {
    /// What stands in `text`, made of `base`, would not merge with what is on disk by now. Nothing of what is no text there.
    pub fn under_unsaved(
        &mut self,
        worktree: &Worktree,
        path: &ProjectPath,
        base: &str,
        text: &str,
    ) -> Option<Collision> {
        let whole =
            Collision { path: path.clone(), clashes: Vec::new(), merges_at: None, layer: Layer::Saved };
        let disk = match fs::read_to_string(worktree.absolute(path)) {
            Ok(disk) => disk,
            Err(error) if error.kind() == ErrorKind::NotFound => return Some(whole),
            Err(_) => return None,
        };
        if disk == base || disk == text {
            return None;
        }
        let [base, text, disk] = [base, text, &disk].map(as_compared);
        let [base, text, disk] = [base.as_bytes(), text.as_bytes(), disk.as_bytes()];
        match &*self.merges.merged(base, text, disk) {
            Merged::Chosen | Merged::Clean { .. } => None,
            Merged::Whole => Some(whole),
            Merged::Conflicts(conflicts) => {
                let (text, disk) = (Lines::of(text), Lines::of(disk));
                let clashes = conflicts.iter().map(|one| clash(one, &text, &disk, true)).collect();
                Some(Collision { clashes, ..whole })
            }
        }
    }
}

fn as_compared(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}
