//! Idempotency keys over the sandbox's own database: the answer is stored in the transaction that
//! the work was done in.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use offblocks_server::{Begin, Claim, IdempotencyStore, StoredResponse};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::store::idempotency::{self as rows, Remembered};
use crate::store::{StoreError, Tx};
use crate::world::World;

/// The transaction of a call under a key. Handlers find it in their request's extensions.
#[derive(Clone)]
pub(crate) struct Keyed {
    transaction: Arc<tokio::sync::Mutex<Option<Tx>>>,
    claim: Arc<Claim>,
    _slot: Arc<Slot>,
}

impl Keyed {
    /// The transaction, for whoever works on it now; `None` inside once it has ended.
    pub(crate) async fn transaction(&self) -> OwnedMutexGuard<Option<Tx>> {
        Arc::clone(&self.transaction).lock_owned().await
    }

    async fn take(&self) -> Result<Tx, StoreError> {
        self.transaction().await.take().ok_or(StoreError::Ended)
    }
}

/// The keys whose calls still run. One process owns the database, so its memory is enough, and
/// a crash leaves no key claimed for good.
#[derive(Debug, Clone, Default)]
pub(crate) struct InFlight(Arc<Mutex<HashSet<Name>>>);

type Name = (String, Uuid);

/// A key that nobody else can claim until this is dropped.
#[derive(Debug)]
struct Slot {
    running: InFlight,
    name: Name,
}

impl InFlight {
    fn claim(&self, claim: &Claim) -> Option<Slot> {
        let name = (claim.scope.clone(), claim.key);
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.insert(name.clone()).then(|| Slot {
            running: self.clone(),
            name,
        })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut names = self
            .running
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        names.remove(&self.name);
    }
}

impl IdempotencyStore for World {
    type Transaction = Keyed;
    type Error = StoreError;

    async fn begin(&self, claim: Claim) -> Result<Begin<Keyed>, StoreError> {
        let world = self.clone();
        self.attempt(async move { Ok(world.claim(claim).await?) })
            .await
    }

    async fn finish(&self, keyed: Keyed, answer: &StoredResponse) -> Result<(), StoreError> {
        let (world, answer) = (self.clone(), answer.clone());
        self.attempt(async move { Ok(world.remember(&keyed, &answer).await?) })
            .await
    }

    async fn abandon(&self, keyed: Keyed) -> Result<(), StoreError> {
        // Dropped without a commit, it is rolled back.
        keyed.take().await.map(drop)
    }
}

impl World {
    async fn claim(&self, claim: Claim) -> Result<Begin<Keyed>, StoreError> {
        let Some(slot) = self.in_flight.claim(&claim) else {
            return Ok(Begin::Running);
        };
        let mut reader = self.store.read().await?;
        if let Some(known) = rows::find(&mut reader, &claim, self.now()).await? {
            return Ok(answer(known, &claim));
        }
        drop(reader);
        let mut transaction = self.store.begin().await?;
        // Before the work, so that a full database has the room of what is forgotten.
        rows::forget(&mut transaction, self.now()).await?;
        Ok(Begin::Fresh(Keyed {
            transaction: Arc::new(tokio::sync::Mutex::new(Some(transaction))),
            claim: Arc::new(claim),
            _slot: Arc::new(slot),
        }))
    }

    async fn remember(&self, keyed: &Keyed, answer: &StoredResponse) -> Result<(), StoreError> {
        let mut transaction = keyed.take().await?;
        let expires_at = self.now() + self.settings.idempotency_lifetime;
        rows::insert(&mut transaction, &keyed.claim, answer, expires_at).await?;
        transaction.commit().await
    }
}

fn answer(known: Remembered, claim: &Claim) -> Begin<Keyed> {
    if known.fingerprint == claim.fingerprint.as_str() {
        Begin::Replay(known.answer)
    } else {
        Begin::Mismatch
    }
}
