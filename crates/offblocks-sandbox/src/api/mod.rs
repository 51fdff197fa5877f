//! The generated traits, implemented on [`World`]: each operation opens a unit of work, lets the
//! domain do it, and ends the unit.

mod accounts;
mod authentication;
mod authorisations;
mod cards;
mod customers;
mod engine;
mod idempotency;
mod lists;
mod rejection;
mod simulator;
mod transactions;
mod webhooks;

use std::sync::Arc;

use offblocks_server::ApiRouter;

use crate::world::World;

/// Every operation of the contract.
pub(crate) fn router(world: Arc<World>) -> ApiRouter {
    lists::router(&world)
        .merge(offblocks_server::authentication_router(Arc::clone(&world)))
        .merge(offblocks_server::customers_router(Arc::clone(&world)))
        .merge(offblocks_server::accounts_router(Arc::clone(&world)))
        .merge(offblocks_server::cards_router(Arc::clone(&world)))
        .merge(offblocks_server::transactions_router(Arc::clone(&world)))
        .merge(offblocks_server::authorisations_router(Arc::clone(&world)))
        .merge(offblocks_server::engine_router(Arc::clone(&world)))
        .merge(offblocks_server::simulator_router(Arc::clone(&world)))
        .merge(offblocks_server::webhooks_router(world))
}

/// A unit of work that reads, with its failure as the rejection of the surrounding operation.
macro_rules! reading {
    ($($all:tt)*) => { Ok($crate::units::reading!($($all)*)?) };
}

/// As [`reading`], for an entity that one statement reads.
macro_rules! reading_entity {
    ($($all:tt)*) => { Ok($crate::units::reading_entity!($($all)*)?) };
}

/// A unit of work that writes, with its failure as the rejection of the surrounding operation.
macro_rules! writing {
    ($($all:tt)*) => { Ok($crate::units::writing!($($all)*)?) };
}

use {reading, reading_entity, writing};
