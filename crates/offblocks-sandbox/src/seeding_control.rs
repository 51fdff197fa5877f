//! Data to begin with: fixtures, and many cards at once.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::Sandbox;
use crate::domain::{due, fixtures, population};
use crate::fixtures::{FixtureError, Fixtures};
use crate::store::{StoreError, transfer};
use crate::under_way::{Caller, LongCall, WorkKind};
use crate::world::World;

impl Sandbox {
    /// Whether there is any customer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_customers(&self) -> Result<bool, StoreError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut reader = world.store.read().await?;
            Ok(transfer::last_seq(&mut reader, "customers").await? > 0)
        };
        self.world.attempt(unit_of_work).await
    }

    /// Applies fixtures in one transaction. Returns what the steps with names made. Changes cause webhooks
    /// as usual, except many cards at once. When it is dropped while a step adds many cards, it makes
    /// nothing.
    ///
    /// # Errors
    /// When a step cannot be made, with its place, or the database fails. Nothing was made then.
    pub async fn seed(&self, fixtures: Fixtures) -> Result<BTreeMap<String, Uuid>, FixtureError> {
        fixtures.check_cards()?;
        let world = World::clone(&self.world);
        // Held until the outcome is there. The task below continues when this is dropped.
        let caller = Caller::default();
        let attended = caller.attended();
        let unit_of_work = async move {
            let mut unit = world.begin_alone().await?;
            due::apply(&mut unit.work()?).await?;
            let call = LongCall {
                under_way: &world.under_way,
                attended: &attended,
            };
            match fixtures::apply(&mut unit.work()?, &fixtures, call).await {
                Ok(made) => unit.end(Ok(Ok(made))).await,
                // Dropped, the unit undoes what was made.
                Err(error) => Ok(Err(error)),
            }
        };
        let made = self.world.attempt(unit_of_work).await;
        drop(caller);
        let made = made??;
        Ok(made.into_iter().collect())
    }

    /// Adds a typical programme of this many cards, each with a customer and an account of its own. Of
    /// each hundred, 90 are active, 4 inactive, 3 being issued, 2 terminated, and one failed to issue. They
    /// cause no webhooks. They are written in parts. After each part, `progress` is called with the number
    /// of cards so far.
    ///
    /// # Errors
    /// When the database fails. The parts before stay.
    pub async fn populate(
        &self,
        cards: u64,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<(), StoreError> {
        let under_way = self.world.under_way.begin(WorkKind::Cards, Some(cards));
        let mut made = 0;
        while made < cards {
            let number = population::PART.min(cards - made);
            let world = World::clone(&self.world);
            // Each part is a transaction: others that want to write go in between.
            let unit_of_work = async move {
                let mut unit = world.begin_alone().await?;
                let added = population::add(&mut unit.work()?, made..made + number, cards).await;
                unit.end(added).await
            };
            self.world.attempt::<()>(unit_of_work).await?;
            made += number;
            under_way.reach(made);
            progress(made);
        }
        Ok(())
    }
}
