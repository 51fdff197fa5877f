//! The sandbox's only source of time.

mod adjustable;

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

pub(crate) use adjustable::{AdjustableClock, Hands};

/// How long one wait for the machine's clock is at most. Timers do not notice a clock that is set, or a
/// machine that was suspended.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);

/// Tells the time.
///
/// Everything that the sandbox decides by time (token and challenge lifetimes, due steps, signature
/// age) uses this one trait, so a test never waits and a run can be repeated.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The current instant, to the nanosecond where the platform has it.
    fn now(&self) -> DateTime<Utc>;

    /// Completes once the clock shows `instant` or later. An idle sandbox waits for the next step
    /// with this, so a clock that is moved by hand has to complete it when it is moved.
    fn reaches(&self, instant: DateTime<Utc>) -> Reached<'_>;
}

/// The future of [`Clock::reaches`].
pub type Reached<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The machine's own clock. Only [`crate::Surroundings::real`] constructs it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }

    fn reaches(&self, instant: DateTime<Utc>) -> Reached<'_> {
        Box::pin(async move {
            // The time until an instant that has passed is negative, which is not a valid `Duration`.
            while let Ok(left) = (instant - self.now()).to_std()
                && !left.is_zero()
            {
                tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
            }
        })
    }
}

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<watch::Sender<DateTime<Utc>>>);

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(Arc::new(watch::Sender::new(start)))
    }

    /// Moves the clock forward. Waits for an instant that has come end.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|hands| *hands += by);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    fn reaches(&self, instant: DateTime<Utc>) -> Reached<'_> {
        let mut hands = self.0.subscribe();
        Box::pin(async move {
            let moved = hands.wait_for(|hands| *hands >= instant).await;
            moved.map(drop).expect("the clock itself holds the sender");
        })
    }
}

/// So that a client can be given the sandbox's clock.
impl offblocks_signature::Clock for ManualClock {
    fn now(&self) -> std::time::SystemTime {
        Clock::now(self).into()
    }
}

/// The instant without a leap second: the second after it. Clocks of machines and databases have no leap
/// seconds, so an instant in one would be read back as another.
pub(crate) fn without_leap_second(instant: DateTime<Utc>) -> DateTime<Utc> {
    const SECOND: u32 = 1_000_000_000;
    let nanoseconds = instant.timestamp_subsec_nanos();
    if nanoseconds < SECOND {
        return instant;
    }
    let next = instant.timestamp().saturating_add(1);
    DateTime::from_timestamp(next, nanoseconds - SECOND).unwrap_or(instant)
}

/// The instant so long after another one; the last of the calendar where that ends before.
pub(crate) fn later(instant: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    let by = TimeDelta::from_std(by).ok();
    let later = by.and_then(|by| instant.checked_add_signed(by));
    later.unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_second_is_the_second_after_it() {
        for (given, expected) in [
            ("2031-06-30T23:59:59.9Z", "2031-06-30T23:59:59.9Z"),
            ("2031-06-30T23:59:60Z", "2031-07-01T00:00:00Z"),
            ("2031-06-30T23:59:60.5Z", "2031-07-01T00:00:00.5Z"),
        ] {
            let instant = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
            assert_eq!(without_leap_second(instant(given)), instant(expected));
        }
    }

    #[test]
    fn nothing_is_later_than_the_calendar() {
        let start = DateTime::UNIX_EPOCH;
        assert_eq!(later(start, Duration::from_secs(5)).timestamp(), 5);
        assert_eq!(later(start, Duration::MAX), DateTime::<Utc>::MAX_UTC);
        let days = Duration::from_secs(u64::from(u32::MAX) * 24 * 60 * 60);
        assert_eq!(later(start, days), DateTime::<Utc>::MAX_UTC);
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(DateTime::UNIX_EPOCH);
        let shared = clock.clone();
        assert_eq!(shared.now(), DateTime::UNIX_EPOCH);
        clock.advance(Duration::from_secs(5));
        assert_eq!(shared.now().timestamp(), 5);
    }

    #[tokio::test]
    async fn waiting_for_a_manual_clock_ends_when_it_gets_there() {
        let clock = ManualClock::new(DateTime::UNIX_EPOCH);
        clock.reaches(DateTime::UNIX_EPOCH).await;
        let moved = clock.clone();
        let waiting = tokio::spawn(async move {
            let instant = DateTime::UNIX_EPOCH + Duration::from_secs(60);
            moved.reaches(instant).await;
            moved.now().timestamp()
        });
        for _ in 0..3 {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_secs(30));
        }
        assert!(waiting.await.unwrap() >= 60);
    }

    #[tokio::test(start_paused = true)]
    async fn the_system_clock_is_waited_for_no_longer_than_it_takes() {
        SystemClock.reaches(SystemClock.now()).await;
        SystemClock.reaches(DateTime::UNIX_EPOCH).await;
    }
}
