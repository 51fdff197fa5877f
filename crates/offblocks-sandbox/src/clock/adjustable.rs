//! The clock that the control plane sets: the injected one, with an offset or held still.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::{Clock, Reached, without_leap_second};

/// How an [`AdjustableClock`] shows the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hands {
    /// It runs like the clock beneath, and is ahead of it by this much; behind it where this is negative.
    Running {
        /// By how much.
        ahead: TimeDelta,
    },
    /// Standing still.
    Frozen {
        /// Where.
        at: DateTime<Utc>,
    },
}

impl Hands {
    /// Those of the clock beneath.
    pub(crate) const SYSTEM: Self = Self::Running {
        ahead: TimeDelta::zero(),
    };
}

/// A clock that runs like another one until it is set. Clones show the same time.
#[derive(Debug, Clone)]
pub(crate) struct AdjustableClock {
    beneath: Arc<dyn Clock>,
    /// How it shows the time until it is set.
    first: Hands,
    hands: Arc<watch::Sender<Hands>>,
}

impl AdjustableClock {
    /// A clock that stands here, or shows what the one beneath shows.
    pub(crate) fn new(beneath: Arc<dyn Clock>, frozen_at: Option<DateTime<Utc>>) -> Self {
        let frozen = |at| Hands::Frozen {
            at: without_leap_second(at),
        };
        let first = frozen_at.map_or(Hands::SYSTEM, frozen);
        Self {
            beneath,
            first,
            hands: Arc::new(watch::Sender::new(first)),
        }
    }

    /// How it shows the time until it is set.
    pub(crate) const fn first(&self) -> Hands {
        self.first
    }

    /// The time by the clock beneath.
    pub(crate) fn beneath(&self) -> DateTime<Utc> {
        self.beneath.now()
    }

    /// The clock beneath.
    pub(crate) fn source(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.beneath)
    }

    /// How it shows the time now.
    pub(crate) fn hands(&self) -> Hands {
        *self.hands.borrow()
    }

    /// Sets it. Waits for an instant that has come end.
    pub(crate) fn set(&self, hands: Hands) {
        self.hands.send_replace(hands);
    }
}

impl Clock for AdjustableClock {
    fn now(&self) -> DateTime<Utc> {
        match self.hands() {
            Hands::Running { ahead } => self.beneath.now() + ahead,
            Hands::Frozen { at } => at,
        }
    }

    fn reaches(&self, instant: DateTime<Utc>) -> Reached<'_> {
        let mut changes = self.hands.subscribe();
        Box::pin(async move {
            loop {
                let hands = *changes.borrow_and_update();
                let reached = async {
                    match hands {
                        Hands::Frozen { at } if at >= instant => {}
                        Hands::Frozen { .. } => std::future::pending().await,
                        Hands::Running { ahead } => match instant.checked_sub_signed(ahead) {
                            Some(beneath) => self.beneath.reaches(beneath).await,
                            // Beyond the calendar, which no clock reaches.
                            None => std::future::pending().await,
                        },
                    }
                };
                tokio::select! {
                    // A change comes first: what the clock beneath has reached counts no more.
                    biased;
                    changed = changes.changed() => {
                        changed.expect("the clock itself holds the sender");
                    }
                    () = reached => return,
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;

    use super::*;
    use crate::clock::ManualClock;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn it_runs_as_the_clock_beneath_until_it_is_frozen() {
        let beneath = ManualClock::new(at(0));
        let clock = AdjustableClock::new(Arc::new(beneath.clone()), None);
        beneath.advance(Duration::from_secs(1));
        assert_eq!(clock.now(), at(1));
        let ahead = TimeDelta::seconds(10);
        clock.set(Hands::Running { ahead });
        beneath.advance(Duration::from_secs(1));
        assert_eq!(clock.now(), at(12));
        clock.set(Hands::Frozen { at: at(20) });
        beneath.advance(Duration::from_secs(1));
        assert_eq!((clock.now(), clock.beneath()), (at(20), at(3)));
    }

    #[tokio::test]
    async fn waiting_goes_on_however_the_instant_comes() {
        let beneath = ManualClock::new(at(0));
        let clock = AdjustableClock::new(Arc::new(beneath.clone()), None);
        let mut waiting = clock.reaches(at(60));
        assert_eq!((&mut waiting).now_or_never(), None);
        clock.set(Hands::Frozen { at: at(5) });
        beneath.advance(Duration::from_secs(60));
        assert_eq!((&mut waiting).now_or_never(), None, "it is frozen");
        let ahead = TimeDelta::seconds(-1);
        clock.set(Hands::Running { ahead });
        assert_eq!((&mut waiting).now_or_never(), None, "a second is missing");
        beneath.advance(Duration::from_secs(1));
        waiting.await;
        clock.set(Hands::Frozen { at: at(100) });
        clock.reaches(at(100)).await;
    }
}
