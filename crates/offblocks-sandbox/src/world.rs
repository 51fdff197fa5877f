//! What all parts of a running sandbox share, and its units of work.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use offblocks_server::RequestContext;
use tokio::sync::{OwnedMutexGuard, watch};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::Surroundings;
use crate::access::Access;
use crate::admission;
use crate::clock::AdjustableClock;
use crate::deliveries::Control;
use crate::domain::{Work, due};
use crate::entities::Entities;
use crate::failure::Failure;
use crate::faults::Registry;
use crate::idempotency::{InFlight, Keyed, Shared};
use crate::metrics::{Metrics, Remembered};
use crate::request_log::Journal;
use crate::secrets::Reach;
use crate::settings::Settings;
use crate::store::overview::Count;
use crate::store::{Connection, Health, Outage, Reader, Store, StoreError, Tx};
use crate::under_way::UnderWay;

/// A running sandbox's settings, surroundings and database. The generated traits are implemented
/// on it, in [`crate::api`]. Clones are the same sandbox, and cost little, since each unit of work has
/// some.
#[derive(Debug, Clone)]
pub(crate) struct World(Arc<Parts>);

/// What a [`World`] consists of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) settings: Arc<Settings>,
    /// With the adjustable clock in the place of the injected one.
    pub(crate) surroundings: Surroundings,
    pub(crate) clock: AdjustableClock,
    /// Held while the clock is moved, so that only one call moves it, and while the ticker works, so
    /// that it does not take part.
    pub(crate) travelling: Arc<tokio::sync::Mutex<()>>,
    /// Raised to stop a move of the clock that is under way.
    pub(crate) halts: watch::Sender<u64>,
    /// Held while what the control plane keeps is read into this process, or counts are written.
    pub(crate) loading: Arc<tokio::sync::Mutex<()>>,
    pub(crate) store: Store,
    /// Who may call, as it was read last.
    pub(crate) access: Arc<Access>,
    /// Entities as they were read last.
    pub(crate) entities: Arc<Entities>,
    pub(crate) in_flight: InFlight,
    pub(crate) webhooks: Control,
    pub(crate) faults: Registry,
    pub(crate) reach: Reach,
    pub(crate) journal: Arc<Journal>,
    pub(crate) metrics: Arc<Metrics>,
    /// Entities by kind and state, as they were counted last.
    pub(crate) counted: Arc<Remembered<Vec<Count>>>,
    /// Long calls.
    pub(crate) under_way: UnderWay,
}

impl Deref for World {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl From<Parts> for World {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl World {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.surroundings.clock.now()
    }

    /// Runs a unit of work in a task of its own, so that it runs to its end even when the caller is
    /// dropped: a client that closes the connection must not leave work half done.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> impl Future<Output = Result<T, Failure>> + Send {
        // A unit of work can have several kilobytes. Boxed here, it is not part of the futures of all
        // that wait for it, which each request moves about.
        let work = Box::pin(work);
        spawned(work, Arc::clone(self.store.health()))
    }

    /// As [`World::run`]. The work of a call under an idempotency key needs no task of its own, since
    /// such a call is run to its end as a whole.
    pub(crate) fn run_called<T: Send + 'static>(
        &self,
        is_keyed: bool,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> impl Future<Output = Result<T, Failure>> + Send {
        let work: Pinned<T> = Box::pin(work);
        let health = Arc::clone(self.store.health());
        async move {
            match is_keyed {
                true => noted(work, health).await,
                false => spawned(work, health).await,
            }
        }
    }

    /// Reads an entity with a unit of work, unless that was done since the last commit.
    pub(crate) async fn entity<T, R>(
        &self,
        id: Uuid,
        read: impl FnOnce() -> R + Send,
    ) -> Result<T, Failure>
    where
        T: Clone + Send + 'static,
        R: Future<Output = Result<T, Failure>> + Send + 'static,
    {
        let version = self.store.version(self.now());
        if let Some(version) = version
            && let Some(known) = self.entities.get(version, id)
        {
            return Ok(known);
        }
        let entity = self.run(read()).await?;
        if let Some(version) = version {
            self.entities.hold(version, id, &entity);
        }
        Ok(entity)
    }

    /// Runs a unit of work that fails for the store's reasons only.
    pub(crate) fn attempt<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        let running = self.run(work);
        async move { running.await.map_err(Failure::of_store) }
    }

    /// A unit of work that may write. Under an idempotency key it shares the transaction its
    /// response will be stored in; otherwise it has one of its own. A caller whose token or signing key
    /// was revoked meanwhile is rejected, and this is not stored. Whatever is due happens first.
    pub(crate) async fn begin(&self, context: &RequestContext) -> Result<Unit, Failure> {
        let held = match context.extension::<Keyed>() {
            Some(keyed) => Held::Shared(self.shared(keyed).await?),
            None => Held::Own(self.store.begin().await?),
        };
        let mut unit = self.unit(held);
        match admission::check(unit.held.connection()?, &self.access, context).await {
            Ok(()) => self.settled(unit).await,
            Err(rejection) => {
                unit.held.refuse();
                Err(rejection)
            }
        }
    }

    /// A unit of work that only reads. Whatever is due happens first, unless the database cannot
    /// be written at the moment: then it reads what is there.
    pub(crate) async fn read(&self) -> Result<Unit, Failure> {
        self.settle_if_possible().await?;
        Ok(self.unit(Held::Reader(self.store.snapshot().await?)))
    }

    /// As [`World::read`], for work that is one statement: that needs no snapshot.
    pub(crate) async fn read_once(&self) -> Result<Unit, Failure> {
        self.settle_if_possible().await?;
        Ok(self.unit(Held::Reader(self.store.read().await?)))
    }

    async fn settle_if_possible(&self) -> Result<(), Failure> {
        if !self.store.health().rests()
            && let Err(failure) = self.settle().await
        {
            self.ignore_outage(failure)?;
        }
        Ok(())
    }

    /// A unit of work outside any request.
    pub(crate) async fn begin_alone(&self) -> Result<Unit, Failure> {
        let held = Held::Own(self.store.begin().await?);
        Ok(self.unit(held))
    }

    /// As [`World::begin_alone`], after all that is due.
    pub(crate) async fn begin_settled(&self) -> Result<Unit, Failure> {
        let unit = self.begin_alone().await?;
        self.settled(unit).await
    }

    /// The unit of work, after all that is due.
    async fn settled(&self, mut unit: Unit) -> Result<Unit, Failure> {
        if self.store.may_have_due(unit.now) {
            // Steps are seldom due, and take a large future that no unit of work need carry.
            Box::pin(due::apply(&mut unit.work()?)).await?;
        }
        Ok(unit)
    }

    /// Lets all steps happen that are due. Returns how many.
    pub(crate) async fn settle(&self) -> Result<u64, Failure> {
        let next_due = self.store.next_due_now().await?;
        if next_due.is_none_or(|due| due > self.now()) {
            return Ok(0);
        }
        let mut unit = self.begin_alone().await?;
        let applied = Box::pin(due::apply(&mut unit.work()?)).await;
        unit.end(applied).await
    }

    /// Notes an outage of the database, because of which steps could not happen, and ignores it. Any other
    /// failure is returned.
    fn ignore_outage(&self, failure: Failure) -> Result<(), Failure> {
        match failure {
            Failure::Store(error) if error.outage().is_some() => {
                self.store.health().failed(&error);
                Ok(())
            }
            failure => Err(failure),
        }
    }

    fn unit(&self, held: Held) -> Unit {
        Unit {
            now: self.now(),
            world: self.clone(),
            held,
        }
    }
}

type Pinned<T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

/// The outcome of a unit of work, noted where it is the store's failure.
async fn noted<T>(work: Pinned<T>, health: Arc<Health>) -> Result<T, Failure> {
    let outcome = work.await;
    if let Err(Failure::Store(error)) = &outcome {
        health.failed(error);
    }
    outcome
}

/// The outcome of a unit of work that runs in a task of its own.
async fn spawned<T: Send + 'static>(work: Pinned<T>, health: Arc<Health>) -> Result<T, Failure> {
    let task = noted(work, health);
    match tokio::spawn(task.in_current_span()).await {
        Ok(outcome) => outcome,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StoreError::unavailable(Outage::Closed).into()),
        },
    }
}

/// A piece of work on one connection, ended by [`Unit::end`]. Dropped without that, a transaction
/// of its own is rolled back.
pub(crate) struct Unit {
    world: World,
    held: Held,
    now: DateTime<Utc>,
}

enum Held {
    /// The transaction of an idempotent call; the idempotency layer commits it.
    Shared(OwnedMutexGuard<Shared>),
    Own(Tx),
    Reader(Reader),
}

impl Unit {
    /// What the domain works with.
    pub(crate) fn work(&mut self) -> Result<Work<'_>, Failure> {
        Ok(Work {
            conn: self.held.connection()?,
            settings: &self.world.settings,
            random: &*self.world.surroundings.random,
            now: self.now,
            reach: &self.world.reach,
        })
    }

    /// Commits a transaction of its own. A rejection is committed too, since it may have issued a
    /// new challenge; only the sandbox's own failure rolls back.
    pub(crate) async fn end<T>(self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        if let Held::Own(transaction) = self.held
            && !matches!(outcome, Err(Failure::Store(_)))
        {
            transaction.commit().await?;
        }
        outcome
    }
}

impl Held {
    /// Undoes what was done, and lets the response not be stored.
    fn refuse(self) {
        if let Self::Shared(mut shared) = self {
            *shared = Shared::Refused;
        }
    }

    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        match self {
            Self::Shared(shared) => shared.connection(),
            Self::Own(transaction) => Ok(transaction),
            Self::Reader(connection) => Ok(connection),
        }
    }
}
