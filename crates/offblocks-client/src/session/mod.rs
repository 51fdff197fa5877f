//! What a client remembers between calls: credentials, the current token and the signing key.

mod credentials;
mod token;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use offblocks_signature::Clock;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::drift::DriftWatch;
use crate::hooks::Hooks;
use crate::random::Random;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::signing::CurrentSigner;
use crate::skew::Correction;
use crate::timer::Timer;

pub(crate) use credentials::TokenSource;
pub use credentials::{Credentials, CredentialsFuture, CredentialsProvider};
pub(crate) use token::{FetchedToken, Token, Tokens};

/// The state that the generated client carries for the loop that sends its requests. Clones share it.
#[derive(Clone)]
pub struct Session {
    pub(crate) shared: Arc<Shared>,
}

/// One session, whatever the number of clones.
pub struct Shared {
    pub(crate) tokens: Tokens,
    pub(crate) signer: CurrentSigner,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: RetryBudget,
    pub(crate) hooks: Hooks,
    pub(crate) skew: Correction,
    pub(crate) in_flight: InFlight,
    /// How many bytes of a success are read.
    pub(crate) body_limit: usize,
    /// What errors say of the proxy that requests go through.
    pub(crate) proxy: Option<String>,
    pub(crate) watch: DriftWatch,
}

impl Shared {
    /// The time that signatures carry, in Unix seconds.
    pub(crate) fn signing_time(&self) -> i64 {
        self.clock
            .unix_seconds()
            .saturating_add(self.skew.seconds())
    }
}

impl std::ops::Deref for Session {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// How many attempts may be on their way at once. Others wait, in the order of their arrival.
pub(crate) struct InFlight(Semaphore);

impl InFlight {
    pub(crate) fn new(most: usize) -> Self {
        Self(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS)))
    }

    /// A place, which is given back when it is dropped.
    pub(crate) async fn acquire(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.0.acquire().await.ok()
    }
}

/// Shows no key and no token.
impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("signer", &self.signer)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
