//! What comes back: read to its end, then typed.

use std::future::Future;
use std::ops::Deref;

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use crate::carried;
use crate::drift::DriftWatch;
use crate::error::{Body, Error, Kind, request_id};
use crate::generated::Client;
use crate::generated::operations::Operation;

/// How much of a successful response is read, in bytes. The contract's largest responses are lists
/// well below this.
const SUCCESS_LIMIT: usize = 64 << 20;

/// The response to a call: its value, with the status and headers it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
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

    /// The same response with another value.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            value: change(self.value),
            status: self.status,
            headers: self.headers,
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

/// Awaits a request under a span of its own and reads the response.
pub(crate) async fn receive<'c, F>(
    client: &'c Client,
    operation: &'static Operation,
    request: F,
) -> Result<RawResponse<'c>, Error>
where
    F: Future<Output = Result<reqwest::Response, progenitor_client::Error>>,
{
    let span = tracing::info_span!(
        "offblocks",
        operation = operation.id,
        method = operation.method,
        path = operation.path,
        status = tracing::field::Empty,
        request_id = tracing::field::Empty,
    );
    let received = request.instrument(span.clone()).await;
    let response = read(client, operation, received)
        .instrument(span.clone())
        .await;
    record(&span, &response);
    response
}

/// A response in bytes, not yet judged.
pub(crate) struct RawResponse<'c> {
    watch: &'c DriftWatch,
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    /// Whether the body was cut at its limit.
    cut: bool,
}

impl RawResponse<'_> {
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The body as JSON of this type.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        let decoded = serde_json::from_slice(&self.body);
        self.look(decoded.as_ref().err());
        match decoded {
            Ok(value) => Ok(self.with(value)),
            Err(error) => Err(self.undecodable(&error)),
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
            Err(error) => {
                self.watch.not_text(self.operation, self.status);
                let failure = Error::new(self.operation, Kind::Decode).because("it is not UTF-8");
                let body = Body::new(error.into_bytes(), self.cut);
                Err(failure.answered(self.status, &self.headers, body))
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
        let error = Error::new(self.operation, Kind::Status);
        error.answered(self.status, &self.headers, Body::new(self.body, self.cut))
    }

    /// Looks for drift. A body that was cut is not looked at, because it is not what the server sent.
    fn look(&self, failure: Option<&serde_json::Error>) {
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
        }
    }

    fn undecodable(self, error: &serde_json::Error) -> Error {
        // The decoder's message can quote the body, so only the place is taken from it.
        let reason = format!(
            "the body is not what the contract says (line {}, column {})",
            error.line(),
            error.column()
        );
        let failure = Error::new(self.operation, Kind::Decode).because(reason);
        failure.answered(self.status, &self.headers, Body::new(self.body, self.cut))
    }
}

async fn read<'c>(
    client: &'c Client,
    operation: &'static Operation,
    response: Result<reqwest::Response, progenitor_client::Error>,
) -> Result<RawResponse<'c>, Error> {
    let mut response = response.map_err(|error| Error::transport(operation, error))?;
    if let Some(error) = carried::rejection(&mut response) {
        return Err(error);
    }
    let (status, headers) = (response.status(), response.headers().clone());
    let limit = match status.is_success() {
        true => SUCCESS_LIMIT,
        false => Body::LIMIT,
    };
    let (body, cut) = read_body(response, limit).await.map_err(|error| {
        let failure = Error::interrupted(operation, error);
        failure.answered(status, &headers, Body::default())
    })?;
    Ok(RawResponse {
        watch: &client.inner.watch,
        operation,
        status,
        headers,
        body,
        cut,
    })
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

fn record(span: &tracing::Span, response: &Result<RawResponse<'_>, Error>) {
    let (status, id) = match response {
        Ok(response) => (Some(response.status), request_id(&response.headers)),
        Err(error) => (error.status(), error.request_id()),
    };
    if let Some(status) = status {
        span.record("status", status.as_u16());
    }
    if let Some(id) = id {
        span.record("request_id", id);
    }
}
