//! How pages use the domain: as the operations of the API do, in units of work.

/// Reads: whatever is due happens first, then `$operation` runs, in a task of its own.
macro_rules! reading {
    ($world:expr, |$work:ident| $operation:expr) => {{
        let world = crate::world::World::clone(&$world);
        let unit_of_work = async move {
            let mut unit = world.read().await?;
            let $work = &mut unit.work()?;
            $operation.await
        };
        $world.run(unit_of_work).await
    }};
}

/// Writes: whatever is due happens first, then `$operation`, in one transaction and in a task of
/// its own.
macro_rules! writing {
    ($world:expr, |$work:ident| $operation:expr) => {{
        let world = crate::world::World::clone(&$world);
        let unit_of_work = async move {
            let mut unit = world.begin_alone().await?;
            let $work = &mut unit.work()?;
            let outcome = match crate::domain::steps::apply_due($work).await {
                Ok(_) => $operation.await,
                Err(failure) => Err(failure),
            };
            unit.end(outcome).await
        };
        $world.run(unit_of_work).await
    }};
}

pub(super) use {reading, writing};
