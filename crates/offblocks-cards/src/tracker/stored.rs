//! Follows cards in a store that the user chooses.

use std::future::Future;

use offblocks_types::{CardId, CardStatus, WebhookEvent};

use super::track::{CardTrack, Observation, Sighting};

/// Keeps [`CardTrack`]s. The features `tracker-sqlite` and `tracker-postgres` have a store each. Your own
/// store can keep them as JSON, for example in a table with the columns `card_id`, `revision` and `track`.
pub trait TrackStore: Send + Sync {
    /// Why the store failed.
    type Error;

    /// What is kept of a card.
    fn load(
        &self,
        id: CardId,
    ) -> impl Future<Output = Result<Option<CardTrack>, Self::Error>> + Send;

    /// Replaces the track that has the previous [revision](CardTrack::revision), or adds it when its
    /// revision is 1 (`UPDATE … WHERE card_id = $1 AND revision = $2 - 1`, `INSERT … ON
    /// CONFLICT DO NOTHING`). `false` when the store has another revision by now.
    fn replace(&self, track: &CardTrack) -> impl Future<Output = Result<bool, Self::Error>> + Send;
}

/// Follows the cards of a programme in a store; see the [module](crate::tracker). Several processes
/// may share the store. When two of them change a card at the same time, one starts again.
#[derive(Debug, Clone)]
pub struct StoredCardTracker<S> {
    store: S,
}

impl<S: TrackStore> StoredCardTracker<S> {
    /// A tracker of what is in this store.
    pub fn new(store: S) -> Self {
        Self { store }
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Adds a sighting: a `Card`, or a `CardUpdate` of an event.
    ///
    /// # Errors
    /// When the store fails. The sighting is not added then; add it again.
    pub async fn observe(&self, sighting: impl Into<Sighting>) -> Result<Observation, S::Error> {
        let sighting = sighting.into();
        loop {
            let kept = self.store.load(sighting.card_id).await?;
            let mut track = kept.unwrap_or_else(|| CardTrack::new(sighting.card_id));
            let revision = track.revision();
            let observation = track.observe(&sighting);
            if track.revision() == revision + 1 {
                match self.store.replace(&track).await? {
                    true => return Ok(observation),
                    false => continue,
                }
            }
            return Ok(observation);
        }
    }

    /// What is known of a card.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn track(&self, id: CardId) -> Result<Option<CardTrack>, S::Error> {
        self.store.load(id).await
    }

    /// The latest status of a card that was seen.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn status(&self, id: CardId) -> Result<Option<CardStatus>, S::Error> {
        let track = self.track(id).await?;
        Ok(track.and_then(|track| Some(track.latest()?.status.clone())))
    }

    /// Adds what an event shows; nothing when it is not about a card.
    ///
    /// # Errors
    /// As [`observe`](Self::observe).
    pub async fn observe_event(
        &self,
        event: &WebhookEvent,
    ) -> Result<Option<Observation>, S::Error> {
        match event {
            WebhookEvent::CardUpdate(card) => self.observe(card).await.map(Some),
            _ => Ok(None),
        }
    }
}
