//! The store's clock: one time for everybody who shares a board, however wrong their own clocks are.

use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use remit_board::time::Millis;

/// Where the store takes its time from; tests give it another.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Millis + Send + Sync>);

impl Clock {
    pub fn system() -> Self {
        Self::from_fn(system_time)
    }

    pub fn from_fn(now: impl Fn() -> Millis + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What this machine's clock says.
    pub fn read(&self) -> Millis {
        (self.0)()
    }

    /// The time now, on a board whose last commit was at `committed`.
    ///
    /// Small steps back (time synchronisation, machines that differ) are not followed: time stands still until the
    /// clock is there again. A larger step means that the *last commit* had a wrong clock, and is followed: otherwise
    /// one machine that was set a year ahead would keep every lease of the board alive for that year.
    pub(crate) fn now(&self, committed: Millis) -> Millis {
        let read = (self.0)();
        let behind = committed.0.saturating_sub(read.0);
        if (1..=LARGEST_SMALL_STEP_MS).contains(&behind) { committed } else { read }
    }
}

const LARGEST_SMALL_STEP_MS: i64 = 60_000;

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock(…)")
    }
}

fn system_time() -> Millis {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(read: i64) -> Clock {
        Clock::from_fn(move || Millis(read))
    }

    #[test]
    fn time_goes_forward() {
        assert_eq!(at(1_000).now(Millis(900)), Millis(1_000));
    }

    #[test]
    fn a_small_step_back_stands_still() {
        assert_eq!(at(1_000_000).now(Millis(1_000_001)), Millis(1_000_001));
        assert_eq!(at(1_000_000).now(Millis(1_060_000)), Millis(1_060_000));
    }

    #[test]
    fn a_board_whose_last_commit_came_from_the_future_is_not_stuck_there() {
        assert_eq!(at(1_000_000).now(Millis(1_060_001)), Millis(1_000_000));
    }
}
