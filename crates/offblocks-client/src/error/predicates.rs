//! Predicates of errors.

use http::StatusCode;

use super::{Error, Kind};
use crate::retry;

impl Error {
    /// The request was rejected as malformed or as not allowed now (400).
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::BAD_REQUEST).build();
    /// assert!(error.is_bad_request());
    /// ```
    #[must_use]
    pub fn is_bad_request(&self) -> bool {
        self.has(StatusCode::BAD_REQUEST)
    }

    /// Credentials, token or signature were rejected (401).
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::UNAUTHORIZED).build();
    /// assert!(error.is_unauthorised());
    /// ```
    #[must_use]
    pub fn is_unauthorised(&self) -> bool {
        self.has(StatusCode::UNAUTHORIZED)
    }

    /// The resource does not exist (404).
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::NOT_FOUND).build();
    /// assert!(error.is_not_found());
    /// ```
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has(StatusCode::NOT_FOUND)
    }

    /// The state of the resource does not allow it (409). The 409 of a key that is
    /// [still running](Self::is_still_running) is not meant.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::ACTIVATE_CARD).status(http::StatusCode::CONFLICT).build();
    /// assert!(error.is_conflict());
    /// ```
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.has(StatusCode::CONFLICT) && !self.is_still_running()
    }

    /// The first request with this idempotency key still runs (409 with `Retry-After`).
    ///
    /// ```
    /// use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::ACTIVATE_CARD)
    ///     .status(StatusCode::CONFLICT)
    ///     .header(RETRY_AFTER, HeaderValue::from_static("1"))
    ///     .build();
    /// assert!(error.is_still_running());
    /// ```
    #[must_use]
    pub fn is_still_running(&self) -> bool {
        let status = self.inner.status.map(retry::Outcome::Status);
        // Where no key is sent, no key can be running.
        let keyed = self.inner.kind == Kind::Status && self.operation.idempotent;
        keyed
            && status.is_some_and(|status| retry::is_still_running(status, self.inner.retry_after))
    }

    /// The call changes something and may have been carried out although it failed. Send it again
    /// with the same [key](Self::idempotency_key), or read the resource.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::CREATE_ACCOUNT_CARD).timed_out().build();
    /// assert!(error.is_outcome_unknown());
    /// ```
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.unknown || self.inner.kind == Kind::OutcomeUnknown
    }

    /// The idempotency key was used before with another payload (422).
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::CREATE_ACCOUNT_CARD).status(http::StatusCode::UNPROCESSABLE_ENTITY).build();
    /// assert!(error.is_unprocessable());
    /// ```
    #[must_use]
    pub fn is_unprocessable(&self) -> bool {
        self.has(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The server asks for fewer calls (429).
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::TOO_MANY_REQUESTS).build();
    /// assert!(error.is_rate_limited());
    /// ```
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.has(StatusCode::TOO_MANY_REQUESTS)
    }

    /// The server failed (5xx).
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::BAD_GATEWAY).build();
    /// assert!(error.is_server_error());
    /// ```
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.inner
            .status
            .is_some_and(|status| status.is_server_error())
    }

    /// The time ran out before the response was whole. The call may have been carried out.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).timed_out().build();
    /// assert!(error.is_timeout());
    /// ```
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.inner.kind == Kind::Timeout
    }

    /// No connection was made, so the call was not carried out.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).build();
    /// assert!(error.is_connect());
    /// ```
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.inner.kind == Kind::Connect
    }

    /// The response is a success, but not what the contract says.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::OK).build();
    /// assert!(error.is_decode());
    /// ```
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.inner.kind == Kind::Decode
    }

    /// Nothing was sent, for example because the client has no credentials or no signing key.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).not_sent("no signing key").build();
    /// assert!(error.is_setup());
    /// ```
    #[must_use]
    pub fn is_setup(&self) -> bool {
        self.inner.kind == Kind::Setup
    }

    /// Whether the same call can succeed later. Send it again with the same idempotency key.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::SERVICE_UNAVAILABLE).build();
    /// assert!(error.is_retryable());
    /// ```
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.inner.kind {
            Kind::Connect | Kind::Timeout | Kind::Interrupted | Kind::OutcomeUnknown => true,
            Kind::Status => self.is_still_running() || self.inner.status.is_some_and(retry::passes),
            Kind::Setup | Kind::Decode => false,
        }
    }

    fn has(&self, status: StatusCode) -> bool {
        self.inner.kind == Kind::Status && self.inner.status == Some(status)
    }
}
