//! How often something is done that may be asked for much more often.

use std::time::Duration;

use tokio::time::Instant;

/// The first wish is granted after `settle`, the next ones at most once every `gap`; the last wish is never dropped.
#[derive(Debug)]
pub(crate) struct Pace {
    settle: Duration,
    gap: Duration,
    due: Option<Instant>,
    last: Option<Instant>,
}

impl Pace {
    pub(crate) fn new(settle: Duration, gap: Duration) -> Self {
        Self { settle, gap, due: None, last: None }
    }

    pub(crate) fn want(&mut self, now: Instant) {
        let rested = self.last.map_or(now, |last| last + self.gap);
        self.due.get_or_insert(rested.max(now + self.settle));
    }

    pub(crate) fn want_at_once(&mut self, now: Instant) {
        self.due = Some(now);
    }

    /// What was wished for has just been done on another occasion.
    pub(crate) fn is_granted(&mut self, now: Instant) {
        self.due = None;
        self.last = Some(now);
    }

    pub(crate) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// True once for each time that came due.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let is_due = self.due.is_some_and(|due| due <= now);
        if is_due {
            self.is_granted(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_first_wish_is_granted_at_once_and_the_next_after_the_gap() {
        let start = Instant::now();
        let mut pace = Pace::new(Duration::ZERO, 50 * MS);
        assert!(!pace.take(start), "nobody asked");
        pace.want(start);
        assert!(pace.take(start));
        assert!(!pace.take(start), "granted once");
        pace.want(start + MS);
        assert!(!pace.take(start + 49 * MS));
        assert!(pace.take(start + 50 * MS), "the wish was not forgotten");
    }

    #[test]
    fn more_wishes_put_nothing_off() {
        let start = Instant::now();
        let mut pace = Pace::new(100 * MS, 100 * MS);
        for ms in 0..100 {
            pace.want(start + ms * MS);
        }
        assert_eq!(pace.due(), Some(start + 100 * MS));
    }

    #[test]
    fn a_thousand_wishes_a_second_are_granted_twenty_times() {
        let start = Instant::now();
        let mut pace = Pace::new(Duration::ZERO, 50 * MS);
        let granted = (0..1000).filter(|ms| {
            pace.want(start + *ms * MS);
            pace.take(start + *ms * MS)
        });
        assert_eq!(granted.count(), 20);
    }

    #[test]
    fn what_is_wanted_at_once_does_not_rest() {
        let start = Instant::now();
        let mut pace = Pace::new(Duration::ZERO, 50 * MS);
        pace.want(start);
        assert!(pace.take(start));
        pace.want_at_once(start + MS);
        assert!(pace.take(start + MS));
    }
}
