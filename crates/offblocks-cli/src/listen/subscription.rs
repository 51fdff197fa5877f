//! The subscription of one run.

use offblocks_client::Client;
use offblocks_types::{SaveWebhookRequest, WebhookId, WebhookType};
use url::Url;

use crate::failure::Failure;

/// A subscription, which has to be removed again.
pub(super) struct Subscription {
    id: WebhookId,
}

impl Subscription {
    /// Subscribes an address to events of these types.
    pub(super) async fn make(
        client: &Client,
        callback: &Url,
        types: Vec<WebhookType>,
    ) -> Result<Self, Failure> {
        let request = SaveWebhookRequest::new(callback.clone(), types);
        let saved = client.save_webhook(request).send().await;
        let saved = saved.map_err(|error| Failure::of_call(&error))?;
        Ok(Self { id: saved.id })
    }

    pub(super) fn id(&self) -> WebhookId {
        self.id
    }

    /// Removes it.
    pub(super) async fn remove(self, client: &Client) -> Result<(), Failure> {
        let removed = client.delete_webhook(self.id).send().await;
        removed.map(drop).map_err(|error| {
            let failure = Failure::of_call(&error);
            failure.after(&format!(
                "the subscription {} is still there (offblocks webhooks delete {0} removes it)",
                self.id
            ))
        })
    }
}
