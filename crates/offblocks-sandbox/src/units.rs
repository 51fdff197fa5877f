//! Units of work: all that is due happens first, then an operation of the domain, in one transaction
//! and in a task of its own, so that it runs to its end even when the caller is dropped.
//!
//! These are macros, because an operation borrows what it works with, and any thread must be able to run
//! its future.

/// An operation that reads: `reading!(world, |work| cards::list(work))`. Its result is the
/// operation's own, with a [`Failure`](crate::failure::Failure).
macro_rules! reading {
    ($world:expr, |$work:ident| $operation:expr) => {{
        let world: &$crate::world::World = $world;
        let unit_of_work = $crate::units::read_by!(world, read, |$work| $operation);
        world.run(unit_of_work).await
    }};
}

/// As [`reading`], for the entity of this id, which `$operation` reads with one statement: that
/// needs no snapshot. It is not read again before the next commit.
macro_rules! reading_entity {
    ($world:expr, $id:expr, |$work:ident| $operation:expr) => {{
        let world: &$crate::world::World = $world;
        let unit_of_work = move || $crate::units::read_by!(world, read_once, |$work| $operation);
        world.entity($id.into(), unit_of_work).await
    }};
}

macro_rules! read_by {
    ($world:expr, $read:ident, |$work:ident| $operation:expr) => {{
        let world = $crate::world::World::clone($world);
        async move {
            let mut unit = world.$read().await?;
            let $work = &mut unit.work()?;
            $operation.await
        }
    }};
}

/// An operation that writes. With the context of a request, as in
/// `writing!(world, context, |work| cards::activate(work, id))`, it shares the transaction of the
/// request's idempotency key. Such a request is run to its end already.
macro_rules! writing {
    ($world:expr, |$work:ident| $operation:expr) => {{
        let unit_of_work =
            $crate::units::written_by!($world, world, world.begin_settled(), |$work| $operation);
        $world.run(unit_of_work).await
    }};
    ($world:expr, $context:expr, |$work:ident| $operation:expr) => {{
        let is_keyed = $context.extension::<$crate::idempotency::Keyed>().is_some();
        let unit_of_work =
            $crate::units::written_by!($world, world, world.begin(&$context), |$work| $operation);
        $world.run_called(is_keyed, unit_of_work).await
    }};
}

macro_rules! written_by {
    ($world:expr, $own:ident, $begin:expr, |$work:ident| $operation:expr) => {{
        let $own = $crate::world::World::clone(&$world);
        async move {
            let mut unit = $begin.await?;
            let $work = &mut unit.work()?;
            let outcome = $operation.await;
            unit.end(outcome).await
        }
    }};
}

pub(crate) use {read_by, reading, reading_entity, writing, written_by};
