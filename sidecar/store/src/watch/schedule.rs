//! When to look next.

use std::time::{Duration, Instant};

/// After a file event the commit becomes visible within these.
const AFTER_AN_EVENT: [Duration; 4] = [
    Duration::from_micros(300),
    Duration::from_millis(2),
    Duration::from_millis(10),
    Duration::from_millis(30),
];

#[derive(Default)]
pub(super) struct Schedule {
    /// Moments at which to look, soonest first.
    looks: Vec<Instant>,
}

impl Schedule {
    /// A look that is due soon is kept: events that come without a pause must not put it off for ever.
    pub fn file_event(&mut self, now: Instant) {
        self.looks.truncate(1);
        self.looks.extend(AFTER_AN_EVENT.map(|later| now + later));
        self.looks.sort_unstable();
    }

    /// The moment of the next look, `poll` from now when no event asks for an earlier one.
    pub fn next(&mut self, now: Instant, poll: Duration) -> Instant {
        let past = self.looks.partition_point(|look| *look <= now);
        self.looks.drain(..past);
        self.looks.first().copied().unwrap_or(now + poll)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLL: Duration = Duration::from_millis(250);

    #[test]
    fn an_event_is_followed_by_four_looks_and_then_the_poll() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        assert_eq!(schedule.next(start, POLL), start + POLL);

        schedule.file_event(start);
        let mut now = start;
        for after in AFTER_AN_EVENT {
            now = schedule.next(now, POLL);
            assert_eq!(now, start + after);
        }
        assert_eq!(schedule.next(now, POLL), now + POLL);
    }

    #[test]
    fn events_without_a_pause_do_not_put_off_the_next_look() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        for micros in (0..300).step_by(100) {
            let now = start + Duration::from_micros(micros);
            schedule.file_event(now);
            assert_eq!(schedule.next(now, POLL), start + AFTER_AN_EVENT[0]);
        }
        assert!(schedule.looks.len() <= 1 + AFTER_AN_EVENT.len());
    }
}
