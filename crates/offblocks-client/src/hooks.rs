//! Callbacks around each attempt.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use uuid::Uuid;

use crate::error::Error;
use crate::generated::operations::Operation;
use crate::received::RawResponse;

/// An attempt that is about to be signed and sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct BeforeSend<'a> {
    /// What is called.
    pub operation: &'static Operation,
    /// Which attempt of the call it is, counted from one.
    pub attempt: u32,
    /// The key of the call, which is the same for all attempts.
    pub idempotency_key: Option<Uuid>,
    /// The headers so far, to which others can be added (`traceparent`). The token, the digest and
    /// the signature follow afterwards and are never seen here.
    pub headers: &'a mut HeaderMap,
}

/// An attempt that has ended, with or without a response.
#[derive(Debug)]
#[non_exhaustive]
pub struct AfterResponse<'a> {
    /// What was called.
    pub operation: &'static Operation,
    /// Which attempt of the call it was, counted from one.
    pub attempt: u32,
    /// The status, when a response came.
    pub status: Option<StatusCode>,
    /// The server's name for the request, when it gave one.
    pub request_id: Option<&'a str>,
    /// Why no whole response came.
    pub error: Option<&'a Error>,
    /// The time from sending to the last byte, by the client's timer.
    pub took: Duration,
}

impl<'a> AfterResponse<'a> {
    pub(crate) fn new(
        operation: &'static Operation,
        attempt: u32,
        ended: &'a Result<RawResponse, Error>,
        took: Duration,
    ) -> Self {
        let (response, error) = (ended.as_ref().ok(), ended.as_ref().err());
        Self {
            operation,
            attempt,
            status: response.map(RawResponse::status_code),
            request_id: response.and_then(RawResponse::request_id),
            error,
            took,
        }
    }
}

type Before = Arc<dyn Fn(BeforeSend<'_>) + Send + Sync>;
type After = Arc<dyn Fn(&AfterResponse<'_>) + Send + Sync>;

/// The callbacks of a client, in the order in which they were given.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    before: Vec<Before>,
    after: Vec<After>,
}

impl Hooks {
    pub(crate) fn add_before(&mut self, hook: impl Fn(BeforeSend<'_>) + Send + Sync + 'static) {
        self.before.push(Arc::new(hook));
    }

    pub(crate) fn add_after(&mut self, hook: impl Fn(&AfterResponse<'_>) + Send + Sync + 'static) {
        self.after.push(Arc::new(hook));
    }

    pub(crate) fn before_send(&self, sending: BeforeSend<'_>) {
        let BeforeSend {
            operation,
            attempt,
            idempotency_key,
            headers,
        } = sending;
        for hook in &self.before {
            hook(BeforeSend {
                operation,
                attempt,
                idempotency_key,
                headers: &mut *headers,
            });
        }
    }

    pub(crate) fn after_response(&self, ended: &AfterResponse<'_>) {
        for hook in &self.after {
            hook(ended);
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Hooks({} before, {} after)",
            self.before.len(),
            self.after.len()
        )
    }
}
