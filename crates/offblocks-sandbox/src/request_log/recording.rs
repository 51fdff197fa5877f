//! The layer around the API that records each request.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode, header};
use http_body::{Body as _, Frame, SizeHint};
use offblocks_server::support::{ApiService, RequestId};
use offblocks_server::{Checks, IDEMPOTENCY_REPLAYED, Operation};
use tokio::time::Instant;
use tower::{Layer, Service as _, service_fn};

use super::body::{self, BoxError, Passed, Read, Shared};
use super::{Journal, LoggedBody, LoggedHeaders, LoggedRequest, redact};
use crate::clock::Clock;
use crate::faults::AppliedFault;
use crate::metrics::Metrics;

/// What the layer writes to.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    pub(crate) journal: Arc<Journal>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Which operation a request reached; written by [`note_operation`] further inside.
#[derive(Debug, Clone, Default)]
struct Reached(Arc<OnceLock<&'static str>>);

/// Lets the request pass, and records it once its response was handed over.
pub(crate) async fn record(
    State(recorder): State<Recorder>,
    mut request: Request,
    next: Next,
) -> Response {
    // The log is of the API, and would show its own readers otherwise.
    if is_own(request.uri().path()) {
        return next.run(request).await;
    }
    let reached = Reached::default();
    request.extensions_mut().insert(reached.clone());
    let mut pending = Pending::begin(recorder, &request, reached);
    let copied = pending.recorder.journal.is_on() && !request.body().is_end_stream();
    if copied {
        let passed = Shared::default();
        pending.sent = Some(Arc::clone(&passed));
        request = request.map(|body| Body::new(Read { body, passed }));
    }
    let response = next.run(request).await;
    pending.respond(&response);
    response.map(|body| {
        Body::new(Written {
            body,
            passed: Passed::default(),
            pending: Some(pending),
        })
    })
}

/// A response's body. The request is logged when it ends, or is dropped.
struct Written {
    body: Body,
    passed: Passed,
    pending: Option<Pending>,
}

impl http_body::Body for Written {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.passed.note(frame.as_ref());
        Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::into_inner)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if let Some(pending) = self.pending.take() {
            let mut passed = std::mem::take(&mut self.passed);
            passed.end(self.body.is_end_stream());
            pending.finish(passed);
        }
    }
}

/// Whether a path belongs to the sandbox itself and not to the API.
fn is_own(path: &str) -> bool {
    let rest = path.strip_prefix("/_sandbox");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A layer for the operations of the API that shows [`record`] which one a request reached.
pub(crate) fn note_operation() -> impl Layer<
    ApiService,
    Service: tower::Service<
        Request,
        Response = Response,
        Error = std::convert::Infallible,
        Future: Send + 'static,
    > + Clone
                 + Send
                 + Sync
                 + 'static,
> {
    tower::layer::layer_fn(|inner: ApiService| {
        service_fn(move |request: Request| {
            let extensions = request.extensions();
            let operation = extensions.get::<&'static Operation>();
            if let (Some(operation), Some(Reached(reached))) = (operation, extensions.get()) {
                // Only one operation handles a request, so nothing is there yet.
                let _ = reached.set(operation.id);
            }
            inner.clone().call(request)
        })
    })
}

/// A request whose response was not handed over yet. Dropped before, it is recorded without one.
struct Pending {
    recorder: Recorder,
    begun: Instant,
    reached: Reached,
    received_at: DateTime<Utc>,
    method: Method,
    status: Option<u16>,
    fault: Option<AppliedFault>,
    /// `None` when the log is off.
    details: Option<Details>,
    sent: Option<Shared>,
    finished: bool,
}

#[derive(Default)]
struct Details {
    host: String,
    target: String,
    request_id: Option<String>,
    idempotency_key: Option<String>,
    replayed: bool,
    checks: Checks,
    request_headers: LoggedHeaders,
    response_headers: LoggedHeaders,
}

impl Pending {
    fn begin(recorder: Recorder, request: &Request, reached: Reached) -> Self {
        Self {
            begun: Instant::now(),
            reached,
            received_at: recorder.clock.now(),
            method: request.method().clone(),
            status: None,
            fault: None,
            details: recorder.journal.is_on().then(|| Details::of(request)),
            sent: None,
            finished: false,
            recorder,
        }
    }

    fn respond(&mut self, response: &Response) {
        self.fault = response.extensions().get().copied();
        let sent = self.fault.is_none_or(|fault| !fault.kind.sends_nothing());
        self.status = sent.then(|| response.status().as_u16());
        if let Some(details) = &mut self.details {
            details.checks = Checks::of(response).unwrap_or_default();
            if sent {
                details.replayed = response.headers().contains_key(IDEMPOTENCY_REPLAYED);
                details.respond(&self.method, response);
            }
        }
    }

    /// Records it, with what was handed over of the response's body.
    fn finish(mut self, written: Passed) {
        self.note(written);
    }

    fn note(&mut self, written: Passed) {
        if std::mem::replace(&mut self.finished, true) {
            return;
        }
        let duration = self.begun.elapsed();
        let operation = self.reached.0.get().copied();
        let metrics = &self.recorder.metrics;
        metrics.requested(operation, self.status, duration);
        let Some(details) = self.details.take() else {
            return;
        };
        let sent = self.sent.as_ref().map_or_else(Passed::nothing, body::take);
        self.recorder.journal.add(LoggedRequest {
            number: 0,
            received_at: self.received_at,
            duration,
            method: self.method.clone(),
            host: details.host,
            target: details.target,
            operation,
            status: self.status,
            fault: self.fault,
            request_id: details.request_id,
            idempotency_key: details.idempotency_key,
            replayed: details.replayed,
            checks: details.checks,
            request_headers: details.request_headers,
            request_body: sent.into_logged(),
            response_headers: details.response_headers,
            response_body: match (self.status, self.fault) {
                (None, _) => LoggedBody::default(),
                (_, Some(fault)) if fault.kind.sends_half() => written.into_logged().half(),
                _ => written.into_logged(),
            },
        });
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.note(Passed::default());
    }
}

impl Details {
    /// Takes the fields of a response, those included that it is given on its way out.
    fn respond(&mut self, method: &Method, response: &Response) {
        let mut headers = LoggedHeaders::of(response.headers());
        if let Some(id) = &self.request_id {
            headers.add("x-request-id", id);
        }
        if let Some(length) = length(method, response) {
            headers.add("content-length", length);
        }
        self.response_headers = headers;
    }

    fn of(request: &Request) -> Self {
        let headers = request.headers();
        let target = request.uri().path_and_query();
        let target = target.map_or("*", |target| target.as_str());
        let id = request.extensions().get::<RequestId>();
        Self {
            host: text(headers, header::HOST.as_str()).unwrap_or_default(),
            target: redact::target(target),
            request_id: id.map(|RequestId(id)| id.clone()),
            idempotency_key: text(headers, "idempotency-key"),
            request_headers: LoggedHeaders::of(headers),
            ..Self::default()
        }
    }
}

/// How many bytes a response says that it has. One without a body says nothing.
fn length(method: &Method, response: &Response) -> Option<u64> {
    let has_none = matches!(
        response.status(),
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
    );
    let length = response.body().size_hint().exact();
    length.filter(|_| !has_none && method != Method::HEAD)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}
