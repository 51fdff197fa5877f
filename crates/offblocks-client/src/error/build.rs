//! Errors for the tests of programs that use the client.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use uuid::Uuid;

use super::{Error, Kind};
use crate::generated::operations::Operation;
use crate::received::{Body, Failure};
use crate::retry;

/// Makes an [`Error`] as the client would, so that code that handles errors can be tested without a
/// server.
///
/// ```
/// use offblocks_client::{ErrorBuilder, ErrorKind, operations};
///
/// let error = ErrorBuilder::new(&operations::GET_CARD)
///     .header(http::header::RETRY_AFTER, http::HeaderValue::from_static("7"))
///     .status(http::StatusCode::TOO_MANY_REQUESTS)
///     .build();
/// assert_eq!(error.kind(), ErrorKind::RateLimited);
/// assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(7)));
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct ErrorBuilder {
    operation: &'static Operation,
    status: Option<StatusCode>,
    kind: Option<Kind>,
    headers: HeaderMap,
    body: Vec<u8>,
    key: Option<Uuid>,
    attempts: u32,
    unknown: bool,
    reason: Option<String>,
}

impl ErrorBuilder {
    /// A failure of this operation: a failed connection, unless something else is said.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, ErrorKind, operations};
    ///
    /// assert_eq!(ErrorBuilder::new(&operations::GET_CARD).build().kind(), ErrorKind::Connect);
    /// ```
    pub fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            status: None,
            kind: None,
            headers: HeaderMap::new(),
            body: Vec::new(),
            key: None,
            attempts: 1,
            unknown: false,
            reason: None,
        }
    }

    /// The server responded with this status.
    ///
    /// ```
    /// use http::StatusCode;
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(StatusCode::NOT_FOUND).build();
    /// assert!(error.is_not_found());
    /// ```
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The response has this header.
    ///
    /// ```
    /// use http::header::{HeaderValue, RETRY_AFTER};
    /// use http::StatusCode;
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::ACTIVATE_CARD)
    ///     .status(StatusCode::CONFLICT)
    ///     .header(RETRY_AFTER, HeaderValue::from_static("1"))
    ///     .build();
    /// assert!(error.is_still_running());
    /// ```
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The response has this body.
    ///
    /// ```
    /// use http::StatusCode;
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::CREATE_CUSTOMER)
    ///     .status(StatusCode::BAD_REQUEST)
    ///     .body(r#"{"title": "Bad Request", "detail": "the externalId is taken"}"#)
    ///     .build();
    /// assert!(error.to_string().contains("the externalId is taken"));
    /// ```
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The call was sent with this key.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    /// use offblocks_types::uuid::Uuid;
    ///
    /// let key = Uuid::from_u128(7);
    /// let error = ErrorBuilder::new(&operations::CREATE_CUSTOMER).idempotency_key(key).build();
    /// assert_eq!(error.idempotency_key(), Some(key));
    /// ```
    pub fn idempotency_key(mut self, key: Uuid) -> Self {
        self.key = Some(key);
        self
    }

    /// The call had this many attempts.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).attempts(3).build();
    /// assert_eq!(error.attempts(), 3);
    /// ```
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The time ran out, and the call may have been carried out if it changes anything.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let read = ErrorBuilder::new(&operations::GET_CARD).timed_out().build();
    /// let change = ErrorBuilder::new(&operations::CREATE_CUSTOMER).timed_out().build();
    /// assert!(!read.is_outcome_unknown() && change.is_outcome_unknown());
    /// ```
    pub fn timed_out(mut self) -> Self {
        self.kind = Some(Kind::Timeout);
        self.unknown = self.operation.changes();
        self
    }

    /// An earlier attempt got no response, and its outcome could not be settled.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, ErrorKind, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::DELETE_CARD).unsettled().build();
    /// assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    /// ```
    pub fn unsettled(mut self) -> Self {
        self.kind = Some(Kind::OutcomeUnknown);
        self.unknown = true;
        self
    }

    /// Nothing was sent, for this reason.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).not_sent("the vault is sealed").build();
    /// assert!(error.is_setup() && error.to_string().contains("the vault is sealed"));
    /// ```
    pub fn not_sent(mut self, reason: impl Into<String>) -> Self {
        self.kind = Some(Kind::Setup);
        self.reason = Some(reason.into());
        self
    }

    /// The error.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).build();
    /// assert!(error.is_connect() && error.is_retryable());
    /// ```
    #[must_use]
    pub fn build(self) -> Error {
        let kind = match (self.kind, self.status) {
            (Some(kind), _) => kind,
            (None, Some(status)) if status.is_success() => Kind::Decode,
            (None, Some(_)) => Kind::Status,
            (None, None) => Kind::Connect,
        };
        let mut error = Error::new(self.operation, kind);
        if let Some(status) = self.status {
            error = error.failed(Failure {
                status,
                body: Body::new(self.body, false, &self.headers),
                // Without a clock, a date is compared with the response's own.
                retry_after: retry::retry_after(&self.headers, std::time::SystemTime::UNIX_EPOCH),
                headers: self.headers,
                key: self.key,
                attempts: self.attempts,
                unknown: self.unknown,
                skew: None,
            });
        }
        if let Some(reason) = self.reason {
            error = error.because(reason);
        }
        error.with_course(self.key, self.attempts, self.unknown)
    }
}
