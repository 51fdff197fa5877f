//! What comes back: read to its end, then typed.

use std::ops::Deref;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::attempt;
use crate::call::CallOptions;
use crate::drift::{self, DriftWatch};
use crate::error::{Body, Error, Kind, request_id, unreadable};
use crate::generated::Client;
use crate::generated::operations::Operation;
use crate::retry::{self, Outcome};
use crate::skew::ClockSkew;
use crate::span;

/// How much of a successful response is read, in bytes. The contract's largest responses are lists
/// well below this.
const SUCCESS_LIMIT: usize = 64 << 20;

/// The response to a call: its value, with the status and headers it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    key: Option<Uuid>,
    attempts: u32,
    settled: bool,
}

impl<T> ResponseValue<T> {
    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The name the server gave this request (`x-request-id`). Quote it when you ask about it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The idempotency key the call was sent with, where it carried one.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<Uuid> {
        self.key
    }

    /// How many attempts it took.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether this is the resource as it was read afterwards: an earlier attempt got no response, a
    /// later one was rejected, and the resource shows that the call was carried out.
    #[must_use]
    pub fn is_settled_by_reading(&self) -> bool {
        self.settled
    }

    /// The same response with another value.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            value: change(self.value),
            status: self.status,
            headers: self.headers,
            key: self.key,
            attempts: self.attempts,
            settled: self.settled,
        }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

/// Sends a request under a span of its own, until its response stands.
pub(crate) async fn receive(
    client: &Client,
    options: CallOptions,
    request: Result<reqwest::Request, progenitor_client::Error>,
) -> Result<RawResponse, Error> {
    let operation = options.operation;
    let request = request
        .map_err(|error| Error::unbuilt(operation, error).with_course(options.key, 0, false))?;
    let span = span::call(operation, request.url());
    let response = attempt::run(client, &options, request)
        .instrument(span.clone())
        .await;
    span::record(&span, &response);
    response
}

/// A response in bytes, not yet judged.
#[derive(Debug)]
pub(crate) struct RawResponse {
    watch: DriftWatch,
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    /// Whether the body was cut at its limit.
    cut: bool,
    sent: SystemTime,
    received: SystemTime,
    key: Option<Uuid>,
    attempts: u32,
    /// Whether the call may have been carried out although this is no success.
    unknown: bool,
    settled: bool,
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
        retry::is_still_running(
            Outcome::Status(self.status),
            self.retry_after(self.received),
        )
    }

    /// Whether the response says that the call was not carried out: a rejection that comes after the
    /// server has looked the key up, which returns what an earlier attempt did.
    pub(crate) fn is_decision(&self) -> bool {
        let before_the_key = matches!(self.status(), 401 | 403 | 408 | 429);
        self.status.is_client_error() && !before_the_key && !self.is_still_running()
    }

    /// The server's clock against this machine's, when they differ by more than a minute.
    pub(crate) fn clock_skew(&self) -> Option<ClockSkew> {
        let rejected = self.status == StatusCode::UNAUTHORIZED;
        let server = retry::date(&self.headers).filter(|_| rejected)?;
        ClockSkew::between(server, self.sent, self.received)
    }

    /// By how much the server's clock is ahead of this machine's, as far as `Date` says.
    pub(crate) fn server_ahead(&self) -> Option<i64> {
        let seconds = crate::clock::unix_seconds;
        let way = self.received.duration_since(self.sent).unwrap_or_default();
        let server = retry::date(&self.headers)?;
        Some(seconds(server).saturating_sub(seconds(self.sent + way / 2)))
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

    /// The body as JSON of this type.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        let decoded = serde_json::from_slice(&self.body);
        self.look(decoded.as_ref().err());
        match decoded {
            Ok(value) => Ok(self.with(value)),
            Err(error) => Err(self.undecodable::<T>(&error)),
        }
    }

    /// The body as text.
    #[allow(dead_code, reason = "which readers are used depends on the contract")]
    pub(crate) fn text(mut self) -> Result<ResponseValue<String>, Error> {
        match String::from_utf8(std::mem::take(&mut self.body)) {
            Ok(text) => {
                self.look(None);
                Ok(self.with(text))
            }
            Err(_) => {
                self.watch.not_text(self.operation, self.status);
                let failure = Error::new(self.operation, Kind::Decode);
                Err(failure.answered(self).because("it is not UTF-8"))
            }
        }
    }

    /// The body as it is.
    #[allow(dead_code, reason = "which readers are used depends on the contract")]
    pub(crate) fn bytes(mut self) -> Result<ResponseValue<Vec<u8>>, Error> {
        self.look(None);
        let body = std::mem::take(&mut self.body);
        Ok(self.with(body))
    }

    /// No body is expected; whatever came is dropped.
    pub(crate) fn empty(self) -> Result<ResponseValue<()>, Error> {
        self.look(None);
        Ok(self.with(()))
    }

    /// The error for this response.
    pub(crate) fn into_error(self) -> Error {
        self.look(None);
        Error::new(self.operation, Kind::Status).answered(self)
    }

    /// The parts that an error keeps.
    pub(crate) fn into_failure(self) -> Failure {
        let skew = self.clock_skew();
        let retry_after = self.retry_after(self.received);
        Failure {
            status: self.status,
            body: Body::new(self.body, self.cut, &self.headers),
            headers: self.headers,
            key: self.key,
            attempts: self.attempts,
            unknown: self.unknown,
            skew,
            retry_after,
        }
    }

    /// Looks for drift. A body that was cut is not looked at, because it is not what the server sent,
    /// and neither is a resource that was read to settle another call: its own call has looked.
    fn look(&self, failure: Option<&serde_json::Error>) {
        if self.settled {
            return;
        }
        let (body, failure) = match self.cut {
            true => (&[] as &[u8], None),
            false => (self.body.as_slice(), failure),
        };
        self.watch.judge(self.operation, self.status, body, failure);
    }

    fn with<T>(self, value: T) -> ResponseValue<T> {
        ResponseValue {
            value,
            status: self.status,
            headers: self.headers,
            key: self.key,
            attempts: self.attempts,
            settled: self.settled,
        }
    }

    fn undecodable<T>(self, error: &serde_json::Error) -> Error {
        let pointer = drift::place(self.operation, self.status, &self.body, error);
        let reason = unreadable::<T>(&self.body, error, &pointer);
        Error::new(self.operation, Kind::Decode)
            .answered(self)
            .because(reason)
            .at(pointer)
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

/// Reads what was sent to its end.
pub(crate) async fn read(
    client: &Client,
    operation: &'static Operation,
    response: Result<reqwest::Response, reqwest::Error>,
    sent: SystemTime,
) -> Result<RawResponse, Error> {
    let interrupted = |error| Error::interrupted(operation, error, client.inner.proxy.as_deref());
    let response = response.map_err(interrupted)?;
    let received = client.inner.clock.now();
    let (status, headers) = (response.status(), response.headers().clone());
    let limit = match status.is_success() {
        true => SUCCESS_LIMIT,
        false => Body::LIMIT,
    };
    let body = read_body(response, limit).await;
    let whole = |body, cut| RawResponse {
        watch: client.inner.watch.clone(),
        operation,
        status,
        headers,
        body,
        cut,
        sent,
        received,
        key: None,
        attempts: 1,
        unknown: false,
        settled: false,
    };
    match body {
        Ok((body, cut)) => Ok(whole(body, cut)),
        // A rejection is one without its words too.
        Err(_) if !status.is_success() => Ok(whole(Vec::new(), false)),
        Err(error) => Err(interrupted(error).with_head(whole(Vec::new(), false))),
    }
}

/// The body up to a limit, and whether there was more.
async fn read_body(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<(Vec<u8>, bool), reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = limit - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Ok((body, true));
        }
    }
    Ok((body, false))
}
