use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use remit_board::time::Millis;

use crate::clock::Clock;

/// A clock that moves only when it is told to. Clones show the same time.
#[derive(Clone, Debug)]
pub struct StillClock(Arc<AtomicI64>);

impl StillClock {
    pub fn at(now: Millis) -> Self {
        Self(Arc::new(AtomicI64::new(now.0)))
    }

    pub fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }

    pub fn set(&self, now: Millis) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    pub fn advance_seconds(&self, seconds: u64) {
        self.set(self.now().plus_seconds(seconds));
    }

    pub fn clock(&self) -> Clock {
        let shown = self.clone();
        Clock::from_fn(move || shown.now())
    }
}

impl Default for StillClock {
    /// 2023-11-14T22:13:20Z
    fn default() -> Self {
        Self::at(Millis(1_700_000_000_000))
    }
}
