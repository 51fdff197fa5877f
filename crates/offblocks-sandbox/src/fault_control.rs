//! Faults, for the person who runs the sandbox.

use std::time::Duration;

use offblocks_server::operations;

use crate::control_error::ControlError;
use crate::failure::Failure;
use crate::faults::{self, Fault, FaultId, FaultKind, FaultReport};
use crate::store;
use crate::upkeep;
use crate::{Sandbox, World};

/// The longest that a fault takes.
const LONGEST: Duration = Duration::from_secs(600);

/// The longest that a fault asks a client to wait, in seconds.
const A_DAY: u32 = 24 * 60 * 60;

impl Sandbox {
    /// Lets calls of the API fail. The database keeps a fault until it is removed, and every
    /// process on it applies it. Where several match a call, the oldest of them is applied.
    ///
    /// Resets, truncated bodies and timeouts need the connection, so they are applied only where the
    /// sandbox serves.
    ///
    /// # Errors
    /// When the contract has no such operation, the status, a time or a number is out of its range, or
    /// the database fails.
    pub async fn add_fault(&self, fault: Fault) -> Result<FaultReport, ControlError> {
        check(&fault)?;
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut transaction = world.store.begin().await?;
            let text = faults::kept(&fault);
            let seq = store::faults::add(&mut transaction, &text).await?;
            transaction.commit().await?;
            in_force(&world).await?;
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
            in_force(&world).await?;
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
            in_force(&world).await
        };
        Ok(self.world.attempt(unit_of_work).await?)
    }
}

/// Lets the changed faults apply to what is called from here on, in every process.
async fn in_force(world: &World) -> Result<(), Failure> {
    upkeep::load_faults(world).await?;
    upkeep::reach_all(world).await;
    Ok(())
}

/// The rule for all faults: that of `CreateFault` in openapi/sandbox.yaml.
fn check(fault: &Fault) -> Result<(), ControlError> {
    if let Some(operation) = &fault.operation {
        let known = operations::all().iter().find(|known| known.id == operation);
        let Some(known) = known else {
            return Err(ControlError::Invalid(format!(
                "the contract has no operation `{operation}`: write its operationId, such as getCards"
            )));
        };
        if known.security.is_empty() && fault.kind == FaultKind::ExpiredToken {
            return Err(ControlError::Invalid(format!(
                "calls of `{operation}` have no token that could expire: name another operation"
            )));
        }
    }
    if let Some(reason) = wrong_kind(fault.kind).or_else(|| wrong_choice(fault)) {
        return Err(ControlError::Invalid(reason.to_owned()));
    }
    Ok(())
}

fn wrong_kind(kind: FaultKind) -> Option<&'static str> {
    match kind {
        FaultKind::Status(status) | FaultKind::StatusAfterCommit(status)
            if !(400..=599).contains(&status.as_u16()) =>
        {
            Some("the status of a fault is a number from 400 to 599")
        }
        FaultKind::Latency(time) | FaultKind::Timeout(time) if time > LONGEST => {
            Some("a fault takes 600000 milliseconds at most")
        }
        FaultKind::TooManyRequests(seconds) if seconds > A_DAY => {
            Some("the Retry-After of a fault is 86400 seconds at most")
        }
        _ => None,
    }
}

fn wrong_choice(fault: &Fault) -> Option<&'static str> {
    let is_share = |it: f64| it > 0.0 && it <= 100.0;
    if fault.percentage.is_some_and(|it| !is_share(it)) {
        return Some("a percentage is more than 0 and at most 100");
    }
    if fault.nth == Some(0) {
        return Some("calls are counted from 1");
    }
    if fault.times == Some(0) {
        return Some("a fault is applied at least once: to have none, do not add it");
    }
    None
}
