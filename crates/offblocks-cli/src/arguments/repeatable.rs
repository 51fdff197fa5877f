//! Runs of the sandbox that repeat: a seed, and a clock that stands still.

use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;
use offblocks_sandbox::{Settings, Surroundings, SystemRandom};

use crate::values;

/// The options that make runs repeat.
#[derive(Debug, Args)]
pub(crate) struct Repeatable {
    /// Make the same identifiers, times and bodies in every run
    ///
    /// The same calls, one after the other, get the same responses, byte for byte. What differs is how
    /// far the clock is ahead of the machine's (`ahead`), the signatures of deliveries, and the order
    /// and the times of metrics. The clock stands still, and automatic steps take no time unless
    /// --follow-up-delay says otherwise. On a database that has data already, the run repeats as long as
    /// the data is the same.
    #[arg(long, value_name = "NUMBER", value_parser = values::number::<u64>)]
    seed: Option<u64>,

    /// Where the clock stands still [default with --seed: 2030-01-01T00:00:00Z]
    ///
    /// `offblocks sandbox clock` sets it, advances it or lets it run from there. A database whose clock
    /// was set before keeps that one. Signatures are still dated by the machine's clock. Tokens
    /// expire an hour after this instant, so clients keep them only when it is not in their past.
    #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
    freeze_clock: Option<DateTime<Utc>>,
}

/// 2030-01-01T00:00:00Z
const FROZEN: DateTime<Utc> =
    DateTime::from_timestamp(1_893_456_000, 0).expect("the literal is an instant");

impl Repeatable {
    /// The sandbox's time and randomness. Where the clock stands still, steps take no time.
    pub(crate) fn surroundings(&self, settings: &mut Settings) -> Surroundings {
        if self.seed.is_none() && self.freeze_clock.is_none() {
            return Surroundings::real();
        }
        settings.follow_up_delay = Duration::ZERO;
        let instant = self.freeze_clock.unwrap_or(FROZEN);
        let mut surroundings = Surroundings::repeatable(instant, self.seed.unwrap_or_default());
        if self.seed.is_none() {
            surroundings.random = std::sync::Arc::new(SystemRandom);
        }
        surroundings
    }
}
