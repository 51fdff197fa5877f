//! The engine of every wait: it polls, and listens to events meanwhile.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use offblocks_client::{Error, Random, Timer};

use super::entity::Entity;
use super::events::Events;
use crate::connection::Connection;
use crate::polling::PollingPolicy;
use crate::rules::Lifecycle as _;

/// Timer, randomness and polling policy.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(super) timer: &'a dyn Timer,
    pub(super) random: &'a dyn Random,
    pub(super) policy: PollingPolicy,
}

impl<'a> Surroundings<'a> {
    pub(crate) fn of(connection: &'a Connection, policy: PollingPolicy) -> Self {
        Self {
            timer: connection.timer(),
            random: connection.client().random().as_ref(),
            policy,
        }
    }

    /// A random pause between half of this interval and the whole interval, so that waits that began
    /// together do not poll together. It is never shorter than what a server asks for (`Retry-After`).
    fn pause(&self, interval: Duration, asked: Option<Duration>) -> Duration {
        let pause = interval.mul_f64(1.0 - self.random.fraction() / 2.0);
        pause.max(asked.unwrap_or_default())
    }
}

/// Polls and listens until the entity is settled or the time is over, and returns what was seen last.
///
/// The latest version (`updatedAt`) that polls and events show counts, in any order of arrival. A poll that
/// fails with a retryable error is ignored, unless it is the last one. There is one last poll when the time
/// is over.
///
/// # Errors
/// When a poll fails with an error that is not retryable, or the last one fails.
pub(crate) async fn watch<E, F>(
    surroundings: Surroundings<'_>,
    id: E::Id,
    poll: impl Fn() -> F,
    settled: impl Fn(&E) -> bool,
    mut events: Events<'_>,
) -> Result<E, Error>
where
    E: Entity,
    F: Future<Output = Result<E, Error>>,
{
    let Surroundings { timer, policy, .. } = surroundings;
    let start = timer.elapsed();
    let mut interval = policy.first();
    let mut latest: Option<E> = None;
    loop {
        let failure = match listening(poll(), &mut events, id, &mut latest, &settled).await {
            Some(Ok(seen)) => {
                keep(&mut latest, seen);
                None
            }
            // An event came first.
            None => None,
            Some(Err(error)) if !error.is_retryable() => return Err(error),
            Some(Err(error)) => Some(error),
        };
        let elapsed = timer.elapsed().saturating_sub(start);
        let left = policy.timeout.saturating_sub(elapsed);
        match (latest.take(), failure) {
            (Some(seen), None) if settled(&seen) || left.is_zero() => return Ok(seen),
            (Some(seen), Some(_)) if settled(&seen) => return Ok(seen),
            (_, Some(error)) if left.is_zero() => return Err(error),
            (seen, failure) => {
                latest = seen;
                let asked = failure.and_then(|error| error.retry_after());
                let pause = surroundings.pause(interval, asked).min(left);
                let sleep = async {
                    timer.sleep(pause).await;
                };
                listening(sleep, &mut events, id, &mut latest, &settled).await;
                if let Some(seen) = latest.take_if(|seen| settled(seen)) {
                    return Ok(seen);
                }
            }
        }
        interval = policy.after(interval);
    }
}

/// Waits for the future, and takes what events show meanwhile. `None` when one settled the entity
/// first.
async fn listening<E: Entity, T>(
    future: impl Future<Output = T>,
    events: &mut Events<'_>,
    id: E::Id,
    latest: &mut Option<E>,
    settled: &impl Fn(&E) -> bool,
) -> Option<T> {
    let mut future = pin!(future);
    loop {
        let heard = pin!(events.about::<E>(id));
        match select(future.as_mut(), heard).await {
            Either::Left((done, _)) => return Some(done),
            Either::Right((told, _)) => keep(latest, told),
        }
        if latest.as_ref().is_some_and(settled) {
            return None;
        }
    }
}

/// Keeps the later one of two versions.
///
/// The API gives times to the nanosecond or to the microsecond. Within one microsecond a state that
/// the other can become is the later one.
fn keep<E: Entity>(latest: &mut Option<E>, seen: E) {
    let newer = match latest {
        None => true,
        Some(known) => {
            let [known_at, seen_at] =
                [&*known, &seen].map(|entity| entity.updated_at().timestamp_micros());
            let follows = match (known.state(), seen.state()) {
                (Some(known), Some(seen)) => known.can_become(seen),
                _ => true,
            };
            seen_at > known_at || (seen_at == known_at && follows)
        }
    };
    if newer {
        *latest = Some(seen);
    }
}
