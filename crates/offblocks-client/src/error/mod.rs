//! What went wrong with a call.

mod advice;
mod build;
mod kind;
mod make;
mod predicates;
mod unreadable;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use uuid::Uuid;

use crate::generated::operations::Operation;
use crate::received::{Body, Problem, request_id};
use crate::skew::ClockSkew;

pub use build::ErrorBuilder;
pub use kind::ErrorKind;
pub(crate) use kind::Kind;
pub(crate) use unreadable::unreadable;

/// Why a call failed.
///
/// Match on its [`kind`](Self::kind), or ask it with predicates
/// ([`is_not_found`](Self::is_not_found), [`is_outcome_unknown`](Self::is_outcome_unknown), …). It
/// keeps what the server said and what happened to the call. Its text says what happened and what
/// to do now. It never holds a secret, a token or a key, nor the body of a success.
///
/// ```
/// use offblocks_client::{Error, ErrorKind};
///
/// fn describe(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::NotFound => "there is no such card",
///         ErrorKind::Conflict => "the card cannot be changed now",
///         _ if error.is_outcome_unknown() => "send the call again with the same key",
///         _ if error.is_retryable() => "try again later",
///         _ => "ask a person",
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Error {
    operation: &'static Operation,
    /// The caller's operation, when fetching a token failed.
    on_behalf_of: Option<&'static Operation>,
    key: Option<Uuid>,
    attempts: u32,
    /// Whether the call may have been carried out.
    unknown: bool,
    inner: Arc<Inner>,
}

struct Inner {
    kind: Kind,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Body,
    reason: Option<String>,
    pointer: Option<String>,
    skew: Option<ClockSkew>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Inner {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            status: None,
            headers: HeaderMap::new(),
            body: Body::default(),
            reason: None,
            pointer: None,
            skew: None,
            retry_after: None,
            source: None,
        }
    }
}

impl Error {
    /// What kind of failure it is.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, ErrorKind, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::NOT_FOUND).build();
    /// assert_eq!(error.kind(), ErrorKind::NotFound);
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.inner.kind {
            Kind::Setup => ErrorKind::Setup,
            Kind::Connect => ErrorKind::Connect,
            Kind::Timeout => ErrorKind::Timeout,
            Kind::Interrupted => ErrorKind::Interrupted,
            Kind::Decode => ErrorKind::Decode,
            Kind::OutcomeUnknown => ErrorKind::OutcomeUnknown,
            Kind::Status if self.is_still_running() => ErrorKind::StillRunning,
            Kind::Status => ErrorKind::of_status(self.inner.status),
        }
    }

    /// The operation that failed (`createAccountCard`); `getToken` when no token could be fetched
    /// for another call.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).build();
    /// assert_eq!(error.operation(), "getCard");
    /// ```
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// The operation that was called: the one that failed, or the one for which a token was fetched.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).build();
    /// assert_eq!(error.called_operation(), "getCard");
    /// ```
    #[must_use]
    pub fn called_operation(&self) -> &'static str {
        self.on_behalf_of.unwrap_or(self.operation).id
    }

    /// The status, when the server responded.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::FORBIDDEN).build();
    /// assert_eq!(error.status(), Some(http::StatusCode::FORBIDDEN));
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The headers of the response; empty when there was none.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).build();
    /// assert!(error.headers().is_empty(), "there was no response");
    /// ```
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The name the server gave the request (`x-request-id`, else the problem's `requestId`), to
    /// quote when asking about it.
    ///
    /// ```
    /// use http::{HeaderName, HeaderValue, StatusCode};
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD)
    ///     .status(StatusCode::NOT_FOUND)
    ///     .header(HeaderName::from_static("x-request-id"), HeaderValue::from_static("req-1"))
    ///     .build();
    /// assert_eq!(error.request_id(), Some("req-1"));
    /// ```
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let of_problem = || self.problem()?.request_id.as_deref();
        request_id(&self.inner.headers).or_else(of_problem)
    }

    /// The idempotency key of the call, where it carries one: the one to send it again with.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    /// use offblocks_types::uuid::Uuid;
    ///
    /// let key = Uuid::from_u128(7);
    /// let error = ErrorBuilder::new(&operations::CREATE_ACCOUNT_CARD)
    ///     .timed_out()
    ///     .idempotency_key(key)
    ///     .build();
    /// assert_eq!(error.idempotency_key(), Some(key));
    /// ```
    #[must_use]
    pub fn idempotency_key(&self) -> Option<Uuid> {
        self.key
    }

    /// How many attempts the call had; zero when its request could not be built.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).attempts(4).build();
    /// assert_eq!(error.attempts(), 4);
    /// ```
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the server asks to wait (`Retry-After`, as seconds or as a date).
    ///
    /// ```
    /// use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD)
    ///     .status(StatusCode::SERVICE_UNAVAILABLE)
    ///     .header(RETRY_AFTER, HeaderValue::from_static("7"))
    ///     .build();
    /// assert_eq!(error.retry_after().map(|pause| pause.as_secs()), Some(7));
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The difference between this machine's clock and the server's, when the server responded with
    /// 401 and they differ by more than a minute. Signatures carry the time, so this alone can be
    /// the reason; see [`ClientBuilder::correct_clock_skew`](crate::ClientBuilder::correct_clock_skew).
    ///
    /// ```
    /// fn alert(error: &offblocks_client::Error) {
    ///     if let Some(skew) = error.clock_skew() {
    ///         eprintln!("set this machine's clock: {skew}");
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn clock_skew(&self) -> Option<ClockSkew> {
        self.inner.skew
    }

    /// The place in the body of a success that is not what the contract says, as a JSON pointer (RFC
    /// 6901) in which `*` stands for the items of a list; empty when it is the whole body.
    ///
    /// ```
    /// fn note(error: &offblocks_client::Error) {
    ///     if let Some(pointer) = error.pointer() {
    ///         eprintln!("{} differs from the contract at `{pointer}`", error.operation());
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.inner.pointer.as_deref()
    }

    /// The body of a response that is not a success, as text, up to 64 KiB; `None` when there was
    /// none. Bodies of successes hold personal data or tokens and are never kept.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD).status(http::StatusCode::BAD_GATEWAY).body("overloaded").build();
    /// assert_eq!(error.body(), Some("overloaded"));
    /// ```
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.inner.body.text()
    }

    /// The body as a problem document (RFC 9457), when it is one.
    ///
    /// ```
    /// use offblocks_client::{ErrorBuilder, operations};
    ///
    /// let error = ErrorBuilder::new(&operations::GET_CARD)
    ///     .status(http::StatusCode::CONFLICT)
    ///     .body(r#"{"title": "Conflict", "balance": 30}"#)
    ///     .build();
    /// let problem = error.problem().ok_or("the server sent no problem document")?;
    /// assert_eq!(problem.extensions["balance"], 30);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.inner.body.problem()
    }

    pub(crate) fn has_kind(&self, kind: Kind) -> bool {
        self.inner.kind == kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.operation.id)?;
        if let Some(called) = self.on_behalf_of {
            write!(formatter, " (for `{}`)", called.id)?;
        }
        write!(
            formatter,
            " {}",
            advice::happened(self.inner.kind, self.status())
        )?;
        if let Some(detail) = self.detail() {
            write!(formatter, ": {detail}")?;
        }
        if let Some(id) = self.request_id() {
            write!(formatter, " (request {id})")?;
        }
        if let Some(skew) = self.inner.skew {
            write!(formatter, "; {skew}")?;
        }
        if let Some(advice) = self.advice() {
            write!(formatter, "; {advice}")?;
        }
        match self.key.filter(|_| self.is_outcome_unknown()) {
            Some(key) => write!(formatter, " ({key})"),
            None => Ok(()),
        }
    }
}

impl Error {
    /// The reason, the problem's words, or the beginning of the body.
    fn detail(&self) -> Option<String> {
        let reason = self.inner.reason.clone();
        reason.or_else(|| self.inner.body.summary())
    }

    fn advice(&self) -> Option<&'static str> {
        advice::Case {
            kind: self.inner.kind,
            status: self.inner.status,
            operation: self.operation,
            keyed: self.key.is_some(),
            unknown: self.is_outcome_unknown(),
            still_running: self.is_still_running(),
        }
        .now()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("operation", &self.operation.id)
            .field("called", &self.called_operation())
            .field("kind", &self.kind())
            .field("status", &self.inner.status)
            .field("request_id", &self.request_id())
            .field("idempotency_key", &self.key)
            .field("attempts", &self.attempts)
            .field("detail", &self.detail())
            .field("source", &self.inner.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests;
