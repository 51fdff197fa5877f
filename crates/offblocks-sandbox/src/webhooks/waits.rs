//! How long a move of the clock waits for receivers.
//!
//! A move stops at each instant at which a delivery is due, until the receiver has responded. A receiver
//! that never responds gets dozens of attempts for each delivery within a day, and each of them would take
//! the whole time limit. So the move waits twice, then only for a moment, and after many
//! moments for a shorter one.

use std::collections::HashMap;
use std::time::Duration;

use offblocks_types::WebhookId;

/// How often a move waits for a receiver that does not respond.
const WAITS: u32 = 2;

/// How long it waits after that, and how often.
const MOMENT: Duration = Duration::from_millis(50);
const MOMENTS: u32 = 40;

/// How long it waits when the receiver has not responded to those either. The delivery has reached the
/// receiver by then.
const SHORTEST: Duration = Duration::from_millis(5);

/// An attempt without a response that took no longer did not cause a wait, for example where a
/// connection is refused.
const SHORT: Duration = Duration::from_secs(1);

/// The receivers that did not respond during the present move.
#[derive(Debug, Default)]
pub(super) struct Waits {
    /// Which move it is.
    of: Option<u64>,
    times: HashMap<WebhookId, u32>,
}

impl Waits {
    /// How long the next attempt may take, where that is `usual` while the clock is not moved.
    pub(super) fn patience(
        &mut self,
        present: Option<u64>,
        id: WebhookId,
        usual: Duration,
    ) -> Duration {
        if self.of != present {
            self.of = present;
            self.times.clear();
        }
        match self.times.get(&id) {
            Some(times) if *times >= WAITS + MOMENTS => usual.min(SHORTEST),
            Some(times) if *times >= WAITS => usual.min(MOMENT),
            _ => usual,
        }
    }

    /// Takes note of an attempt that had so much time, and took so much without a response, or had
    /// one.
    pub(super) fn ended(&mut self, id: WebhookId, patience: Duration, silence: Option<Duration>) {
        let waited = silence.is_some_and(|silence| silence >= patience.min(SHORT));
        match (self.of, waited) {
            (Some(_), true) => *self.times.entry(id).or_default() += 1,
            _ => drop(self.times.remove(&id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_receiver_is_waited_for_twice_in_a_move() {
        let usual = Duration::from_secs(10);
        let (silent, other) = (WebhookId::from(uuid::Uuid::nil()), uuid::Uuid::max().into());
        let mut waits = Waits::default();
        let mut attempt = |present, id, silence: Option<Duration>| {
            let patience = waits.patience(present, id, usual);
            waits.ended(id, patience, silence.map(|it| it.min(patience)));
            patience
        };
        let forever = Some(Duration::MAX);
        for _ in 0..5 {
            assert_eq!(attempt(None, silent, forever), usual, "no move");
        }
        let first = [(); 4].map(|()| attempt(Some(1), silent, forever));
        assert_eq!(first, [usual, usual, MOMENT, MOMENT]);
        assert_eq!(attempt(Some(1), other, forever), usual);
        // A response within the moment, and it is waited for again.
        assert_eq!(attempt(Some(1), silent, None), MOMENT);
        assert_eq!(attempt(Some(1), silent, forever), usual);
        assert_eq!(attempt(Some(3), silent, forever), usual, "another move");
        let long = [(); 43].map(|()| attempt(Some(4), silent, forever));
        assert_eq!(long[41..], [MOMENT, SHORTEST]);
        let refused = Some(Duration::from_millis(1));
        for _ in 0..5 {
            assert_eq!(attempt(Some(5), silent, refused), usual);
        }
    }
}
