//! The one source of time, so that tests can move it over hours, months and leap days.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, Datelike, Duration, DurationRound, TimeZone, Utc};
use serde::{Deserialize, Deserializer, de::Error as _};

/// Tells the time: the system's, or one that a test sets.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds since the epoch where a test holds the clock.
    held: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// A clock that stands at `time` until it is moved.
    #[must_use]
    pub fn held_at(time: DateTime<Utc>) -> Self {
        Self { held: Some(Arc::new(AtomicI64::new(time.timestamp_micros()))) }
    }

    /// Moves a held clock; does nothing to the system's.
    pub fn set(&self, time: DateTime<Utc>) {
        if let Some(held) = &self.held {
            held.store(time.timestamp_micros(), Ordering::SeqCst);
        }
    }

    /// Now, in whole microseconds: what both databases can store.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.held {
            Some(held) => held.load(Ordering::SeqCst),
            None => Utc::now().timestamp_micros(),
        };
        DateTime::from_timestamp_micros(micros).expect("a clock's reading lies within chrono's range")
    }
}

/// A time that both databases store and order alike: RFC 3339 with a year of four digits, to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp(pub DateTime<Utc>);

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;
    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let time: DateTime<Utc> = text.parse().map_err(|_| InvalidTimestamp)?;
        let time = time.duration_trunc(Duration::microseconds(1)).map_err(|_| InvalidTimestamp)?;
        if (0..=9999).contains(&time.year()) { Ok(Self(time)) } else { Err(InvalidTimestamp) }
    }
}

/// The text is no such time.
#[derive(Debug, thiserror::Error)]
#[error("a time is written as RFC 3339 has it, like `2026-01-31T12:00:00Z`")]
pub struct InvalidTimestamp;

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// A clock hour or a calendar day, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    /// From one full hour to the next.
    Hour,
    /// From one midnight to the next.
    Day,
}

impl Granularity {
    /// How long each is: UTC has no hour that is longer than another.
    #[must_use]
    pub fn length(self) -> Duration {
        match self {
            Self::Hour => Duration::hours(1),
            Self::Day => Duration::days(1),
        }
    }

    /// The start of the one in which `time` lies.
    #[must_use]
    pub fn start_of(self, time: DateTime<Utc>) -> DateTime<Utc> {
        time.duration_trunc(self.length()).expect("an hour and a day divide every timestamp")
    }
}

impl FromStr for Granularity {
    type Err = InvalidGranularity;
    fn from_str(text: &str) -> Result<Self, InvalidGranularity> {
        match text {
            "hour" => Ok(Self::Hour),
            "day" => Ok(Self::Day),
            _ => Err(InvalidGranularity),
        }
    }
}

/// The text is neither.
#[derive(Debug, thiserror::Error)]
#[error("a granularity is `hour` or `day`")]
pub struct InvalidGranularity;

/// The start of the clock hour in which `time` lies.
#[must_use]
pub fn hour_of(time: DateTime<Utc>) -> DateTime<Utc> {
    Granularity::Hour.start_of(time)
}

/// The start of the calendar month, in UTC, in which `time` lies.
#[must_use]
pub fn month_of(time: DateTime<Utc>) -> DateTime<Utc> {
    first_of(time.year(), time.month())
}

/// The start of the calendar month after the one in which `time` lies.
#[must_use]
pub fn month_after(time: DateTime<Utc>) -> DateTime<Utc> {
    match time.month() {
        12 => first_of(time.year() + 1, 1),
        month => first_of(time.year(), month + 1),
    }
}

fn first_of(year: i32, month: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0).single().expect("UTC has every first of a month, once")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn months_end_by_the_calendar() {
        assert_eq!(month_after(at("2024-02-29T23:59:59Z")), at("2024-03-01T00:00:00Z"));
        assert_eq!(month_after(at("2023-12-31T23:59:59.999999Z")), at("2024-01-01T00:00:00Z"));
        assert_eq!(month_of(at("2024-03-01T00:00:00Z")), at("2024-03-01T00:00:00Z"));
        assert_eq!(hour_of(at("2024-03-15T14:59:59.999999Z")), at("2024-03-15T14:00:00Z"));
    }

    #[test]
    fn a_timestamp_has_a_year_of_four_digits() {
        assert_eq!(
            "2026-01-31T13:00:00.1234567+01:00".parse::<Timestamp>().unwrap().0,
            at("2026-01-31T12:00:00.123456Z")
        );
        for bad in ["+12000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "2026-01-31", "yesterday"] {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_held_clock_moves_only_when_told() {
        let clock = Clock::held_at(at("2024-03-15T14:00:00Z"));
        assert_eq!(clock.now(), at("2024-03-15T14:00:00Z"));
        clock.set(at("2024-03-15T15:00:00Z"));
        assert_eq!(clock.now(), at("2024-03-15T15:00:00Z"));
    }
}
