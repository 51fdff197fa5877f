//! Webhook subscriptions.

use offblocks_server::{
    DeleteWebhookError, GetWebhookError, GetWebhookVerificationKeyError, GetWebhooksError,
    RequestContext, SaveWebhookError, WebhooksApi,
};
use offblocks_types::{SaveWebhookRequest, VerificationKey, Webhook, WebhookId};

use super::rejection::rejections;
use super::{reading, writing};
use crate::domain::webhooks;
use crate::world::World;

rejections!(
    DeleteWebhookError,
    GetWebhookError,
    GetWebhookVerificationKeyError,
    GetWebhooksError,
    SaveWebhookError
);

impl WebhooksApi for World {
    async fn get_webhooks(&self, _: RequestContext) -> Result<Vec<Webhook>, GetWebhooksError> {
        reading!(self, |work| webhooks::list(work))
    }

    async fn save_webhook(
        &self,
        context: RequestContext,
        body: SaveWebhookRequest,
    ) -> Result<Webhook, SaveWebhookError> {
        writing!(self, context, |work| webhooks::save(work, body))
    }

    async fn get_webhook(
        &self,
        _: RequestContext,
        webhook_id: WebhookId,
    ) -> Result<Webhook, GetWebhookError> {
        reading!(self, |work| webhooks::get(work, webhook_id))
    }

    async fn delete_webhook(
        &self,
        context: RequestContext,
        webhook_id: WebhookId,
    ) -> Result<(), DeleteWebhookError> {
        writing!(self, context, |work| webhooks::delete(work, webhook_id))
    }

    async fn get_webhook_verification_key(
        &self,
        _: RequestContext,
    ) -> Result<VerificationKey, GetWebhookVerificationKeyError> {
        reading!(self, |work| webhooks::verification_key(work))
    }
}
