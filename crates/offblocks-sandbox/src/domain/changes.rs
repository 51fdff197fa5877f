//! The one way in which the domain writes entities: with each goes the event that tells of it.

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

    /// Drawn whether or not somebody wants the event: subscribing does not change which
    /// identifiers a seeded sandbox makes.
    fn occurrence(&self) -> Occurrence {
        Occurrence {
            event_id: self.random.uuid(),
            at: self.now,
        }
    }
}
