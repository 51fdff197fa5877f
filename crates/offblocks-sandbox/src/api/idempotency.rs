//! Idempotency keys over the sandbox's own database: the response is stored in the transaction that
//! the work was done in.

use offblocks_server::{Begin, Claim, IdempotencyStore, StoredResponse};

use crate::idempotency::Keyed;
use crate::store::StoreError;
use crate::store::idempotency::{self as rows, Remembered};
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
        let (world, response) = (self.clone(), response.clone());
        self.attempt(async move { Ok(world.remember(&keyed, &response).await?) })
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
            return Ok(found(known, &claim));
        }
        drop(reader);
        let Some(lock) = self.store.claim_key(slot.shared_name()).await? else {
            return Ok(Begin::Running);
        };
        let slot = slot.holding(lock);
        let mut transaction = self.store.begin().await?;
        // Another process may have ended a call under the key since it was looked for.
        if self.store.is_shared()
            && let Some(known) = rows::find(&mut transaction, &claim, self.now()).await?
        {
            return Ok(found(known, &claim));
        }
        // Before the work, so that a full database has the room of what is forgotten.
        if self.in_flight.is_first_in_minute(self.now()) {
            rows::forget(&mut transaction, self.now()).await?;
        }
        Ok(Begin::Fresh(Keyed::new(transaction, claim, slot)))
    }

    async fn remember(&self, keyed: &Keyed, response: &StoredResponse) -> Result<(), StoreError> {
        let mut transaction = keyed.take().await?;
        let expires_at = self.now() + self.settings.idempotency_lifetime;
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
