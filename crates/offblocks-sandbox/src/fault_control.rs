//! Faults, for the one who runs the sandbox.

use offblocks_server::operations;

use crate::control_error::ControlError;
use crate::failure::Failure;
use crate::faults::{self, Fault, FaultId, FaultReport};
use crate::store;
use crate::upkeep;
use crate::{Sandbox, World};

impl Sandbox {
    /// Lets calls of the API fail. The database keeps a fault until it is removed, and every
    /// process on it carries it out. Where several match a call, the oldest that applies is carried
    /// out.
    ///
    /// Resets, truncated bodies and timeouts need the connection, so they are only carried out where
    /// the sandbox serves.
    ///
    /// # Errors
    /// When the contract has no such operation, the percentage is not one, or the database fails.
    pub async fn add_fault(&self, fault: Fault) -> Result<FaultReport, ControlError> {
        check(&fault)?;
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut transaction = world.store.begin().await?;
            let text = faults::kept(&fault);
            let seq = store::faults::add(&mut transaction, &text).await?;
            transaction.commit().await?;
            upkeep::load_faults(&world).await?;
            Ok::<_, Failure>(FaultReport {
                id: FaultId::new(seq.unsigned_abs()),
                fault,
                matched: 0,
                applied: 0,
            })
        };
        Ok(self.world.attempt(unit_of_work).await?)
    }

    /// The faults in force, the oldest first, each with how often it was met. What another process
    /// counted during the last second may be missing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn faults(&self) -> Result<Vec<FaultReport>, ControlError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            upkeep::write_counts(&world).await?;
            let mut reader = world.store.read().await?;
            let kept = store::faults::list(&mut reader).await?;
            Ok::<_, Failure>(kept.iter().filter_map(faults::report).collect())
        };
        Ok(self.world.attempt(unit_of_work).await?)
    }

    /// Removes a fault. `false` where there is none of this number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_fault(&self, id: FaultId) -> Result<bool, ControlError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut transaction = world.store.begin().await?;
            let removed = store::faults::remove(&mut transaction, faults::seq(id)).await?;
            transaction.commit().await?;
            upkeep::load_faults(&world).await?;
            Ok::<_, Failure>(removed)
        };
        Ok(self.world.attempt(unit_of_work).await?)
    }

    /// Removes all faults.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_faults(&self) -> Result<(), ControlError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut transaction = world.store.begin().await?;
            store::faults::clear(&mut transaction).await?;
            transaction.commit().await?;
            Ok::<_, Failure>(upkeep::load_faults(&world).await?)
        };
        Ok(self.world.attempt(unit_of_work).await?)
    }
}

fn check(fault: &Fault) -> Result<(), ControlError> {
    if let Some(operation) = &fault.operation
        && !operations::all().iter().any(|known| known.id == operation)
    {
        return Err(ControlError::Invalid(format!(
            "the contract has no operation `{operation}`: write its operationId, such as getCards"
        )));
    }
    match fault.percentage {
        Some(percentage) if !(percentage > 0.0 && percentage <= 100.0) => {
            let reason = "a percentage is more than 0 and at most 100";
            Err(ControlError::Invalid(reason.to_owned()))
        }
        _ => Ok(()),
    }
}
