//! How calls run: their time, their retries, and the callbacks around them.

use std::sync::Arc;
use std::time::Duration;

use super::{ClientBuilder, OnDrift};
use crate::drift::Drift;
use crate::hooks::{AfterResponse, BeforeSend};
use crate::retry::{RetryBudget, RetryPolicy};
use crate::timer::Timer;

impl ClientBuilder {
    /// The timer that timeouts and pauses use; that of the tokio runtime unless this is called.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let timer = Arc::new(offblocks_client::TokioTimer::new());
    /// let builder = offblocks_client::Client::builder().timer(timer);
    /// ```
    pub fn timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = Some(timer);
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the response;
    /// [`DEFAULT_TIMEOUT`](crate::DEFAULT_TIMEOUT) unless this is called.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let builder = offblocks_client::Client::builder().timeout(Duration::from_secs(5));
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long a whole call may take, with its token, all attempts and the pauses between them;
    /// [`DEFAULT_DEADLINE`](crate::DEFAULT_DEADLINE) unless this is called.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let builder = offblocks_client::Client::builder().deadline(Duration::from_secs(20));
    /// ```
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Which failures are tried again, and how often. [`RetryPolicy::none`] switches retries off.
    ///
    /// ```
    /// use offblocks_client::{Client, RetryPolicy};
    ///
    /// let builder = Client::builder().retry(RetryPolicy::none());
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The budget of all retries; the client has its own budget unless this is called. Several clients
    /// of the same server can share one.
    ///
    /// ```
    /// use offblocks_client::{Client, RetryBudget};
    ///
    /// let shared = RetryBudget::new(200);
    /// let (one, other) = (
    ///     Client::builder().retry_budget(shared.clone()),
    ///     Client::builder().retry_budget(shared),
    /// );
    /// ```
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// How many attempts may be on their way at the same time, in this client and its clones;
    /// [`DEFAULT_MAX_IN_FLIGHT`](crate::DEFAULT_MAX_IN_FLIGHT) unless this is called. Further attempts
    /// wait in the order of their arrival, for as long as their deadlines allow.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().max_in_flight(32);
    /// ```
    pub fn max_in_flight(mut self, most: usize) -> Self {
        self.max_in_flight = Some(most);
        self
    }

    /// How many bytes of a success are read, in each attempt;
    /// [`DEFAULT_BODY_LIMIT`](crate::DEFAULT_BODY_LIMIT) unless this is called. A longer body ends
    /// the call with an error of the kind [`Decode`](crate::ErrorKind::Decode). At most 64 KiB of a
    /// rejection are read. With [`max_in_flight`](Self::max_in_flight) this limits the memory that a
    /// server can make the client use.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().body_limit(1 << 20);
    /// ```
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// Calls this before each attempt is signed. It can add headers.
    ///
    /// ```
    /// use http::HeaderValue;
    ///
    /// let builder = offblocks_client::Client::builder().before_send(|sending| {
    ///     let value = HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    ///     sending.headers.insert("traceparent", value);
    /// });
    /// ```
    pub fn before_send(mut self, hook: impl Fn(BeforeSend<'_>) + Send + Sync + 'static) -> Self {
        self.hooks.add_before(hook);
        self
    }

    /// Calls this after each attempt, whether a response came or not. Use it to feed metrics.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().after_response(|ended| {
    ///     if let Some(error) = ended.error {
    ///         let (operation, kind) = (ended.operation.id, error.kind().as_str());
    ///         println!("attempt {} of {operation}: {kind}", ended.attempt);
    ///     }
    /// });
    /// ```
    pub fn after_response(
        mut self,
        hook: impl Fn(&AfterResponse<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.add_after(hook);
        self
    }

    /// Calls this with every [`drift`](crate::drift) of the server from the contract, whether or
    /// not it was seen before. Use it to feed a metric or an alarm. A second callback replaces the
    /// first. It runs where the response is awaited, before the call ends. Drift is logged without
    /// it too.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder()
    ///     .on_drift(|drift| println!("{} of {}", drift.kind.as_str(), drift.operation));
    /// ```
    pub fn on_drift(mut self, callback: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        self.on_drift = Some(OnDrift(Arc::new(callback)));
        self
    }
}
