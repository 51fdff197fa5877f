//! Webhooks, received and verified during the walk.

use std::time::Duration;

use offblocks_types::WebhookType;

use super::walk::{Step, Walk, made};
use crate::failure::Failure;
use crate::listen::{Happened, Receiving};

/// How long the last event may take.
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);

impl Walk<'_> {
    /// Listens on this machine, and subscribes to events of the card.
    pub(super) async fn subscribe(&mut self) -> Step {
        let types = vec![WebhookType::CardUpdated];
        let receiving = Receiving::start(self.client(), types).await?;
        self.recorder.learn("webhookId", receiving.id());
        let values = vec![
            ("webhookId", receiving.id().to_string()),
            ("callbackUrl", receiving.callback().to_string()),
            ("types", WebhookType::CardUpdated.to_string()),
        ];
        self.receiving = Some(receiving);
        Ok(values)
    }

    /// Removes the subscription, where there still is one.
    pub(super) async fn unsubscribe(&mut self) -> Result<(), Failure> {
        match self.receiving.take() {
            Some(receiving) => receiving.stop(self.client()).await,
            None => Ok(()),
        }
    }

    /// Waits for the event that shows this status, and removes the subscription.
    pub(super) async fn receive(&mut self, last: &str) -> Step {
        let mut receiving = made(self.receiving.take())?;
        let received = tokio::time::timeout(WAIT_TIMEOUT, until(&mut receiving, last)).await;
        receiving.stop(self.client()).await?;
        let received = received.map_err(|_| {
            let seconds = WAIT_TIMEOUT.as_secs();
            Failure::because(format!("no webhook shows {last} after {seconds} seconds"))
        });
        let (statuses, key) = received??;
        Ok(vec![
            ("statuses", statuses.join(", ")),
            ("signature", format!("verified, made with the key {key}")),
        ])
    }
}

/// The statuses of the events until this one, and the key that signed the last one. Deliveries may
/// come in any order, and more than once.
async fn until(receiving: &mut Receiving, last: &str) -> Result<(Vec<String>, String), Failure> {
    let mut statuses: Vec<(String, String)> = Vec::new();
    loop {
        match receiving.next().await {
            Some(Happened::Delivered { delivery, .. }) => {
                let body: serde_json::Value = serde_json::from_slice(&delivery.body)
                    .map_err(|error| Failure::new("a webhook is not JSON", error))?;
                let word = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
                statuses.push((word("updatedAt"), word("status")));
                if word("status") == last {
                    statuses.sort();
                    statuses.dedup();
                    let statuses = statuses.into_iter().map(|(_, status)| status).collect();
                    return Ok((statuses, delivery.signature.key_id.as_str().to_owned()));
                }
            }
            Some(Happened::Rejected { reason, .. }) => {
                return Err(Failure::because(format!(
                    "a webhook is not accepted: {reason}"
                )));
            }
            None => return Err(Failure::because("receiving has stopped by itself")),
        }
    }
}
