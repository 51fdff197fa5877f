//! The sources of time and randomness, as traits.

use std::fmt;
use std::time::SystemTime;

use uuid::Uuid;

/// Tells the time. The client reads it when it signs and when it checks a token's age.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> SystemTime;
}

/// Makes the keys under which a server recognises a repeated call, and the randomness of pauses.
pub trait Random: fmt::Debug + Send + Sync + 'static {
    /// A new random UUID (version 4).
    fn uuid(&self) -> Uuid;

    /// A number from nothing up to and without one, by which pauses are made random. It takes the
    /// bits of a UUID that carry no version.
    fn fraction(&self) -> f64 {
        let (_, low) = self.uuid().as_u64_pair();
        // 53 bits fit an `f64` exactly.
        (low & ((1 << 53) - 1)) as f64 / (1_u64 << 53) as f64
    }
}

/// Seconds since the Unix epoch; negative before it.
pub(crate) fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = |duration: std::time::Duration| i64::try_from(duration.as_secs());
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => seconds(after).unwrap_or(i64::MAX),
        Err(before) => seconds(before.duration()).map_or(i64::MIN, |seconds| -seconds),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn seconds_count_both_ways_from_the_epoch() {
        let epoch = SystemTime::UNIX_EPOCH;
        assert_eq!(unix_seconds(epoch + Duration::from_millis(1_999)), 1);
        assert_eq!(unix_seconds(epoch), 0);
        assert_eq!(unix_seconds(epoch - Duration::from_secs(5)), -5);
    }
}
