//! Accepting connections, no more than the limit allows.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::idle::Idle;

/// How long an idle connection that is asked to close is waited for.
const EVICTION: Duration = Duration::from_millis(100);

/// How long accepting pauses after it failed, so that it does not spin while files are scarce.
const PAUSE: Duration = Duration::from_millis(50);

/// The same where a connection was asked to close, which takes no longer.
const EVICTED_PAUSE: Duration = Duration::from_millis(1);

/// How often such failures are logged at most.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// How many surplus connections get a response at the same time. More are closed without a response.
const SURPLUS: usize = 16;

/// A connection, and the place it keeps until it ends.
pub(super) enum Accepted {
    /// It will be served.
    Client(TcpStream, OwnedSemaphorePermit),
    /// All others are busy: it gets a response that says to try again later.
    Surplus(TcpStream, OwnedSemaphorePermit),
}

/// A listener with a number of places.
pub(super) struct Door {
    listener: TcpListener,
    idle: Arc<Idle>,
    places: Arc<Semaphore>,
    surplus: Arc<Semaphore>,
    failures: Failures,
}

impl Door {
    pub(super) fn new(listener: TcpListener, idle: Arc<Idle>, places: usize) -> Self {
        Self {
            listener,
            idle,
            places: Arc::new(Semaphore::new(places.clamp(1, Semaphore::MAX_PERMITS))),
            surplus: Arc::new(Semaphore::new(SURPLUS)),
            failures: Failures::default(),
        }
    }

    /// The next connection. It never fails: an error of one connection or of the machine must not affect
    /// the others.
    pub(super) async fn next(&mut self) -> Accepted {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    if let Some(accepted) = self.place(stream).await {
                        return accepted;
                    }
                }
                Err(error) if is_of_the_client(&error) => (),
                Err(error) => self.failed(&error).await,
            }
        }
    }

    async fn place(&self, stream: TcpStream) -> Option<Accepted> {
        if let Some(place) = self.free().await {
            return Some(Accepted::Client(stream, place));
        }
        let surplus = Arc::clone(&self.surplus).try_acquire_owned().ok()?;
        Some(Accepted::Surplus(stream, surplus))
    }

    /// A free place; where there is none, that of the connection that has been idle for longest.
    async fn free(&self) -> Option<OwnedSemaphorePermit> {
        let places = || Arc::clone(&self.places);
        if let Ok(place) = places().try_acquire_owned() {
            return Some(place);
        }
        if !self.idle.evict() {
            return None;
        }
        let place = tokio::time::timeout(EVICTION, places().acquire_owned());
        place.await.ok()?.ok()
    }

    async fn failed(&mut self, error: &io::Error) {
        let closed = self.idle.evict();
        if let Some(times) = self.failures.count(Instant::now()) {
            tracing::warn!(
                %error, times, closed_an_idle_connection = closed,
                "connections cannot be accepted; is the limit of open files too low?"
            );
        }
        tokio::time::sleep(if closed { EVICTED_PAUSE } else { PAUSE }).await;
    }
}

/// The client went away before it was accepted.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted
    )
}

/// Failures since the last log line.
#[derive(Debug, Default)]
struct Failures {
    times: u64,
    logged: Option<Instant>,
}

impl Failures {
    /// Counts a failure. Where it is time for a log line, how many it stands for.
    fn count(&mut self, now: Instant) -> Option<u64> {
        self.times += 1;
        let quiet = self.logged.is_some_and(|logged| now < logged + LOG_EVERY);
        if quiet {
            return None;
        }
        self.logged = Some(now);
        Some(std::mem::take(&mut self.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_logged_at_most_every_ten_seconds_and_all_counted() {
        let mut failures = Failures::default();
        let start = Instant::now();
        let second = Duration::from_secs(1);
        let logged: Vec<_> = (0..=20)
            .map(|seconds| failures.count(start + second * seconds))
            .collect();
        for (seconds, times) in logged.iter().enumerate() {
            let expected = match seconds {
                0 => Some(1),
                10 | 20 => Some(10),
                _ => None,
            };
            assert_eq!(*times, expected, "after {seconds} seconds");
        }
    }
}
