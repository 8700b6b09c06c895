//! Merges and diffs that were made before: whoever types into a large text is merged again at every pause, with another side
//! that has not moved.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::histogram::{DiffFailed, Hunk, diff};
use super::{Merged, by_lines, without_lines};

/// Far more than there are files that several people have changed at once.
const MAX_KEPT: usize = 4096;

#[derive(Default)]
pub(crate) struct Memory {
    merges: HashMap<[u64; 3], Arc<Merged>>,
    diffs: HashMap<[u64; 2], Arc<[Hunk]>>,
}

impl Memory {
    pub(crate) fn merged(&mut self, base: &[u8], ours: &[u8], theirs: &[u8]) -> Arc<Merged> {
        if let Some(merged) = without_lines(base, ours, theirs) {
            return Arc::new(merged);
        }
        let key = [base, ours, theirs].map(hash);
        if let Some(known) = self.merges.get(&key) {
            return Arc::clone(known);
        }
        let merged = Arc::new(self.merge(key, base, ours, theirs).unwrap_or(Merged::Whole));
        if self.merges.len() >= MAX_KEPT {
            self.merges.clear();
        }
        self.merges.insert(key, Arc::clone(&merged));
        merged
    }

    fn merge(
        &mut self,
        [of_base, of_ours, of_theirs]: [u64; 3],
        base: &[u8],
        ours: &[u8],
        theirs: &[u8],
    ) -> Result<Merged, DiffFailed> {
        let first = self.diff([of_base, of_ours], base, ours)?;
        let second = self.diff([of_base, of_theirs], base, theirs)?;
        by_lines(&first, ours, &second, theirs)
    }

    fn diff(&mut self, key: [u64; 2], base: &[u8], side: &[u8]) -> Result<Arc<[Hunk]>, DiffFailed> {
        if let Some(known) = self.diffs.get(&key) {
            return Ok(Arc::clone(known));
        }
        let hunks: Arc<[Hunk]> = diff(base, side)?.into();
        if self.diffs.len() >= MAX_KEPT {
            self.diffs.clear();
        }
        self.diffs.insert(key, Arc::clone(&hunks));
        Ok(hunks)
    }
}

fn hash(text: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
