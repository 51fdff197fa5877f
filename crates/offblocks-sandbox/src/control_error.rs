//! Why something that is not part of the API cannot be done.

use crate::failure::Failure;
use crate::store::StoreError;

/// What was asked of the sandbox besides the API cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// What was given is not valid, such as an amount that cannot be moved.
    #[error("{0}")]
    Invalid(String),
    /// There is no such thing.
    #[error("{0}")]
    Unknown(String),
    /// The state of things does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Failure> for ControlError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Invalid(reason)
            | Failure::InvalidMember { reason, .. }
            | Failure::Unauthorised(reason) => Self::Invalid(reason),
            Failure::Missing(reason) => Self::Unknown(reason),
            Failure::Conflict(reason) => Self::Conflict(reason),
            Failure::Store(error) => Self::Store(error),
        }
    }
}
