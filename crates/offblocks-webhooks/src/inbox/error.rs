//! What can go wrong around the handling of an event.

use std::time::Duration;

use http::{Response, StatusCode};

use crate::response::problem;

/// A store could not say whether an event is handled. Respond with a 503: the delivery is sent again.
///
/// ```
/// use std::time::Duration;
///
/// use offblocks_webhooks::ReplayError;
///
/// let busy = ReplayError::store("the database is gone");
/// assert_eq!((busy.status().as_u16(), busy.retry_after()), (503, None));
///
/// let other = ReplayError::InProgress { retry_after: Duration::from_secs(2) };
/// assert_eq!(other.to_response().headers()["retry-after"], "2");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// Another caller handles the event now.
    #[error("the event is being handled; the delivery can be sent again")]
    InProgress {
        /// When to try again.
        retry_after: Duration,
    },
    /// The database is busy: a lock was not free in time, or another transaction came first. Roll
    /// back, and try again.
    #[error("the database that remembers events is busy; the delivery can be sent again")]
    Busy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store failed.
    #[error("the store that remembers events failed; the delivery can be sent again")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ReplayError {
    /// A failure, for stores of your own.
    pub fn store(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Store(error.into())
    }

    /// The status to respond with: 503.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::SERVICE_UNAVAILABLE
    }

    /// After how long the sender may try again, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::InProgress { retry_after } => Some(*retry_after),
            Self::Busy(_) | Self::Store(_) => None,
        }
    }

    /// The response to the sender.
    #[must_use]
    pub fn to_response(&self) -> Response<String> {
        problem(self.status(), &self.to_string(), self.retry_after())
    }
}

/// An event was not handled.
///
/// ```
/// use offblocks_webhooks::HandleError;
///
/// let failed = HandleError::Handler(std::io::Error::other("no ledger"));
/// assert_eq!(failed.status(), 500);
/// let response = failed.to_response();
/// assert!(!response.body().contains("no ledger"), "OffBlocks learns nothing of it");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HandleError<E> {
    /// The handler failed. The event is not marked: its next delivery runs the handler again.
    #[error("the handler failed")]
    Handler(#[source] E),
    /// The store failed, or another caller handles the event now. After the handler has run, this
    /// means that it is not known whether the event is marked; its next delivery may run the handler
    /// again.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The handling took longer than its lease, which could not be renewed in time, and another caller
    /// has taken the event over.
    #[error("the lease ended before the event was handled, and the event was taken over")]
    LeaseLost,
}

impl<E> HandleError<E> {
    /// The status to respond with: 500 where the handler failed, 503 elsewhere. Either makes
    /// OffBlocks send the delivery again.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Handler(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Replay(_) | Self::LeaseLost => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The response to the sender. It does not show the handler's error.
    #[must_use]
    pub fn to_response(&self) -> Response<String> {
        let (text, retry_after) = match self {
            Self::Handler(_) => ("the event could not be handled".to_owned(), None),
            Self::Replay(error) => (error.to_string(), error.retry_after()),
            Self::LeaseLost => ("the event is being handled".to_owned(), None),
        };
        problem(self.status(), &text, retry_after)
    }
}
