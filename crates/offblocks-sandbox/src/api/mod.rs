//! The generated traits, implemented on [`World`]: each operation opens a unit of work, lets the
//! domain do it, and ends the unit.

mod accounts;
mod authentication;
mod authorisations;
mod cards;
mod customers;
mod engine;
mod idempotency;
pub(crate) mod inputs;
mod lists;
mod refusal;
mod simulator;
mod transactions;
mod webhooks;

use std::sync::Arc;

use offblocks_server::ApiRouter;

use crate::world::World;

/// Every operation of the contract.
pub(crate) fn router(world: Arc<World>) -> ApiRouter {
    lists::router(Arc::clone(&world))
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

/// Reads: whatever is due happens first, then `$operation` runs on a reader, in a task of its own.
macro_rules! reading {
    ($world:expr, |$work:ident| $operation:expr) => {
        Ok($world
            .run($crate::api::read_by!($world, read, |$work| $operation))
            .await?)
    };
}

/// As [`reading`], for the entity of this id, which `$operation` reads with one statement: that
/// needs no snapshot. It is not read again before the next commit.
macro_rules! reading_entity {
    ($world:expr, $id:expr, |$work:ident| $operation:expr) => {
        Ok($world
            .entity(
                $id.into(),
                $crate::api::read_by!($world, read_once, |$work| $operation),
            )
            .await?)
    };
}

macro_rules! read_by {
    ($world:expr, $read:ident, |$work:ident| $operation:expr) => {{
        let world = World::clone($world);
        async move {
            let mut unit = world.$read().await?;
            let $work = &mut unit.work()?;
            $operation.await
        }
    }};
}

/// Writes: whatever is due happens first, then `$operation`, in one transaction and in a task of
/// its own.
macro_rules! writing {
    ($world:expr, $context:expr, |$work:ident| $operation:expr) => {{
        let world = World::clone($world);
        let unit_of_work = async move {
            let mut unit = world.begin(&$context).await?;
            let $work = &mut unit.work()?;
            let outcome = $operation.await;
            unit.end(outcome).await
        };
        Ok($world.run(unit_of_work).await?)
    }};
}

use {read_by, reading, reading_entity, writing};
