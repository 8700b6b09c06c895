//! Time as an argument: milliseconds since 1970 UTC inside, RFC 3339 outside.

use std::fmt;

/// A point on the store's clock, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Millis(pub i64);

impl Millis {
    pub fn plus_seconds(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000)))
    }

    /// Whole seconds from `self` until `later`, negative when `later` is past.
    pub fn seconds_until(self, later: Millis) -> i64 {
        later.0.saturating_sub(self.0).div_euclid(1000)
    }

    pub fn rfc3339(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => format!("{timestamp:.3}"),
            Err(_) => format!("{} ms since 1970", self.0),
        }
    }

    /// As people read it: `14 November 2023, 22:13 UTC`. Whoever reads may be anywhere.
    pub fn readable(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => timestamp.strftime("%-d %B %Y, %H:%M UTC").to_string(),
            Err(_) => self.rfc3339(),
        }
    }

    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_millisecond()))
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outside_form_is_rfc_3339_and_comes_back() {
        let at = Millis(1_700_000_000_123);
        assert_eq!(at.rfc3339(), "2023-11-14T22:13:20.123Z");
        assert_eq!(Millis::parse_rfc3339(&at.rfc3339()), Some(at));
        assert_eq!(Millis::parse_rfc3339("yesterday"), None);
    }

    #[test]
    fn people_read_a_day_and_a_minute() {
        assert_eq!(Millis(1_700_000_000_123).readable(), "14 November 2023, 22:13 UTC");
        assert_eq!(Millis(i64::MAX).readable(), Millis(i64::MAX).rfc3339());
    }

    #[test]
    fn remaining_time_rounds_towards_the_past() {
        assert_eq!(Millis(0).seconds_until(Millis(1999)), 1);
        assert_eq!(Millis(1).seconds_until(Millis(0)), -1);
    }
}
