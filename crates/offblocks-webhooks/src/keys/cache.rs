//! Keeps keys, and fetches them when necessary: one fetch at a time, and not too often.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use offblocks_signature::{KeyId, VerifyingKey};
use offblocks_types::chrono::{DateTime, TimeDelta, Utc};

use super::{KeyFetchError, KeyPolicy, KeySource, PublishedKey};

/// How many replaced keys are kept at most.
const MAX_RETIRED: usize = 8;

/// How many ids are remembered that the last fetch did not return, and how long each may be.
const MAX_ABSENT: usize = 64;
const MAX_ABSENT_LENGTH: usize = 128;

type Fetched = Result<Vec<PublishedKey>, Arc<KeyFetchError>>;

/// Why there is no key of an id.
#[derive(Debug, Clone)]
pub(crate) enum KeyLookupError {
    /// The current keys were fetched, and none has this id.
    Unknown,
    /// They were fetched a moment ago, before this id was asked for.
    Deferred { retry_after: Duration },
    /// They cannot be fetched.
    Unavailable {
        retry_after: Duration,
        source: Arc<KeyFetchError>,
    },
}

pub(crate) struct KeyCache {
    source: Arc<dyn KeySource>,
    policy: KeyPolicy,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Vec<PublishedKey>,
    /// Keys that were replaced, each with the instant from which it is no longer accepted.
    retired: Vec<(PublishedKey, DateTime<Utc>)>,
    fetched_at: Option<DateTime<Utc>>,
    /// When the last fetch began, and how it failed.
    begun_at: Option<DateTime<Utc>>,
    failure: Option<Arc<KeyFetchError>>,
    absent: Vec<KeyId>,
    flight: Option<Flight>,
    flights: u64,
}

/// A fetch under way. Each caller that waits for it polls it, so it continues when the caller that began it
/// gives up.
#[derive(Clone)]
struct Flight {
    number: u64,
    waiting: usize,
    future: Shared<BoxFuture<'static, Fetched>>,
}

/// What a lookup has to do.
enum Step {
    Found(VerifyingKey),
    Rejected(KeyLookupError),
    /// Wait for this fetch. When it fails, use this key, where there is one.
    Wait(Flight, Option<VerifyingKey>),
}

impl KeyCache {
    pub(crate) fn new(source: Arc<dyn KeySource>, policy: KeyPolicy) -> Self {
        Self {
            source,
            policy,
            state: Mutex::default(),
        }
    }

    /// The key of this id.
    pub(crate) async fn find(
        &self,
        id: &KeyId,
        now: DateTime<Utc>,
    ) -> Result<VerifyingKey, KeyLookupError> {
        let step = self.lock().step(id, now, self);
        let (flight, known) = match step {
            Step::Found(key) => return Ok(key),
            Step::Rejected(error) => return Err(error),
            Step::Wait(flight, known) => (flight, known),
        };
        let waiting = Waiting {
            cache: self,
            number: flight.number,
        };
        let fetched = flight.future.await;
        drop(waiting);
        let mut state = self.lock();
        state.settle(flight.number, &fetched, now, &self.policy);
        match (state.key(id, now), fetched) {
            (Some(key), _) => Ok(key),
            (None, Ok(_)) => {
                state.note_absent(id);
                Err(KeyLookupError::Unknown)
            }
            (None, Err(source)) => known.ok_or(KeyLookupError::Unavailable {
                retry_after: self.policy.min_interval,
                source,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn step(&mut self, id: &KeyId, now: DateTime<Utc>, cache: &KeyCache) -> Step {
        let known = self.key(id, now);
        let is_old = self
            .fetched_at
            .is_none_or(|at| distance(at, now) >= cache.policy.max_age);
        if let (Some(key), false) = (&known, is_old) {
            return Step::Found(key.clone());
        }
        if let Some(flight) = &mut self.flight {
            // Whoever has a key does not wait for what another one waits for already.
            return match known {
                Some(key) if flight.waiting > 0 => Step::Found(key),
                known => {
                    flight.waiting += 1;
                    Step::Wait(flight.clone(), known)
                }
            };
        }
        let rest = self.rest(now, cache.policy.min_interval);
        match (known, rest) {
            (Some(key), Some(_)) => Step::Found(key),
            (None, Some(retry_after)) => Step::Rejected(self.rejection(id, retry_after)),
            (known, None) => Step::Wait(self.begin(now, &cache.source), known),
        }
    }

    /// The key of this id that is accepted at this instant.
    fn key(&self, id: &KeyId, now: DateTime<Utc>) -> Option<VerifyingKey> {
        let retired = self.retired.iter().filter(|(_, until)| now < *until);
        let mut all = self.current.iter().chain(retired.map(|(key, _)| key));
        all.find(|it| it.id == *id).map(|it| it.key.clone())
    }

    /// How long to wait until a fetch may begin.
    fn rest(&self, now: DateTime<Utc>, interval: Duration) -> Option<Duration> {
        let past = distance(self.begun_at?, now);
        interval.checked_sub(past).filter(|rest| !rest.is_zero())
    }

    /// What an unknown id is rejected with while no fetch may begin.
    fn rejection(&self, id: &KeyId, retry_after: Duration) -> KeyLookupError {
        match &self.failure {
            Some(source) => KeyLookupError::Unavailable {
                retry_after,
                source: Arc::clone(source),
            },
            None if self.absent.contains(id) => KeyLookupError::Unknown,
            None => KeyLookupError::Deferred { retry_after },
        }
    }

    fn begin(&mut self, now: DateTime<Utc>, source: &Arc<dyn KeySource>) -> Flight {
        self.begun_at = Some(now);
        self.flights += 1;
        let source = Arc::clone(source);
        let future = async move {
            // A panic in here would be repeated to everybody who waits, for ever.
            let fetched = AssertUnwindSafe(source.fetch()).catch_unwind().await;
            let panicked = |_| Err(KeyFetchError::call("the key source panicked"));
            fetched.unwrap_or_else(panicked).map_err(Arc::new)
        };
        let flight = Flight {
            number: self.flights,
            waiting: 1,
            future: future.boxed().shared(),
        };
        self.flight = Some(flight.clone());
        flight
    }

    /// Records the result of a fetch, once.
    fn settle(&mut self, number: u64, fetched: &Fetched, now: DateTime<Utc>, policy: &KeyPolicy) {
        if self
            .flight
            .take_if(|flight| flight.number == number)
            .is_none()
        {
            return;
        }
        match fetched {
            Ok(keys) => {
                if self.fetched_at.is_none() {
                    // The first unknown id after the first fetch is looked up at once.
                    self.begun_at = None;
                }
                let until = later(now, policy.grace);
                let replaced = std::mem::replace(&mut self.current, keys.clone());
                let current = &self.current;
                self.retired
                    .retain(|(key, until)| now < *until && !current.contains(key));
                let replaced = replaced.into_iter().filter(|key| !current.contains(key));
                self.retired.extend(replaced.map(|key| (key, until)));
                let surplus = self.retired.len().saturating_sub(MAX_RETIRED);
                self.retired.drain(..surplus);
                self.fetched_at = Some(now);
                self.failure = None;
                self.absent.clear();
            }
            Err(error) => {
                tracing::warn!(
                    error = &**error as &dyn std::error::Error,
                    kept = self.current.len(),
                    "webhook verification keys cannot be fetched; those that are known stay"
                );
                self.failure = Some(Arc::clone(error));
            }
        }
    }

    fn note_absent(&mut self, id: &KeyId) {
        let fits = self.absent.len() < MAX_ABSENT && id.as_str().len() <= MAX_ABSENT_LENGTH;
        if fits && !self.absent.contains(id) {
            self.absent.push(id.clone());
        }
    }
}

/// Counts a caller that waits for a fetch, until this is dropped.
struct Waiting<'a> {
    cache: &'a KeyCache,
    number: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.cache.lock();
        if let Some(flight) = &mut state.flight
            && flight.number == self.number
        {
            flight.waiting -= 1;
        }
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        formatter
            .debug_struct("KeyCache")
            .field("policy", &self.policy)
            .field("current", &state.current)
            .field("fetched_at", &state.fetched_at)
            .finish_non_exhaustive()
    }
}

/// How far apart two instants are. A clock that was set back does not stop fetches.
fn distance(one: DateTime<Utc>, other: DateTime<Utc>) -> Duration {
    (other - one).abs().to_std().unwrap_or(Duration::MAX)
}

fn later(now: DateTime<Utc>, duration: Duration) -> DateTime<Utc> {
    let later = TimeDelta::from_std(duration).ok();
    later
        .and_then(|delta| now.checked_add_signed(delta))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
