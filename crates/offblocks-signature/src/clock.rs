//! The source of the current time, as a trait that clients and servers share.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Gives the current time. This crate does not read the system clock itself.
///
/// Any `Fn() -> SystemTime` is a clock, and so is an [`Arc`] of one.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use offblocks_signature::Clock;
///
/// let fixed = || SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_340_781);
/// assert_eq!(fixed.unix_seconds(), 1_795_340_781);
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> SystemTime;

    /// The current time in seconds since the Unix epoch, as signatures carry it; negative before it.
    fn unix_seconds(&self) -> i64 {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs());
        match self.now().duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => seconds(after).unwrap_or(i64::MAX),
            Err(before) => seconds(before.duration()).map_or(i64::MIN, |seconds| -seconds),
        }
    }
}

impl<F: Fn() -> SystemTime + Send + Sync + 'static> Clock for F {
    fn now(&self) -> SystemTime {
        self()
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        self.as_ref().now()
    }
}

impl fmt::Debug for dyn Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_count_both_ways_from_the_epoch() {
        let epoch = SystemTime::UNIX_EPOCH;
        let cases = [
            (epoch + Duration::from_millis(1_999), 1),
            (epoch, 0),
            (epoch - Duration::from_secs(5), -5),
        ];
        for (time, expected) in cases {
            let shared: Arc<dyn Clock> = Arc::new(move || time);
            assert_eq!(shared.unix_seconds(), expected);
        }
    }
}
