//! Why an operation was not carried out.

use crate::store::StoreError;

/// A rejection or a breakdown, before it becomes one of the statuses an operation documents.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The request asks for something that is not possible (400).
    #[error("{0}")]
    Invalid(String),
    /// As [`Invalid`](Self::Invalid), for the sake of one member of the body.
    #[error("{reason}")]
    InvalidMember {
        /// The member, as a JSON pointer (RFC 6901).
        pointer: String,
        /// What is wrong there.
        reason: String,
    },
    /// The caller is not authenticated (401).
    #[error("{0}")]
    Unauthorised(String),
    /// There is no such entity (404).
    #[error("{0}")]
    Missing(String),
    /// The entity is not in a state that allows it (409; 400 where the contract has no 409).
    #[error("{0}")]
    Conflict(String),
    /// The sandbox itself is at fault (500). The reason goes to the log, not to the caller.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Failure {
    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid(reason.into())
    }

    /// What the member at this JSON pointer says cannot be.
    pub(crate) fn at(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::InvalidMember {
            pointer: pointer.into(),
            reason: reason.into(),
        }
    }

    /// The same, where it is the member at this JSON pointer that asks for what cannot be.
    pub(crate) fn of_member(self, pointer: &str) -> Self {
        match self {
            Self::Invalid(reason) => Self::at(pointer, reason),
            other => other,
        }
    }

    pub(crate) fn conflict(reason: impl Into<String>) -> Self {
        Self::Conflict(reason.into())
    }

    /// No `kind` (such as "card") has this id.
    pub(crate) fn missing(kind: &str, id: impl std::fmt::Display) -> Self {
        Self::Missing(format!("there is no {kind} {id}"))
    }

    /// The store's failure, of work that rejects nothing: it has no request to judge.
    pub(crate) fn of_store(self) -> StoreError {
        match self {
            Self::Store(error) => error,
            rejection => unreachable!("nothing here rejects: {rejection}"),
        }
    }

    /// Logs that something failed, unless it was an outage of the database: the store logs those.
    pub(crate) fn log(&self, what: &str) {
        match self {
            Self::Store(error) => error.log(what),
            failure => {
                let error: &dyn std::error::Error = failure;
                tracing::error!(error, "{what}");
            }
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
