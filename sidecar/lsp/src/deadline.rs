//! When to look again though nothing happened.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A message that is stale at once must not keep a processor busy.
const LEAST: Duration = Duration::from_secs(1);
/// A sleeping machine stops timers, not the wall clock: it is looked at this often.
const NAP: Duration = Duration::from_secs(15);

/// A time on the wall clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    at: SystemTime,
    not_before: Instant,
}

impl Deadline {
    /// `stale_at` is in milliseconds since 1970.
    pub(crate) fn at(stale_at: i64) -> Self {
        let at = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(stale_at).unwrap_or(0));
        Self { at, not_before: Instant::now() + LEAST }
    }

    pub(crate) fn after(time: Duration) -> Self {
        Self { at: SystemTime::now() + time, not_before: Instant::now() + LEAST.min(time) }
    }

    pub(crate) fn has_passed(&self, now: Instant) -> bool {
        self.not_before <= now && self.at <= SystemTime::now()
    }

    /// When to ask again whether it has passed.
    pub(crate) fn due(&self) -> Instant {
        let rest = self.at.duration_since(SystemTime::now()).unwrap_or_default();
        self.not_before.max(Instant::now() + rest.min(NAP))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_in_the_past_waits_a_little_all_the_same() {
        let (start, deadline) = (Instant::now(), Deadline::at(0));
        assert!(!deadline.has_passed(start));
        assert!(deadline.due() >= start + LEAST);
        assert!(deadline.has_passed(deadline.due()));
    }

    #[test]
    fn a_far_deadline_is_looked_at_again_and_again() {
        let deadline = Deadline::after(Duration::from_secs(3600));
        let soon = Instant::now() + Duration::from_secs(16);
        assert!(deadline.due() < soon);
        assert!(!deadline.has_passed(soon), "the wall clock has not moved");
        assert!(!Deadline::at(i64::MAX).has_passed(soon));
    }
}
