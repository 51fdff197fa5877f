//! What went wrong with a call.

mod advice;
mod build;
mod kind;
mod make;
mod unreadable;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use uuid::Uuid;

use crate::generated::operations::Operation;
use crate::received::{Body, Problem, request_id};
use crate::retry;
use crate::skew::ClockSkew;

pub use build::ErrorBuilder;
pub use kind::ErrorKind;
pub(crate) use kind::Kind;
pub(crate) use unreadable::unreadable;

/// Why a call failed.
///
/// Match on its [`kind`](Self::kind), or ask it with predicates
/// ([`is_not_found`](Self::is_not_found), [`is_outcome_unknown`](Self::is_outcome_unknown), …). It
/// keeps what the server said and what became of the call, and its text says what happened and what
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
    /// The caller's operation, when it was the token's fetch that failed.
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
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// The operation that was called: the one that failed, or the one a token was wanted for.
    #[must_use]
    pub fn called_operation(&self) -> &'static str {
        self.on_behalf_of.unwrap_or(self.operation).id
    }

    /// The status, when the server responded.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The headers of the response; empty when there was none.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The name the server gave the request (`x-request-id`, else the problem's `requestId`), to
    /// quote when asking about it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let of_problem = || self.problem()?.request_id.as_deref();
        request_id(&self.inner.headers).or_else(of_problem)
    }

    /// The idempotency key of the call, where it carries one: the one to send it again with.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<Uuid> {
        self.key
    }

    /// How many attempts the call had; zero when its request could not be built.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the server asks to wait (`Retry-After`, as seconds or as a date).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The difference between this machine's clock and the server's, when the server responded with
    /// 401 and they differ by more than a minute. Signatures carry the time, so this alone can be
    /// the reason; see [`ClientBuilder::correct_clock_skew`](crate::ClientBuilder::correct_clock_skew).
    #[must_use]
    pub fn clock_skew(&self) -> Option<ClockSkew> {
        self.inner.skew
    }

    /// The place in the body of a success that is not what the contract says, as a JSON pointer (RFC
    /// 6901) in which `*` stands for the items of a list; empty when it is the whole body.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.inner.pointer.as_deref()
    }

    /// The body of a response that is not a success, as text, up to 64 KiB; `None` when there was
    /// none. Bodies of successes hold personal data or tokens and are never kept.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.inner.body.text()
    }

    /// The body as a problem document (RFC 9457), when it is one.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.inner.body.problem()
    }

    /// The request was rejected as malformed or as not allowed now (400).
    #[must_use]
    pub fn is_bad_request(&self) -> bool {
        self.has(StatusCode::BAD_REQUEST)
    }

    /// Credentials, token or signature were rejected (401).
    #[must_use]
    pub fn is_unauthorised(&self) -> bool {
        self.has(StatusCode::UNAUTHORIZED)
    }

    /// The resource does not exist (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has(StatusCode::NOT_FOUND)
    }

    /// The state of the resource does not allow it (409). The 409 of a key that is
    /// [still running](Self::is_still_running) is not meant.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.has(StatusCode::CONFLICT) && !self.is_still_running()
    }

    /// The first request with this idempotency key still runs (409 with `Retry-After`).
    #[must_use]
    pub fn is_still_running(&self) -> bool {
        let status = self.inner.status.map(retry::Outcome::Status);
        self.inner.kind == Kind::Status
            && status.is_some_and(|status| retry::is_still_running(status, self.inner.retry_after))
    }

    /// The call changes something and may have been carried out although it failed. Send it again
    /// with the same [key](Self::idempotency_key), or read the resource.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.unknown || self.inner.kind == Kind::OutcomeUnknown
    }

    /// The idempotency key was used before with another payload (422).
    #[must_use]
    pub fn is_unprocessable(&self) -> bool {
        self.has(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The server asks for fewer calls (429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.has(StatusCode::TOO_MANY_REQUESTS)
    }

    /// The server failed (5xx).
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.inner
            .status
            .is_some_and(|status| status.is_server_error())
    }

    /// The time ran out before the response was whole. The call may have been carried out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.inner.kind == Kind::Timeout
    }

    /// No connection was made, so the call was not carried out.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.inner.kind == Kind::Connect
    }

    /// The response is a success, but not what the contract says.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.inner.kind == Kind::Decode
    }

    /// Nothing was sent, because the client lacks credentials, a signing key or the like.
    #[must_use]
    pub fn is_setup(&self) -> bool {
        self.inner.kind == Kind::Setup
    }

    /// Whether the same call can succeed later. Send it again with the same idempotency key.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.inner.kind {
            Kind::Connect | Kind::Timeout | Kind::Interrupted | Kind::OutcomeUnknown => true,
            Kind::Status => self.is_still_running() || self.inner.status.is_some_and(retry::passes),
            Kind::Setup | Kind::Decode => false,
        }
    }

    pub(crate) fn has_kind(&self, kind: Kind) -> bool {
        self.inner.kind == kind
    }

    fn has(&self, status: StatusCode) -> bool {
        self.inner.kind == Kind::Status && self.inner.status == Some(status)
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
