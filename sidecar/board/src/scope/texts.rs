//! Texts to look a path's pieces up by.
//!
//! A path is asked about piece by piece, and nearly every piece is in no scope's patterns. What counts is how fast that is
//! found out: a hash that is quick on a few bytes, and no look at all at a text of a length that none of them has.

use std::collections::HashMap;

use foldhash::fast::RandomState;

#[derive(Debug)]
pub(super) struct Texts<V> {
    values: HashMap<Box<str>, V, RandomState>,
    /// A bit for each length that one of them has; the last one for all greater ones.
    lengths: u64,
}

impl<V> Default for Texts<V> {
    fn default() -> Self {
        Self { values: HashMap::default(), lengths: 0 }
    }
}

impl<V: Default> Texts<V> {
    pub(super) fn entry(&mut self, text: &str) -> &mut V {
        self.lengths |= length_bit(text);
        self.values.entry(text.into()).or_default()
    }
}

impl<V> Texts<V> {
    pub(super) fn get(&self, text: &str) -> Option<&V> {
        if self.lengths & length_bit(text) == 0 { None } else { self.values.get(text) }
    }

    pub(super) fn insert(&mut self, text: &str, value: V) {
        self.lengths |= length_bit(text);
        self.values.insert(text.into(), value);
    }
}

fn length_bit(text: &str) -> u64 {
    1 << text.len().min(63)
}
