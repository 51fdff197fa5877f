//! The events that a wait listens to.

use futures_util::{Stream, StreamExt as _};
use offblocks_types::WebhookEvent;

use super::entity::Entity;

type EventStream<'e> = &'e mut (dyn Stream<Item = WebhookEvent> + Send + Unpin);

/// A stream of events, as long as there are any.
#[derive(Default)]
pub(crate) struct Events<'e>(Option<EventStream<'e>>);

impl<'e> Events<'e> {
    pub(super) fn of<S>(events: &'e mut S) -> Self
    where
        S: Stream<Item = WebhookEvent> + Send + Unpin,
    {
        Self(Some(events))
    }

    /// The entity as the next event about it shows it. Without a stream, and after its end, the future
    /// stays pending. Dropping the future loses no event.
    pub(super) async fn about<E: Entity>(&mut self, id: E::Id) -> E {
        while let Some(events) = &mut self.0 {
            match events.next().await {
                Some(event) => match E::in_event(&event) {
                    Some(entity) if entity.id() == id => return entity,
                    _ => {}
                },
                None => self.0 = None,
            }
        }
        std::future::pending().await
    }
}
