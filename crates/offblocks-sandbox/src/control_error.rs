//! Why something that is not part of the API cannot be done.

use crate::failure::Failure;
use crate::store::StoreError;

/// An operation of the sandbox that is not part of the API cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// An argument is not valid, such as an amount that cannot be moved.
    #[error("{0}")]
    Invalid(String),
    /// The entity does not exist.
    #[error("{0}")]
    Unknown(String),
    /// The current state does not allow it.
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
