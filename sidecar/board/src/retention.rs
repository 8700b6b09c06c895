//! How long events stay on the board. The numbers are a promise to readers: what is younger and newer is always there.

use crate::{cursor::EventRange, event::Event, time::Millis};

/// Events go when they are beyond either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    pub max_rows: u64,
    pub max_age_seconds: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { max_rows: 100_000, max_age_seconds: 30 * 24 * 3600 }
    }
}

impl Retention {
    /// Whether the oldest event, this one, has to go.
    pub fn lets_go(&self, oldest: &Event, range: EventRange, now: Millis) -> bool {
        let rows = (range.last + 1).saturating_sub(oldest.seq);
        rows > self.max_rows || oldest.at.plus_seconds(self.max_age_seconds) < now
    }

    /// A little more than the promise, so that not every commit has a single event to archive.
    pub fn with_slack(self) -> Self {
        let more = |number: u64, slack: u64| number.saturating_add(slack);
        Self { max_rows: more(self.max_rows, 1000), max_age_seconds: more(self.max_age_seconds, 3600) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: u64, at: i64) -> Event {
        Event {
            seq,
            at: Millis(at),
            revision: seq,
            kind: "claim".into(),
            source: "board".into(),
            module: None,
            agent: None,
            target: None,
            priority: None,
            specialty: None,
            summary: String::new(),
        }
    }

    #[test]
    fn exactly_the_newest_and_the_young_stay() {
        let policy = Retention { max_rows: 3, max_age_seconds: 10 };
        let range = EventRange { first: 1, last: 9 };
        assert!(policy.lets_go(&event(6, 0), range, Millis(0)));
        assert!(!policy.lets_go(&event(7, 0), range, Millis(0)));
        assert!(!policy.lets_go(&event(7, 0), range, Millis(10_000)));
        assert!(policy.lets_go(&event(7, 0), range, Millis(10_001)));
        let none = Retention { max_rows: 0, max_age_seconds: u64::MAX };
        assert!(none.lets_go(&event(9, 0), range, Millis(i64::MAX)));
        let all = Retention { max_rows: u64::MAX, max_age_seconds: u64::MAX }.with_slack();
        assert!(!all.lets_go(&event(1, 0), range, Millis(i64::MAX)));
    }
}
