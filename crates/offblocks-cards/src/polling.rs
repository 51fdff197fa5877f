//! How often waiting polls, and for how long.

use std::time::Duration;

use offblocks_client::{Error, Timer};

/// How often to poll for a change and when to give up.
///
/// The intervals between two polls grow: first `first_interval`, then twice as long each time, up
/// to `longest_interval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollingPolicy {
    /// The time between the first poll and the second.
    pub first_interval: Duration,
    /// The longest time between two polls.
    pub longest_interval: Duration,
    /// The time after which to give up. There is one last poll at that instant.
    pub timeout: Duration,
}

impl Default for PollingPolicy {
    /// From 200 milliseconds up to five seconds, for two minutes: the sandbox decides within
    /// seconds, the live programme within a minute or so.
    fn default() -> Self {
        Self {
            first_interval: Duration::from_millis(200),
            longest_interval: Duration::from_secs(5),
            timeout: Duration::from_secs(120),
        }
    }
}

impl PollingPolicy {
    /// The same policy with another timeout.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// The interval that follows this one.
    fn after(self, interval: Duration) -> Duration {
        interval.saturating_mul(2).min(self.longest_interval)
    }
}

/// Something that changes on the server until it is settled.
///
/// A trait rather than a closure, because the future of a borrowing async closure is not known to
/// be `Send`, and waiting has to be.
pub(crate) trait Polled: Sized + Send + Sync {
    /// The same entity as it is now.
    fn poll(&self) -> impl Future<Output = Result<Self, Error>> + Send;

    /// Whether there is nothing left to wait for.
    fn is_settled(&self) -> bool;
}

/// Polls until the entity is settled or the time is over, and returns what was seen last.
///
/// A poll that fails with a retryable error is ignored, unless it is the last one.
///
/// # Errors
/// When a poll fails with an error that is not retryable, or the last one fails.
pub(crate) async fn poll_until_settled<W: Polled>(
    timer: &dyn Timer,
    policy: PollingPolicy,
    mut entity: W,
) -> Result<W, Error> {
    let start = timer.elapsed();
    let mut interval = policy.first_interval.min(policy.longest_interval);
    loop {
        let polled = entity.poll().await;
        let elapsed = timer.elapsed().saturating_sub(start);
        let left = policy.timeout.saturating_sub(elapsed);
        match polled {
            Ok(seen) if seen.is_settled() || left.is_zero() => return Ok(seen),
            Ok(seen) => entity = seen,
            Err(error) if !error.is_retryable() || left.is_zero() => return Err(error),
            Err(_) => {}
        }
        timer.sleep(interval.min(left)).await;
        interval = policy.after(interval);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::sync::{Arc, Mutex};

    use offblocks_client::Client;

    use super::*;

    const POLICY: PollingPolicy = PollingPolicy {
        first_interval: Duration::from_secs(1),
        longest_interval: Duration::from_secs(5),
        timeout: Duration::from_secs(20),
    };

    /// Time that passes only by sleeping.
    #[derive(Debug, Default)]
    struct Sleeps(Mutex<Vec<u64>>);

    impl Sleeps {
        fn seconds(&self) -> Vec<u64> {
            self.0.lock().unwrap().clone()
        }
    }

    impl Timer for Sleeps {
        fn elapsed(&self) -> Duration {
            Duration::from_secs(self.seconds().iter().sum())
        }

        fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            self.0.lock().unwrap().push(duration.as_secs());
            Box::pin(std::future::ready(()))
        }
    }

    /// A retryable failure: no server listens there.
    async fn retryable_failure() -> Error {
        let client = Client::builder()
            .base_url("http://127.0.0.1:1/v1")
            .retry(offblocks_client::RetryPolicy::none())
            .build()
            .unwrap();
        let credentials = offblocks_types::GetTokenRequest::new(Default::default(), "secret");
        client.get_token(credentials).send().await.unwrap_err()
    }

    /// Is settled at some poll, and fails at others with a retryable error.
    #[derive(Clone, Debug)]
    struct Counted {
        polls: u32,
        settled_at: u32,
        failures: Arc<AtomicU32>,
        failure: Error,
    }

    impl Polled for Counted {
        async fn poll(&self) -> Result<Self, Error> {
            let failing = self
                .failures
                .fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1));
            match failing {
                Ok(_) => Err(self.failure.clone()),
                Err(_) => Ok(Self {
                    polls: self.polls + 1,
                    ..self.clone()
                }),
            }
        }

        fn is_settled(&self) -> bool {
            self.polls >= self.settled_at
        }
    }

    async fn watched(settled_at: u32, failures: u32) -> (Result<Counted, Error>, Vec<u64>) {
        let thing = Counted {
            polls: 0,
            settled_at,
            failures: Arc::new(AtomicU32::new(failures)),
            failure: retryable_failure().await,
        };
        let sleeps = Sleeps::default();
        let seen = poll_until_settled(&sleeps, POLICY, thing).await;
        (seen, sleeps.seconds())
    }

    #[tokio::test]
    async fn intervals_double_until_the_time_is_over() {
        let (seen, sleeps) = watched(u32::MAX, 0).await;
        assert_eq!(sleeps, [1, 2, 4, 5, 5, 3]);
        assert_eq!(
            seen.unwrap().polls,
            7,
            "there is one last poll when the time is over"
        );
    }

    #[tokio::test]
    async fn a_settled_entity_ends_the_wait() {
        let (seen, sleeps) = watched(3, 0).await;
        assert_eq!((seen.unwrap().polls, sleeps), (3, vec![1, 2]));
        let (seen, sleeps) = watched(1, 0).await;
        assert_eq!((seen.unwrap().polls, sleeps), (1, vec![]));
    }

    #[tokio::test]
    async fn retryable_failures_are_waited_out() {
        let (seen, sleeps) = watched(1, 2).await;
        assert_eq!((seen.unwrap().polls, sleeps), (1, vec![1, 2]));
        let (never, sleeps) = watched(1, u32::MAX).await;
        assert!(
            never.unwrap_err().is_connect(),
            "the last poll's failure is returned"
        );
        assert_eq!(sleeps.iter().sum::<u64>(), 20);
    }
}
