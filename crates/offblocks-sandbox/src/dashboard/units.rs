//! How pages use the domain: as the operations of the API do, in units of work.

/// Reads: whatever is due happens first, then `$operation` runs, in a task of its own.
macro_rules! reading {
    ($sandbox:expr, |$work:ident| $operation:expr) => {{
        let world = crate::world::World::clone(&$sandbox.world);
        let unit_of_work = async move {
            let mut unit = world.read().await?;
            let $work = &mut unit.work()?;
            $operation.await
        };
        $sandbox.world.run(unit_of_work).await
    }};
}

/// Writes: whatever is due happens first, then `$operation`, in one transaction and in a task of
/// its own.
macro_rules! writing {
    ($sandbox:expr, |$work:ident| $operation:expr) => {{
        let done: Result<_, crate::failure::Failure> =
            async { crate::alone::alone!($sandbox, |$work| $operation) }.await;
        done
    }};
}

pub(super) use {reading, writing};
