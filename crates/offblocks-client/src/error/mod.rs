//! What went wrong with a call.

mod advice;
mod body;
mod make;
mod problem;
mod redact;

use std::fmt;
use std::sync::Arc;

use http::StatusCode;

use crate::generated::operations::Operation;

pub(crate) use body::Body;
pub(crate) use make::request_id;
pub use problem::{Problem, Violation};

/// Why a call failed.
///
/// It keeps what the server said (status, body, request id) and names the operation. Ask it with
/// predicates ([`is_not_found`](Self::is_not_found), [`is_conflict`](Self::is_conflict), …); its
/// text says what happened and what to do now. It never holds a secret, a token or a key.
#[derive(Clone)]
pub struct Error {
    operation: &'static Operation,
    /// The caller's operation, when it was the token's fetch that failed.
    on_behalf_of: Option<&'static Operation>,
    inner: Arc<Inner>,
}

struct Inner {
    kind: Kind,
    status: Option<StatusCode>,
    request_id: Option<String>,
    body: Body,
    reason: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The class of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing was sent: the client lacks something.
    Setup,
    /// No connection was made.
    Connect,
    /// The time ran out.
    Timeout,
    /// The exchange broke off.
    Interrupted,
    /// The server responded with a status that is not a success.
    Status,
    /// The response is a success, but not what the contract says.
    Decode,
}

impl Error {
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

    /// The name the server gave the request (`x-request-id`, else the problem's `requestId`), to
    /// quote when asking about it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let of_problem = || self.problem()?.request_id.as_deref();
        self.inner.request_id.as_deref().or_else(of_problem)
    }

    /// The body of the response as text, up to 64 KiB; `None` when there was none. Bodies that can
    /// hold a token (successes of the calls below `/auth`) are not kept.
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

    /// The state of the resource does not allow it (409).
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.has(StatusCode::CONFLICT)
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
            Kind::Connect | Kind::Timeout | Kind::Interrupted => true,
            Kind::Status => self.inner.status.is_some_and(advice::passes),
            Kind::Setup | Kind::Decode => false,
        }
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
        match advice::now(self.inner.kind, self.status(), self.operation.path) {
            Some(advice) => write!(formatter, "; {advice}"),
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
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("operation", &self.operation.id)
            .field("called", &self.called_operation())
            .field("kind", &self.inner.kind)
            .field("status", &self.inner.status)
            .field("request_id", &self.request_id())
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
