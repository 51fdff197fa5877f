//! How pages use the domain: as the operations of the API do, in units of work. Those that write are
//! the control plane's.

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

pub(super) use crate::alone::unit_alone as writing;
pub(super) use reading;
