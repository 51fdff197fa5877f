//! Idempotency keys over the sandbox's own database: the response is stored in the transaction that
//! the work was done in.

use offblocks_server::{Begin, Claim, IdempotencyStore, StoredResponse};
use tokio::sync::OwnedMutexGuard;

use crate::clock::later;
use crate::idempotency::{Keyed, Shared};
use crate::store::idempotency::{self as rows, Remembered};
use crate::store::{StoreError, Tx};
use crate::world::World;

impl IdempotencyStore for World {
    type Transaction = Keyed;
    type Error = StoreError;

    async fn begin(&self, claim: Claim) -> Result<Begin<Keyed>, StoreError> {
        let world = self.clone();
        self.attempt(async move { Ok(world.claim(claim).await?) })
            .await
    }

    async fn finish(&self, keyed: Keyed, response: &StoredResponse) -> Result<(), StoreError> {
        // The layer runs this to its end, so it needs no task of its own.
        let remembered = self.remember(&keyed, response).await;
        if let Err(error) = &remembered {
            self.store.health().failed(error);
        }
        remembered
    }

    async fn abandon(&self, keyed: Keyed) -> Result<(), StoreError> {
        // Dropped without a commit, it is rolled back.
        *keyed.transaction().await = Shared::Ended;
        Ok(())
    }
}

impl World {
    async fn claim(&self, claim: Claim) -> Result<Begin<Keyed>, StoreError> {
        let Some(slot) = self.in_flight.claim(&claim) else {
            return Ok(Begin::Running);
        };
        let mut reader = self.store.read().await?;
        if let Some(known) = rows::find(&mut reader, &claim, self.now()).await? {
            return Ok(found(known, &claim));
        }
        drop(reader);
        if !self.store.is_shared() {
            // The slot keeps the key until the call has ended, so that it is not looked for again.
            return Ok(Begin::Fresh(Keyed::new(Shared::NotBegun, claim, slot)));
        }
        let Some(lock) = self.store.claim_key(slot.shared_name()).await? else {
            return Ok(Begin::Running);
        };
        let slot = slot.holding(lock);
        let mut transaction = self.begin_keyed().await?;
        // Another process may have ended a call under the key since it was looked for.
        if let Some(known) = rows::find(&mut transaction, &claim, self.now()).await? {
            return Ok(found(known, &claim));
        }
        let transaction = Shared::Open(transaction);
        Ok(Begin::Fresh(Keyed::new(transaction, claim, slot)))
    }

    async fn begin_keyed(&self) -> Result<Tx, StoreError> {
        let mut transaction = self.store.begin().await?;
        // Before the work, so that a full database has the room of the keys that are deleted.
        if self.in_flight.is_first_in_minute(self.now()) {
            rows::forget(&mut transaction, self.now()).await?;
        }
        Ok(transaction)
    }

    /// The transaction of a call under a key, for the call that works on it now.
    pub(crate) async fn shared(
        &self,
        keyed: &Keyed,
    ) -> Result<OwnedMutexGuard<Shared>, StoreError> {
        let mut transaction = keyed.transaction().await;
        if matches!(*transaction, Shared::NotBegun) {
            *transaction = Shared::Open(self.begin_keyed().await?);
        }
        Ok(transaction)
    }

    async fn remember(&self, keyed: &Keyed, response: &StoredResponse) -> Result<(), StoreError> {
        let mut shared = self.shared(keyed).await?;
        let mut transaction = match std::mem::replace(&mut *shared, Shared::Ended) {
            Shared::Open(transaction) => transaction,
            Shared::Refused => return Ok(()),
            Shared::NotBegun | Shared::Ended => return Err(StoreError::Ended),
        };
        let expires_at = later(self.now(), self.settings.idempotency_lifetime);
        rows::insert(&mut transaction, keyed.claim(), response, expires_at).await?;
        transaction.commit().await
    }
}

fn found(known: Remembered, claim: &Claim) -> Begin<Keyed> {
    if known.fingerprint == claim.fingerprint.as_str() {
        Begin::Replay(known.response)
    } else {
        Begin::Mismatch
    }
}
