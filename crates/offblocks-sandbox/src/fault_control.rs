//! Faults in the hands of whoever runs the sandbox.

use offblocks_server::operations;

use crate::Sandbox;
use crate::control_error::ControlError;
use crate::faults::{Fault, FaultId, FaultReport};

impl Sandbox {
    /// Lets calls of the API fail. Faults hold until they are removed, have been applied as often
    /// as they say, or the sandbox stops. Where several match a call, the oldest that applies is
    /// carried out.
    ///
    /// Resets, truncated bodies and timeouts need the connection, so they are only carried out where
    /// the sandbox serves.
    ///
    /// # Errors
    /// When the contract has no such operation, or the percentage is not one.
    pub fn add_fault(&self, fault: Fault) -> Result<FaultReport, ControlError> {
        check(&fault)?;
        Ok(self.world.faults.add(fault))
    }

    /// The faults in force, the oldest first, each with how often it was met.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.world.faults.list()
    }

    /// Removes a fault. `false` where there is none of this number.
    pub fn remove_fault(&self, id: FaultId) -> bool {
        self.world.faults.remove(id)
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.world.faults.clear();
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
