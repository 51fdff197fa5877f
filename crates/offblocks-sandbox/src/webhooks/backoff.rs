//! When a delivery that failed is tried again: a few fast tries, then longer and longer pauses.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};

/// The pauses after the first attempts, at their longest.
const FAST: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// The longest pause after the fast tries; each further one is twice as long.
const FIRST_SLOW: Duration = Duration::from_secs(15);

/// No pause is longer.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The instant of the next attempt after the `attempts`th failed at `now`: no later than `window` after
/// `since`, where the last one is made. `None` after that.
pub(super) fn next(
    attempts: u32,
    since: DateTime<Utc>,
    window: Duration,
    now: DateTime<Utc>,
    jitter: u32,
) -> Option<DateTime<Utc>> {
    let next =
        now.checked_add_signed(chrono::TimeDelta::from_std(pause(attempts, jitter)).ok()?)?;
    let end = since.checked_add_signed(chrono::TimeDelta::from_std(window).ok()?);
    match end {
        Some(end) => (now < end).then_some(next.min(end)),
        // A window beyond the calendar never ends.
        None => Some(next),
    }
}

/// The pause after the `attempts`th attempt: between half of the longest one and all of it.
fn pause(attempts: u32, jitter: u32) -> Duration {
    let longest = longest(attempts);
    let half = longest / 2;
    half + half.mul_f64(f64::from(jitter) / f64::from(u32::MAX))
}

fn longest(attempts: u32) -> Duration {
    let index = attempts.saturating_sub(1) as usize;
    if let Some(fast) = FAST.get(index) {
        return *fast;
    }
    let doublings = u32::try_from(index - FAST.len()).unwrap_or(u32::MAX);
    let factor = 2_u32.saturating_pow(doublings);
    FIRST_SLOW.saturating_mul(factor).min(LONGEST)
}

/// What spreads retries: the same for the same attempt at the same delivery, so that a seeded
/// sandbox repeats its runs, and different for others.
pub(super) fn jitter(delivery: i64, event: uuid::Uuid, attempts: u32) -> u32 {
    let text = format!("{delivery} {event} {attempts}");
    let hash = digest(&SHA256, text.as_bytes());
    let [a, b, c, d, ..] = hash.as_ref() else {
        unreachable!("SHA-256 has 32 bytes")
    };
    u32::from_be_bytes([*a, *b, *c, *d])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[test]
    fn pauses_grow_from_fast_to_an_hour() {
        for (attempts, shortest_ms, longest_ms) in [
            (1, 500, 1_000),
            (2, 1_000, 2_000),
            (3, 2_000, 4_000),
            (4, 7_500, 15_000),
            (5, 15_000, 30_000),
            (6, 30_000, 60_000),
            (11, 960_000, 1_920_000),
            (12, 1_800_000, 3_600_000),
            (40, 1_800_000, 3_600_000),
        ] {
            assert_eq!(pause(attempts, 0).as_millis(), shortest_ms, "{attempts}");
            assert_eq!(
                pause(attempts, u32::MAX).as_millis(),
                longest_ms,
                "{attempts}"
            );
        }
    }

    #[test]
    fn a_day_has_room_for_a_few_dozen_attempts() {
        let since = DateTime::UNIX_EPOCH;
        for jitter in [0, u32::MAX] {
            let (mut now, mut attempts) = (since, 1);
            while let Some(next) = next(attempts, since, DAY, now, jitter) {
                (now, attempts) = (next, attempts + 1);
            }
            assert!((30..70).contains(&attempts), "{attempts} attempts");
            assert_eq!(now, since + DAY, "the last one is at the end");
        }
    }

    proptest! {
        #[test]
        fn every_pause_keeps_its_bounds(attempts in 1_u32.., jitter in any::<u32>()) {
            let (pause, longest) = (pause(attempts, jitter), longest(attempts));
            prop_assert!(pause >= longest / 2 && pause <= longest, "{pause:?} of {longest:?}");
            prop_assert!(longest <= LONGEST);
            prop_assert!(attempts == 1 || longest >= super::longest(attempts - 1));
        }

        #[test]
        fn no_attempt_is_later_than_the_window(
            attempts in 1_u32..100,
            past in 0_u64..90_000,
            jitter in any::<u32>(),
        ) {
            let since = DateTime::UNIX_EPOCH;
            let now = since + Duration::from_secs(past);
            match next(attempts, since, DAY, now, jitter) {
                Some(next) => prop_assert!(next > now && next <= since + DAY),
                None => prop_assert!(now >= since + DAY),
            }
        }
    }

    #[test]
    fn the_jitter_differs_from_delivery_to_delivery_and_repeats() {
        let event = uuid::Uuid::nil();
        assert_eq!(jitter(1, event, 1), jitter(1, event, 1));
        assert_ne!(jitter(1, event, 1), jitter(2, event, 1));
        assert_ne!(jitter(1, event, 1), jitter(1, event, 2));
    }
}
