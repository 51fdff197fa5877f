//! The only way in which the domain writes entities: each change is written together with its event.

use super::Work;
use crate::failure::Failure;
use crate::random::RandomExt as _;
use crate::store::changes::{self, Entity, Occurrence};

impl Work<'_> {
    /// Writes a new entity.
    pub(super) async fn insert(&mut self, entity: impl Into<Entity<'_>>) -> Result<(), Failure> {
        let occurrence = self.occurrence();
        Ok(changes::insert(self.conn, entity.into(), occurrence).await?)
    }

    /// Writes what changed in an entity's life.
    pub(super) async fn update(&mut self, entity: impl Into<Entity<'_>>) -> Result<(), Failure> {
        let occurrence = self.occurrence();
        Ok(changes::update(self.conn, entity.into(), occurrence).await?)
    }

    /// Drawn whether or not the event is subscribed to: subscribing does not change which
    /// identifiers a seeded sandbox makes.
    fn occurrence(&self) -> Occurrence {
        Occurrence {
            event_id: self.random.uuid(),
            at: self.now,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use offblocks_types::{CreateCustomerRequest, SaveWebhookRequest, WebhookEvent, WebhookType};

    use crate::domain::{customers, webhooks};
    use crate::{ManualClock, Sandbox, SeededRandom, Surroundings};

    fn customer() -> CreateCustomerRequest {
        let chain = "eip155:300:0x30dFcFdEdD5ebe78b03ceFbA9Ef0f7A00d3bA8bd";
        CreateCustomerRequest::new(chain.parse().unwrap(), "customer-1")
    }

    #[tokio::test]
    async fn an_event_is_rolled_back_with_the_change_it_tells_of() {
        let start: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().unwrap();
        let surroundings = Surroundings::new(ManualClock::new(start), SeededRandom::new(1));
        let sandbox = Sandbox::builder(surroundings).build().await.unwrap();
        let mut unit = sandbox.world.begin_alone().await.unwrap();
        let url = "http://127.0.0.1:9/";
        let request = SaveWebhookRequest::new(url, WebhookType::ALL.to_vec());
        let saved = webhooks::save(&mut unit.work().unwrap(), request).await;
        unit.end(saved).await.unwrap();

        for commits in [false, true] {
            let mut unit = sandbox.world.begin_alone().await.unwrap();
            let work = &mut unit.work().unwrap();
            let request = customer();
            let made = customers::create(work, request.chain_id, request.external_id).await;
            if commits {
                unit.end(made).await.unwrap();
            } else {
                drop(unit);
            }
            let deliveries = sandbox.deliveries(10).await.unwrap();
            assert_eq!(deliveries.len(), usize::from(commits));
            for delivery in deliveries {
                let event: WebhookEvent = serde_json::from_str(&delivery.body).unwrap();
                assert!(
                    matches!(event, WebhookEvent::CustomerUpdate(_)),
                    "{event:?}"
                );
                assert_eq!(event.event_id(), delivery.event_id);
            }
        }
    }
}
