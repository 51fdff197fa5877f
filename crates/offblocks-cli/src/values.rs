//! Values that are read the same wherever the command line has them.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};

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
pub(crate) fn number(text: &str) -> Result<u64, String> {
    let number = text.parse();
    number.map_err(|_| format!("write a whole number from 0 to {}", u64::MAX))
}

/// Reads an instant.
pub(crate) fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let instant = text.parse::<DateTime<FixedOffset>>();
    let instant = instant.map(|instant| instant.with_timezone(&Utc));
    instant.map_err(|_| "write an instant such as 2030-01-01T00:00:00Z (RFC 3339)".to_owned())
}
