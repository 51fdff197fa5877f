//! Values that are read the same wherever the command line has them.

use std::num::NonZeroU64;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use clap::builder::TypedValueParser;
use offblocks_sandbox::MOST_CARDS;

/// Reads an id.
pub(crate) fn id<T: FromStr>(text: &str) -> Result<T, String> {
    let read = text.parse();
    read.map_err(|_| "write a UUID such as 2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c".to_owned())
}

/// Reads a duration.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text);
    duration.map_err(|_| "write a number with a unit, such as 500ms, 30s, 5m or 1h".to_owned())
}

/// Reads a whole number that is not negative.
pub(crate) fn number<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    let number = text.parse().ok().and_then(|it: u64| it.try_into().ok());
    number.ok_or_else(|| format!("write a whole number from 0 to {}", u64::MAX))
}

/// Reads a whole number of at least one.
pub(crate) fn positive<T: TryFrom<NonZeroU64>>(text: &str) -> Result<T, String> {
    let number = text.parse().ok();
    let number = number.and_then(|it: NonZeroU64| it.try_into().ok());
    number.ok_or_else(|| "write a whole number, 1 or more".to_owned())
}

/// Reads how many cards are made: at least so many.
pub(crate) fn cards(least: i64) -> impl TypedValueParser<Value = u64> {
    let number = clap::value_parser!(i64).range(least..=MOST_CARDS.cast_signed());
    number.map(i64::unsigned_abs)
}

/// Reads an instant.
pub(crate) fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let instant = text.parse::<DateTime<FixedOffset>>();
    let instant = instant.map(|instant| instant.with_timezone(&Utc));
    instant.map_err(|_| "write an instant such as 2030-01-01T00:00:00Z (RFC 3339)".to_owned())
}
