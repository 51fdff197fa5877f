//! Claims, renews, completes and releases around a handler.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::{Either, select};
use offblocks_signature::Clock;
use offblocks_types::chrono::{DateTime, TimeDelta, Utc};
use offblocks_types::uuid::Uuid;

use super::{Claim, HandleError, Lease, ReplayError, ReplayStore};
use crate::system::{SystemClock, TokioTimer};
use crate::timer::Timer;

/// How long a lease holds unless [`InboxBuilder::lease`] says otherwise.
const DEFAULT_LEASE: Duration = Duration::from_secs(30);

/// How long events are remembered unless [`InboxBuilder::retention`] says otherwise.
const DEFAULT_RETENTION: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// After how many events the store is pruned.
const PRUNE_EVERY: u64 = 1_000;

/// When to try again while another caller handles the event, at most.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(30);

/// Runs a handler once for each event.
///
/// Events are recognised by their `eventId`: the contract says that all deliveries of an event
/// repeat it. A signature cannot be used for this, because a delivery that is sent again is
/// signed again.
///
/// ```
/// use offblocks_webhooks::{Handled, Inbox, MemoryStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let inbox = Inbox::new(MemoryStore::new());
/// let event_id = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse()?;
/// let handle = || async { Ok::<_, std::io::Error>("handled") };
///
/// assert_eq!(inbox.handle(event_id, |_| handle()).await?, Handled::Now("handled"));
/// assert_eq!(inbox.handle(event_id, |_| handle()).await?, Handled::Before);
/// # Ok(())
/// # }
/// ```
///
/// # What is promised
/// - The handler runs for one delivery of an event at a time. The others get
///   [`ReplayError::InProgress`], and are sent again.
/// - When it fails, it runs again with the next delivery. When it succeeded, it never runs again
///   while the event is remembered.
/// - When the process crashes, the lease ends by itself, and the handler runs again. So the handler has to
///   be idempotent. **To do its work exactly once, do it in a transaction of the same database that marks
///   the event**: `PostgresStore::mark_done` and `SqliteStore::mark_done`, or `complete_in` with the lease
///   that the handler is given.
pub struct Inbox<S> {
    inner: Arc<Inner<S>>,
}

/// Clones share the store.
impl<S> Clone for Inbox<S> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

struct Inner<S> {
    store: S,
    lease: Duration,
    retention: Duration,
    clock: Box<dyn Clock>,
    timer: Box<dyn Timer>,
    handled: AtomicU64,
}

/// The result of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled<T> {
    /// The handler ran, and returned this.
    Now(T),
    /// The event was handled before. Acknowledge the delivery.
    Before,
}

/// Sets up an [`Inbox`].
#[must_use = "a builder does nothing until it builds"]
pub struct InboxBuilder<S>(Inner<S>);

impl<S: ReplayStore> Inbox<S> {
    /// An inbox with the usual settings.
    ///
    /// ```
    /// use offblocks_webhooks::{Inbox, MemoryStore};
    ///
    /// let inbox = Inbox::new(MemoryStore::new());
    /// ```
    pub fn new(store: S) -> Self {
        Self::builder(store).build()
    }

    /// Sets up an inbox.
    ///
    /// ```
    /// use offblocks_webhooks::{Inbox, MemoryStore};
    ///
    /// let inbox = Inbox::builder(MemoryStore::new()).build();
    /// ```
    pub fn builder(store: S) -> InboxBuilder<S> {
        InboxBuilder(Inner {
            store,
            lease: DEFAULT_LEASE,
            retention: DEFAULT_RETENTION,
            clock: Box::new(SystemClock),
            timer: Box::new(TokioTimer),
            handled: AtomicU64::new(0),
        })
    }

    /// The store.
    ///
    /// ```
    /// use offblocks_webhooks::{Inbox, MemoryStore};
    ///
    /// let inbox = Inbox::new(MemoryStore::new());
    /// let store: &MemoryStore = inbox.store();
    /// ```
    #[must_use]
    pub fn store(&self) -> &S {
        &self.inner.store
    }

    /// Runs the handler, unless the event was handled before or is being handled now.
    ///
    /// The lease is renewed while the handler runs. The handler is given it to complete the event
    /// in a transaction of its own.
    ///
    /// ```
    /// use offblocks_webhooks::testing::card_event;
    /// use offblocks_webhooks::{HandleError, Handled, Inbox, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let inbox = Inbox::new(MemoryStore::new());
    /// let event_id = card_event(1, "active").event_id();
    ///
    /// let failed = inbox.handle(event_id, |_| async { Err::<(), _>(std::io::Error::other("no ledger")) });
    /// assert!(matches!(failed.await, Err(HandleError::Handler(_))));
    ///
    /// // The next delivery of the event runs the handler again.
    /// let handled = inbox.handle(event_id, |_| async { Ok::<_, std::io::Error>("booked") });
    /// assert_eq!(handled.await?, Handled::Now("booked"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the handler fails, the store fails, another caller handles the event, or the lease was
    /// lost. The event is not marked as done then.
    pub async fn handle<T, E, F, R>(
        &self,
        event_id: Uuid,
        handler: F,
    ) -> Result<Handled<T>, HandleError<E>>
    where
        F: FnOnce(Lease) -> R,
        R: Future<Output = Result<T, E>>,
    {
        let inner = &*self.inner;
        let now = inner.now();
        let lease = match inner.store.claim(event_id, now, inner.until(now)).await? {
            Claim::Claimed(lease) => lease,
            Claim::Done => return Ok(Handled::Before),
            Claim::InProgress { until } => return Err(in_progress(until, now).into()),
        };
        let mut held = Held {
            store: &inner.store,
            lease: Some(lease),
        };
        let outcome = inner.run(&lease, handler(lease)).await;
        let completed = match &outcome {
            Some(Ok(_)) => inner.store.complete(&lease, inner.now()).await,
            Some(Err(_)) => inner.store.release(&lease).await.map(|()| true),
            None => Ok(false),
        };
        held.lease = None;
        match (outcome, completed) {
            (Some(Ok(value)), Ok(true)) => {
                inner.prune_at_times().await;
                Ok(Handled::Now(value))
            }
            (Some(Ok(_)), Err(error)) => Err(error.into()),
            (Some(Err(error)), released) => {
                if let Err(failure) = released {
                    let failure = &failure as &dyn std::error::Error;
                    tracing::warn!(error = failure, %event_id, "a lease ends by itself");
                }
                Err(HandleError::Handler(error))
            }
            (Some(Ok(_)), Ok(false)) | (None, _) => Err(HandleError::LeaseLost),
        }
    }
}

impl<S: ReplayStore> Inner<S> {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now().into()
    }

    fn until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        shifted(now, self.lease, 1)
    }

    /// Runs a handler and renews its lease meanwhile. `None` when the lease is lost, whereupon the
    /// handler is dropped.
    async fn run<T>(&self, lease: &Lease, handler: impl Future<Output = T>) -> Option<T> {
        let mut handler = pin!(handler);
        loop {
            // A third leaves two more attempts before the lease ends.
            let pause = self.timer.sleep(self.lease / 3);
            match select(handler.as_mut(), pause).await {
                Either::Left((outcome, _)) => return Some(outcome),
                Either::Right(((), _)) => (),
            }
            let renewal = pin!(self.renew(lease));
            match select(handler.as_mut(), renewal).await {
                Either::Left((outcome, _)) => return Some(outcome),
                Either::Right((true, _)) => (),
                Either::Right((false, _)) => return None,
            }
        }
    }

    /// Whether the lease still holds, as far as is known.
    async fn renew(&self, lease: &Lease) -> bool {
        let until = self.until(self.now());
        self.store
            .renew(lease, until)
            .await
            .unwrap_or_else(|error| {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, event_id = %lease.event_id(), "a lease cannot be renewed");
                // Whether it holds is checked again when the event is completed.
                true
            })
    }

    async fn prune_at_times(&self) {
        if self.handled.fetch_add(1, Ordering::Relaxed) % PRUNE_EVERY != PRUNE_EVERY - 1 {
            return;
        }
        let before = shifted(self.now(), self.retention, -1);
        if let Err(error) = self.store.prune(before).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "old events cannot be forgotten");
        }
    }
}

impl<S: ReplayStore> InboxBuilder<S> {
    /// How long the lease of an event holds; 30 seconds unless set. It is renewed while the handler
    /// runs, so it only decides how long the event of a crashed process has to wait. The clocks of
    /// machines that share a store must agree within a fraction of the lease. Where they do not, another
    /// caller may take an event over early, and the first caller's completion is then rejected.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use offblocks_webhooks::{Inbox, MemoryStore};
    ///
    /// let inbox = Inbox::builder(MemoryStore::new()).lease(Duration::from_secs(10)).build();
    /// ```
    pub fn lease(mut self, lease: Duration) -> Self {
        self.0.lease = lease;
        self
    }

    /// How long events are remembered; seven days unless set. OffBlocks sends a delivery again for
    /// up to 24 hours, so keep it longer than that.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use offblocks_webhooks::{Inbox, MemoryStore};
    ///
    /// let inbox = Inbox::builder(MemoryStore::new()).retention(Duration::from_secs(2 * 24 * 60 * 60)).build();
    /// ```
    pub fn retention(mut self, retention: Duration) -> Self {
        self.0.retention = retention;
        self
    }

    /// The clock; the machine's clock unless set. A closure is a clock too.
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use offblocks_webhooks::{Inbox, MemoryStore};
    ///
    /// let inbox = Inbox::builder(MemoryStore::new()).clock(|| SystemTime::UNIX_EPOCH).build();
    /// ```
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.0.clock = Box::new(clock);
        self
    }

    /// The timer; that of the tokio runtime unless set.
    ///
    /// ```
    /// use std::future::Future;
    /// use std::pin::Pin;
    /// use std::time::Duration;
    ///
    /// use offblocks_webhooks::{Inbox, MemoryStore, Timer};
    ///
    /// /// For a test whose handlers end before a lease has to be renewed.
    /// struct Never;
    ///
    /// impl Timer for Never {
    ///     fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    ///         Box::pin(std::future::pending())
    ///     }
    /// }
    ///
    /// let inbox = Inbox::builder(MemoryStore::new()).timer(Never).build();
    /// ```
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.0.timer = Box::new(timer);
        self
    }

    /// Builds the inbox.
    ///
    /// ```
    /// use offblocks_webhooks::{Inbox, MemoryStore};
    ///
    /// let inbox = Inbox::builder(MemoryStore::new()).build();
    /// ```
    pub fn build(self) -> Inbox<S> {
        Inbox {
            inner: Arc::new(self.0),
        }
    }
}

/// Notifies the store when the handling is cut off.
struct Held<'a, S: ReplayStore> {
    store: &'a S,
    lease: Option<Lease>,
}

impl<S: ReplayStore> Drop for Held<'_, S> {
    fn drop(&mut self) {
        if let Some(lease) = &self.lease {
            self.store.abandon(lease);
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Inbox<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            store,
            lease,
            retention,
            ..
        } = &*self.inner;
        formatter
            .debug_struct("Inbox")
            .field("store", store)
            .field("lease", lease)
            .field("retention", retention)
            .finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for InboxBuilder<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("InboxBuilder")
            .field("lease", &self.0.lease)
            .field("retention", &self.0.retention)
            .finish_non_exhaustive()
    }
}

fn in_progress(until: DateTime<Utc>, now: DateTime<Utc>) -> ReplayError {
    let rest = (until - now).to_std().unwrap_or_default();
    ReplayError::InProgress {
        retry_after: rest.min(LONGEST_RETRY_AFTER),
    }
}

/// An instant that is so much later or, with a sign of -1, earlier.
fn shifted(now: DateTime<Utc>, duration: Duration, sign: i32) -> DateTime<Utc> {
    let delta = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
    let ends = if sign < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    };
    now.checked_add_signed(delta * sign).unwrap_or(ends)
}
