//! The classes of failures.

use http::StatusCode;

/// What kind of failure an [`Error`](crate::Error) is, to match on.
///
/// Each says what to do now. The error's own text says it too, with what is known of the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing was sent: the client has no credentials or no signing key, a signer failed, or no request
    /// can be made of the arguments. *Now:* correct what the text names.
    Setup,
    /// No connection was made, so the call was not carried out. *Now:* check the address, the network
    /// and the proxy, and send it again.
    Connect,
    /// The time of an attempt or of the whole call ran out. *Now:* send a read again. A change may
    /// have been carried out ([`is_outcome_unknown`](crate::Error::is_outcome_unknown)): send it again
    /// with the same [key](crate::Error::idempotency_key) within the hour for which keys are valid.
    Timeout,
    /// The exchange broke off before the response was whole. *Now:* as for
    /// [`Timeout`](Self::Timeout).
    Interrupted,
    /// 400: the request is malformed or is not allowed now. *Now:* correct it; unchanged it will
    /// fail again.
    BadRequest,
    /// 401: credentials, token or signature were rejected, and a new token has not helped. *Now:*
    /// check the credentials, that the signing key is registered, and the machine's clock
    /// ([`clock_skew`](crate::Error::clock_skew)).
    Unauthorised,
    /// 403: the credentials may not do this. *Now:* ask OffBlocks for what they lack.
    Forbidden,
    /// 404: the resource does not exist. *Now:* check the identifier, or the base URL where there is
    /// none.
    NotFound,
    /// 409: the state of the resource does not allow it. *Now:* read the resource and decide again;
    /// waiting does not help.
    Conflict,
    /// 409 of the idempotency layer: the first request with this key still runs. *Now:* wait, and
    /// send the call again with the same key to get its response.
    StillRunning,
    /// 422: the idempotency key was used before with another payload. *Now:* use a fresh key for a
    /// new call, or the first payload for a repetition.
    Unprocessable,
    /// 429: the server asks for fewer calls. *Now:* wait for
    /// [`retry_after`](crate::Error::retry_after), and send it again.
    RateLimited,
    /// 5xx: the server failed, after all attempts that the policy allows. *Now:* send a read again
    /// later, and a change with the same key; with 501, do not.
    Server,
    /// Another status that is not a success. *Now:* after a redirect, correct the base URL; for other
    /// statuses, read the text.
    UnexpectedStatus,
    /// A success that is not what the contract says. A change was carried out, unless the body is a
    /// page of a gateway or proxy ([`is_outcome_unknown`](crate::Error::is_outcome_unknown)). *Now:* read
    /// the resource instead of sending the call again, and compare the contract of this crate with the
    /// server's.
    Decode,
    /// An earlier attempt got no response, a later one was rejected as if the work had been done
    /// already, and the resource could not be read. *Now:* send the call again with the same
    /// [key](crate::Error::idempotency_key), or read the resource.
    OutcomeUnknown,
}

impl ErrorKind {
    /// The kind as a label for metrics (`rate_limited`).
    ///
    /// ```
    /// assert_eq!(offblocks_client::ErrorKind::RateLimited.as_str(), "rate_limited");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::BadRequest => "bad_request",
            Self::Unauthorised => "unauthorised",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::StillRunning => "still_running",
            Self::Unprocessable => "unprocessable",
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::UnexpectedStatus => "unexpected_status",
            Self::Decode => "decode",
            Self::OutcomeUnknown => "outcome_unknown",
        }
    }

    /// The kind of a response by its status. A 409 is a conflict here.
    pub(super) fn of_status(status: Option<StatusCode>) -> Self {
        match status.map(|status| status.as_u16()) {
            Some(400) => Self::BadRequest,
            Some(401) => Self::Unauthorised,
            Some(403) => Self::Forbidden,
            Some(404) => Self::NotFound,
            Some(409) => Self::Conflict,
            Some(422) => Self::Unprocessable,
            Some(429) => Self::RateLimited,
            Some(500..=599) => Self::Server,
            _ => Self::UnexpectedStatus,
        }
    }
}

/// The class of a failure before its status is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Setup,
    Connect,
    Timeout,
    Interrupted,
    /// The server responded with a status that is not a success.
    Status,
    Decode,
    OutcomeUnknown,
}
