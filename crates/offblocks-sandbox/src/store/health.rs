//! Whether the database works, for responses and for the log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Outage, StoreError};

/// How often a lasting outage is logged again.
const REPEAT: Duration = Duration::from_secs(30);

/// For how long after a failure the sandbox begins no write by itself.
const REST: Duration = Duration::from_secs(1);

/// What went wrong last, and whether it still does.
#[derive(Debug, Default)]
pub(crate) struct Health {
    state: Mutex<State>,
    commits: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    /// How many times something failed.
    failures: u64,
    last: Option<Outage>,
    /// Since the last success: when it failed last, and when that was logged.
    out: Option<Out>,
}

#[derive(Debug, Clone, Copy)]
struct Out {
    failed: Instant,
    logged: Instant,
}

impl Health {
    /// Notes a failure. The log gets one line when an outage begins and one every half a minute
    /// while it lasts, however many requests it costs.
    pub(crate) fn failed(&self, error: &StoreError) {
        let Some(outage) = error.outage() else {
            return;
        };
        let now = Instant::now();
        let mut state = self.state();
        state.failures += 1;
        if outage == Outage::RolledBack && state.out.is_some() {
            // What the other call met explains more.
            return;
        }
        let known = state
            .out
            .filter(|out| state.last == Some(outage) && now.duration_since(out.logged) < REPEAT);
        state.last = Some(outage);
        state.out = Some(Out {
            failed: now,
            logged: known.map_or(now, |out| out.logged),
        });
        drop(state);
        if known.is_none() {
            tracing::error!(
                error = error as &dyn std::error::Error,
                "the database cannot be used"
            );
        }
    }

    /// Notes that a transaction was committed, or that a server is back.
    pub(crate) fn works(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        if self.state().out.take().is_some() {
            tracing::info!("the database can be used again");
        }
    }

    /// How many transactions were committed since the start.
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Whether writing failed a moment ago and has not succeeded since.
    pub(crate) fn rests(&self) -> bool {
        let out = self.state().out;
        out.is_some_and(|out| out.failed.elapsed() < REST)
    }

    /// A mark to ask [`Health::since`] with.
    pub(crate) fn mark(&self) -> u64 {
        self.state().failures
    }

    /// The outage now, or the last one since the mark.
    pub(crate) fn since(&self, mark: u64) -> Option<Outage> {
        let state = self.state();
        let applies = state.out.is_some() || state.failures != mark;
        state.last.filter(|_| applies)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_outage_lasts_until_a_commit() {
        let health = Health::default();
        let mark = health.mark();
        assert_eq!((health.rests(), health.since(mark)), (false, None));
        health.failed(&StoreError::unavailable(Outage::Full));
        assert_eq!(health.since(health.mark()), Some(Outage::Full));
        assert!(health.rests());
        tokio::time::advance(REST).await;
        assert!(!health.rests(), "the next one tries again");
        health.works();
        assert_eq!(
            health.since(mark),
            Some(Outage::Full),
            "it was out meanwhile"
        );
        assert_eq!(health.since(health.mark()), None);
    }

    #[test]
    fn a_query_that_fails_is_no_outage() {
        let health = Health::default();
        health.failed(&StoreError::Ended);
        assert_eq!(health.since(0), None);
    }
}
