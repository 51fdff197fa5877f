//! Deliveries from outside: the log, resending, and the modes to test receivers.

use std::collections::BTreeMap;

use offblocks_types::WebhookId;

use crate::deliveries::DeliveryModes;
use crate::deliveries::{Delivery, DeliveryId, DeliveryStatus};
use crate::domain::kept;
use crate::failure::Failure;
use crate::store::{StoreError, outbox, webhooks};
use crate::upkeep;
use crate::{Sandbox, World};

/// A delivery cannot be resent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResendError {
    /// The log has no such delivery, or not any more.
    #[error("the log has no delivery {0}: list the deliveries to see which there are")]
    Unknown(DeliveryId),
    /// Its subscription was deleted.
    #[error("delivery {0} has no subscription any more: subscribe anew for later events")]
    Unsubscribed(DeliveryId),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Sandbox {
    /// The latest deliveries of webhooks, `limit` of them at most, in the order of their events.
    ///
    /// Up to [`Settings::delivery_log`](crate::Settings) finished deliveries are kept, and all that wait.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn deliveries(&self, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut reader = world.store.snapshot().await?;
            let kept = outbox::latest(&mut reader, limit).await?;
            let Some(first) = kept.first() else {
                return Ok(Vec::new());
            };
            let attempts = outbox::attempts_from(&mut reader, first.seq).await?;
            let mut deliveries: Vec<_> = kept.into_iter().map(delivery).collect();
            for (seq, attempt) in attempts {
                let id = DeliveryId::new(seq);
                if let Ok(at) = deliveries.binary_search_by_key(&id, |delivery| delivery.id) {
                    deliveries[at].attempts.push(attempt);
                }
            }
            Ok(deliveries)
        };
        self.world.attempt(unit_of_work).await
    }

    /// Sends a delivery once more, whatever its status, with its full number of retries.
    ///
    /// # Errors
    /// When it is unknown, its subscription was deleted, or the database fails.
    pub async fn resend(&self, id: DeliveryId) -> Result<(), ResendError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let (now, mut transaction) = (world.now(), world.store.begin().await?);
            let Some(webhook) = outbox::webhook_of(&mut transaction, id.number()).await? else {
                return Ok(Err(ResendError::Unknown(id)));
            };
            if webhooks::find(&mut transaction, webhook).await?.is_none() {
                return Ok(Err(ResendError::Unsubscribed(id)));
            }
            outbox::send_again(&mut transaction, id.number(), now).await?;
            transaction.commit().await?;
            Ok::<_, Failure>(Ok(()))
        };
        self.world.attempt(unit_of_work).await??;
        self.world.webhooks.changed.notify_one();
        Ok(())
    }

    /// Sends every delivery once more that was discarded or waits for a retry, and whose
    /// subscription still exists. Returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn resend_failed(&self) -> Result<u64, StoreError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let (now, mut transaction) = (world.now(), world.store.begin().await?);
            let resent = outbox::send_failed_again(&mut transaction, now).await?;
            transaction.commit().await?;
            Ok(resent)
        };
        let resent = self.world.attempt(unit_of_work).await?;
        self.world.webhooks.changed.notify_one();
        Ok(resent)
    }

    /// Sets how deliveries are disturbed on purpose: those of one subscription, or of all subscriptions
    /// that have no modes of their own. The database keeps the modes, and every process on it uses them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_delivery_modes(
        &self,
        webhook: Option<WebhookId>,
        modes: DeliveryModes,
    ) -> Result<(), StoreError> {
        self.change_modes(move |(all, of)| match webhook {
            None => *all = modes,
            Some(id) => {
                of.retain(|(other, _)| *other != id);
                of.push((id, modes));
            }
        })
        .await
    }

    /// How deliveries are disturbed on purpose: for all subscriptions, and for those that have
    /// modes of their own.
    pub fn delivery_modes(&self) -> (DeliveryModes, BTreeMap<WebhookId, DeliveryModes>) {
        self.world.webhooks.all_modes()
    }

    /// Removes the modes of one subscription, so that those for all apply to it again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_delivery_modes(&self, webhook: WebhookId) -> Result<(), StoreError> {
        self.change_modes(move |(_, of)| of.retain(|(id, _)| *id != webhook))
            .await
    }

    async fn change_modes(
        &self,
        change: impl FnOnce(&mut kept::Modes) + Send + 'static,
    ) -> Result<(), StoreError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut transaction = world.store.begin().await?;
            let mut modes = kept::modes(&mut transaction).await?;
            change(&mut modes);
            kept::keep_modes(&mut transaction, &modes).await?;
            transaction.commit().await?;
            upkeep::load_modes(&world).await?;
            upkeep::reach_all(&world).await;
            Ok::<_, Failure>(())
        };
        self.world.attempt(unit_of_work).await
    }

    /// Whether there is such a subscription.
    pub(crate) async fn has_webhook(&self, id: WebhookId) -> Result<bool, StoreError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut reader = world.store.read().await?;
            Ok(webhooks::find(&mut reader, id).await?.is_some())
        };
        self.world.attempt(unit_of_work).await
    }
}

fn delivery(kept: outbox::Kept) -> Delivery {
    let status = match (kept.due_at, kept.reason) {
        (Some(due_at), _) => DeliveryStatus::Waiting { due_at },
        (None, None) => DeliveryStatus::Delivered,
        (None, Some(reason)) => DeliveryStatus::Discarded { reason },
    };
    Delivery {
        id: DeliveryId::new(kept.seq),
        webhook_id: kept.webhook_id,
        event_id: kept.event_id,
        webhook_type: kept.kind,
        body: kept.body,
        status,
        created_at: kept.created_at,
        updated_at: kept.updated_at,
        attempts: Vec::new(),
    }
}
