//! Units of work that no request of the API asks for.

/// Whatever is due happens first, then `$operation`, in one transaction and a task of its own. What
/// comes of it is its own result.
macro_rules! unit_alone {
    ($sandbox:expr, |$work:ident| $operation:expr) => {{
        let world = $crate::World::clone(&$sandbox.world);
        let unit_of_work = async move {
            let mut unit = world.begin_alone().await?;
            let $work = &mut unit.work()?;
            let outcome = match $crate::domain::steps::apply_due($work).await {
                Ok(_) => $operation.await,
                Err(failure) => Err(failure),
            };
            unit.end(outcome).await
        };
        $sandbox.world.run(unit_of_work).await
    }};
}

/// As [`unit_alone`], with the failure as an error of the surrounding function.
macro_rules! alone {
    ($sandbox:expr, |$work:ident| $operation:expr) => {
        Ok($crate::alone::unit_alone!($sandbox, |$work| $operation)?)
    };
}

pub(crate) use {alone, unit_alone};
