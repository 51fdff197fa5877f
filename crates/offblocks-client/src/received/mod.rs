//! A response in bytes, before it is decoded: its head, its body and what happened to the call.

mod body;
mod problem;
mod redact;

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use uuid::Uuid;

use crate::drift::DriftWatch;
use crate::generated::operations::Operation;
use crate::retry::{self, Outcome};
use crate::skew::{ClockSkew, seconds_between};

pub(crate) use body::{Body, Foreign, foreign, printable, without_mark};
pub use problem::{Problem, Violation};
pub(crate) use redact::digits;

/// A response in bytes, not decoded yet.
#[derive(Debug)]
pub(crate) struct RawResponse {
    pub watch: DriftWatch,
    pub operation: &'static Operation,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// The limit that the body was cut at, where it is longer.
    pub cut: Option<usize>,
    pub sent: SystemTime,
    pub received: SystemTime,
    pub key: Option<Uuid>,
    pub attempts: u32,
    /// Whether the call may have been carried out although this is not a success.
    pub unknown: bool,
    pub settled: bool,
}

impl RawResponse {
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub(crate) fn status_code(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The pause the server asks for.
    pub(crate) fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        retry::retry_after(&self.headers, now)
    }

    pub(crate) fn is_still_running(&self) -> bool {
        let keyed = self.operation.idempotent;
        keyed
            && retry::is_still_running(
                Outcome::Status(self.status),
                self.retry_after(self.received),
            )
    }

    /// Whether the response says that the call was not carried out. Such a rejection comes after the
    /// server has looked up the key, and would have returned the response to an earlier attempt. A page
    /// of a gateway or proxy does not say this.
    pub(crate) fn is_decision(&self) -> bool {
        let before_the_key = matches!(self.status(), 401 | 403 | 407 | 408 | 429);
        let decides = self.status.is_client_error() && !before_the_key;
        decides && !self.is_still_running() && !self.is_page()
    }

    /// Whether the body is a page for people, which the API does not send.
    pub(crate) fn is_page(&self) -> bool {
        foreign(&self.body, &self.headers) == Some(Foreign::Html)
    }

    /// The server's clock against this machine's, when they differ by more than a minute.
    pub(crate) fn clock_skew(&self) -> Option<ClockSkew> {
        let rejected = self.status == StatusCode::UNAUTHORIZED;
        let server = retry::date(&self.headers).filter(|_| rejected)?;
        ClockSkew::between(server, self.sent, self.received)
    }

    /// By how much the server's clock is ahead of this machine's, as far as `Date` says.
    pub(crate) fn server_ahead(&self) -> Option<i64> {
        let way = self.received.duration_since(self.sent).unwrap_or_default();
        let server = retry::date(&self.headers)?;
        Some(seconds_between(self.sent + way / 2, server))
    }

    /// The member `status` of a resource.
    pub(crate) fn status_member(&self) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Resource {
            status: String,
        }
        let resource: Resource = serde_json::from_slice(&self.body).ok()?;
        Some(resource.status)
    }

    pub(crate) fn with_course(self, key: Option<Uuid>, attempts: u32, unknown: bool) -> Self {
        Self {
            key,
            attempts,
            unknown,
            ..self
        }
    }

    /// This reading in place of a rejection: the operation is the one that was called.
    pub(crate) fn settles(self, rejection: Self) -> Self {
        let status = match self.is_success() {
            true => self.status,
            // The resource is gone, as it was meant to be.
            false => StatusCode::NO_CONTENT,
        };
        Self {
            operation: rejection.operation,
            status,
            settled: true,
            ..self
        }
    }

    /// The parts that an error keeps.
    pub(crate) fn into_failure(self) -> Failure {
        let skew = self.clock_skew();
        let retry_after = self.retry_after(self.received);
        Failure {
            status: self.status,
            body: Body::new(self.body, self.cut.is_some(), &self.headers),
            headers: self.headers,
            key: self.key,
            attempts: self.attempts,
            unknown: self.unknown,
            skew,
            retry_after,
        }
    }

    /// Looks for drift. A body that was cut is skipped, because it is not what the server sent. A resource
    /// that was read to settle another call is skipped too, because its own call was checked. So is a 409
    /// for a key that is still running: it comes from the idempotency layer, which no contract lists.
    pub(crate) fn look(&self, failure: Option<&serde_json::Error>) {
        if self.settled || self.is_still_running() {
            return;
        }
        let (body, failure) = match self.cut.is_some() {
            true => (&[] as &[u8], None),
            false => (self.body.as_slice(), failure),
        };
        self.watch.judge(self.operation, self.status, body, failure);
    }
}

/// What an error keeps of a response.
pub(crate) struct Failure {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Body,
    pub key: Option<Uuid>,
    pub attempts: u32,
    pub unknown: bool,
    pub skew: Option<ClockSkew>,
    pub retry_after: Option<Duration>,
}

/// The header by which servers name a request.
const REQUEST_ID: &str = "x-request-id";

/// The longest text that is accepted as the name of a request. Common names have 36 characters or fewer.
const LONGEST_REQUEST_ID: usize = 256;

/// The server's name for a request: visible text of a reasonable length.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    is_request_id(id).then_some(id)
}

/// Whether a text can be a server's name for a request.
pub(crate) fn is_request_id(text: &str) -> bool {
    (1..=LONGEST_REQUEST_ID).contains(&text.len()) && !text.chars().any(char::is_control)
}
