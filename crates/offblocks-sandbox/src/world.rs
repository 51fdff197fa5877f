//! What every part of a running sandbox shares, and the units of work it does.

use chrono::{DateTime, Utc};
use offblocks_server::RequestContext;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection};
use tokio::sync::OwnedMutexGuard;

use crate::Surroundings;
use crate::domain::{Work, steps};
use crate::failure::Failure;
use crate::idempotency::{InFlight, Keyed};
use crate::settings::Settings;
use crate::store::{Store, StoreError, Tx};

/// A running sandbox's settings, surroundings and database. The generated traits are implemented
/// on it, in [`crate::api`].
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) surroundings: Surroundings,
    pub(crate) store: Store,
    pub(crate) in_flight: InFlight,
}

impl World {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.surroundings.clock.now()
    }

    /// A unit of work that may write. Under an idempotency key it shares the transaction its
    /// answer will be stored in; otherwise it has one of its own. Whatever is due happens first.
    pub(crate) async fn begin(&self, context: &RequestContext) -> Result<Unit<'_>, Failure> {
        let held = match context.extension::<Keyed>() {
            Some(keyed) => Held::Shared(keyed.transaction().await),
            None => Held::Own(self.store.begin().await?),
        };
        let mut unit = Unit {
            world: self,
            held,
            now: self.now(),
        };
        steps::apply_due(&mut unit.work()?).await?;
        Ok(unit)
    }

    /// A unit of work that only reads. Whatever is due happens first.
    pub(crate) async fn read(&self) -> Result<Unit<'_>, Failure> {
        self.settle().await?;
        let held = Held::Reader(self.store.read().await?);
        Ok(Unit {
            world: self,
            held,
            now: self.now(),
        })
    }

    /// A unit of work outside any request.
    pub(crate) async fn begin_alone(&self) -> Result<Unit<'_>, Failure> {
        let held = Held::Own(self.store.begin().await?);
        Ok(Unit {
            world: self,
            held,
            now: self.now(),
        })
    }

    /// Lets whatever is due happen.
    pub(crate) async fn settle(&self) -> Result<(), Failure> {
        let mut reader = self.store.read().await?;
        let any_due = crate::store::steps::any_due(&mut reader, self.now()).await?;
        drop(reader);
        if !any_due {
            return Ok(());
        }
        let mut unit = self.begin_alone().await?;
        let applied = steps::apply_due(&mut unit.work()?).await.map(drop);
        unit.end(applied).await
    }
}

/// A piece of work on one connection, ended by [`Unit::end`]. Dropped without that, a transaction
/// of its own is rolled back.
pub(crate) struct Unit<'w> {
    world: &'w World,
    held: Held,
    now: DateTime<Utc>,
}

enum Held {
    /// The transaction of an idempotent call; the idempotency layer commits it.
    Shared(OwnedMutexGuard<Option<Tx>>),
    Own(Tx),
    Reader(PoolConnection<Sqlite>),
}

impl Unit<'_> {
    /// What the domain works with.
    pub(crate) fn work(&mut self) -> Result<Work<'_>, Failure> {
        Ok(Work {
            conn: self.held.connection()?,
            settings: &self.world.settings,
            random: &*self.world.surroundings.random,
            now: self.now,
        })
    }

    /// Commits a transaction of its own. A refusal is committed too, since it may have issued a
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
    fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        match self {
            Self::Shared(guard) => guard.as_deref_mut().ok_or(StoreError::Ended),
            Self::Own(transaction) => Ok(transaction),
            Self::Reader(connection) => Ok(connection),
        }
    }
}
