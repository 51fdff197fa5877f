//! Deliveries of webhooks, and the modes to try receivers with.

use std::time::Duration;

use offblocks_sandbox_api::server::{
    DeleteWebhookDeliveryModesError, DeliveriesApi, GetDeliveriesError, GetDeliveryModesError,
    ResendDeliveryError, ResendFailedDeliveriesError, SetDeliveryModesError,
    SetWebhookDeliveryModesError,
};
use offblocks_sandbox_api::{
    self as api, AllDeliveryModes, DeliveriesResent, DeliveryAttempt, DeliveryHeader,
    WebhookDeliveryModes,
};
use offblocks_server::RequestContext;
use offblocks_types::WebhookId;

use super::limit;
use super::rejection::{Rejected, rejections};
use crate::Sandbox;
use crate::deliveries::{
    Attempt, AttemptOutcome, Delivery, DeliveryId, DeliveryModes, DeliveryStatus, SignatureMode,
};

rejections!(
    DeleteWebhookDeliveryModesError,
    GetDeliveriesError,
    ResendDeliveryError,
    ResendFailedDeliveriesError,
    SetDeliveryModesError,
    SetWebhookDeliveryModesError
);

impl DeliveriesApi for Sandbox {
    async fn get_deliveries(
        &self,
        _: RequestContext,
        most: Option<i32>,
    ) -> Result<Vec<api::Delivery>, GetDeliveriesError> {
        let deliveries = self.deliveries(limit(most)).await?;
        Ok(deliveries.into_iter().map(delivery).collect())
    }

    async fn resend_failed_deliveries(
        &self,
        _: RequestContext,
    ) -> Result<DeliveriesResent, ResendFailedDeliveriesError> {
        let resent = self.resend_failed().await?;
        Ok(DeliveriesResent::new(
            i64::try_from(resent).unwrap_or(i64::MAX),
        ))
    }

    async fn resend_delivery(
        &self,
        _: RequestContext,
        delivery_id: i64,
    ) -> Result<(), ResendDeliveryError> {
        Ok(self.resend(DeliveryId::new(delivery_id)).await?)
    }

    async fn get_delivery_modes(
        &self,
        _: RequestContext,
    ) -> Result<AllDeliveryModes, GetDeliveryModesError> {
        Ok(all_modes(self))
    }

    async fn set_delivery_modes(
        &self,
        _: RequestContext,
        body: api::DeliveryModes,
    ) -> Result<AllDeliveryModes, SetDeliveryModesError> {
        self.set_delivery_modes(None, read(&body)?).await?;
        Ok(all_modes(self))
    }

    async fn set_webhook_delivery_modes(
        &self,
        _: RequestContext,
        webhook_id: WebhookId,
        body: api::DeliveryModes,
    ) -> Result<AllDeliveryModes, SetWebhookDeliveryModesError> {
        let modes = read(&body)?;
        if !self.has_webhook(webhook_id).await? {
            let reason = format!("there is no webhook subscription {webhook_id}");
            return Err(Rejected::missing(reason).into());
        }
        self.set_delivery_modes(Some(webhook_id), modes).await?;
        Ok(all_modes(self))
    }

    async fn delete_webhook_delivery_modes(
        &self,
        _: RequestContext,
        webhook_id: WebhookId,
    ) -> Result<(), DeleteWebhookDeliveryModesError> {
        Ok(self.clear_delivery_modes(webhook_id).await?)
    }
}

fn delivery(kept: Delivery) -> api::Delivery {
    let (status, due_at, reason) = match kept.status {
        DeliveryStatus::Waiting { due_at } => (api::DeliveryStatus::Waiting, Some(due_at), None),
        DeliveryStatus::Delivered => (api::DeliveryStatus::Delivered, None, None),
        DeliveryStatus::Discarded { reason } => {
            (api::DeliveryStatus::Discarded, None, Some(reason))
        }
    };
    let attempts: Vec<_> = kept.attempts.into_iter().map(attempt).collect();
    let mut delivery = api::Delivery::new(
        kept.id.number(),
        kept.webhook_id,
        kept.event_id,
        kept.webhook_type,
        status,
        kept.body,
        kept.created_at,
        kept.updated_at,
        attempts,
    );
    delivery.due_at = due_at;
    delivery.reason = reason;
    delivery
}

fn attempt(kept: Attempt) -> DeliveryAttempt {
    let header = |(name, value)| DeliveryHeader::new(name, value);
    let (status, excerpt, failure) = match kept.outcome {
        AttemptOutcome::Response { status, excerpt } => (Some(status.into()), Some(excerpt), None),
        AttemptOutcome::Failed { reason } => (None, None, Some(reason)),
    };
    let headers: Vec<_> = kept.headers.into_iter().map(header).collect();
    let response_headers: Vec<_> = kept.response_headers.into_iter().map(header).collect();
    let milliseconds = i64::try_from(kept.duration.as_millis()).unwrap_or(i64::MAX);
    let mut attempt = DeliveryAttempt::new(kept.attempted_at, kept.url, headers, milliseconds);
    attempt.status = status;
    attempt.excerpt = excerpt;
    attempt.failure = failure;
    attempt.body = kept.body;
    attempt.modes = kept.modes.as_ref().map(written);
    attempt.response_headers = Some(response_headers).filter(|headers| !headers.is_empty());
    attempt
}

fn all_modes(sandbox: &Sandbox) -> AllDeliveryModes {
    let (all, webhooks) = sandbox.delivery_modes();
    let webhooks = webhooks.into_iter();
    let webhooks = webhooks.map(|(id, modes)| WebhookDeliveryModes::new(id, written(&modes)));
    AllDeliveryModes::new(written(&all), webhooks.collect::<Vec<_>>())
}

fn read(given: &api::DeliveryModes) -> Result<DeliveryModes, Rejected> {
    let delay = given.delay_milliseconds.unwrap_or_default();
    Ok(DeliveryModes {
        duplicate: given.duplicate.unwrap_or_default(),
        reorder: given.reorder.unwrap_or_default(),
        delay: Duration::from_millis(delay.unsigned_abs()),
        drop: given.drop.unwrap_or_default(),
        signature: match &given.signature {
            None | Some(api::SignatureMode::Valid) => SignatureMode::Valid,
            Some(api::SignatureMode::Bad) => SignatureMode::Bad,
            Some(api::SignatureMode::Stale) => SignatureMode::Stale,
            Some(api::SignatureMode::AnotherKey) => SignatureMode::AnotherKey,
            Some(_) => {
                return Err(Rejected::invalid("the mode of the signature is not known"));
            }
        },
        unknown_type: given.unknown_type.unwrap_or_default(),
    })
}

fn written(modes: &DeliveryModes) -> api::DeliveryModes {
    let signature = match modes.signature {
        SignatureMode::Valid => api::SignatureMode::Valid,
        SignatureMode::Bad => api::SignatureMode::Bad,
        SignatureMode::Stale => api::SignatureMode::Stale,
        SignatureMode::AnotherKey => api::SignatureMode::AnotherKey,
    };
    let mut written = api::DeliveryModes::default()
        .with_duplicate(modes.duplicate)
        .with_reorder(modes.reorder)
        .with_drop(modes.drop)
        .with_signature(signature)
        .with_unknown_type(modes.unknown_type);
    written.delay_milliseconds = i64::try_from(modes.delay.as_millis()).ok();
    written
}
