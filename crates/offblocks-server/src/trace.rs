//! A span for every call. Of the request it records only the method.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{extract::Request, response::Response};
use tower::{Layer, Service};
use tracing::{Instrument, Span, field::Empty};

use crate::{
    Operation,
    support::{ApiService, RequestId},
};

/// Opens a span `operation` around every call. It has the operation's id, method and path template,
/// the request id and, after the response, the status. No path, query, header or body is recorded.
#[derive(Debug, Clone, Copy, Default)]
pub struct TraceLayer;

impl Layer<ApiService> for TraceLayer {
    type Service = TraceService;

    fn layer(&self, inner: ApiService) -> TraceService {
        TraceService(inner)
    }
}

/// The service that [`TraceLayer`] builds around an operation's handler.
#[derive(Debug, Clone)]
pub struct TraceService(ApiService);

impl Service<Request> for TraceService {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let span = span(&request);
        let response = self.0.call(request);
        let recorded = span.clone();
        let response = async move {
            let response = response.await?;
            recorded.record("status", response.status().as_u16());
            tracing::debug!(status = response.status().as_u16(), "responded");
            Ok(response)
        };
        Box::pin(response.instrument(span))
    }
}

fn span(request: &Request) -> Span {
    let operation = request.extensions().get::<&'static Operation>();
    let request_id = request.extensions().get::<RequestId>();
    tracing::info_span!(
        "operation",
        id = operation.map(|operation| operation.id),
        method = operation.map(|operation| operation.method),
        path = operation.map(|operation| operation.path),
        request_id = request_id.map(|RequestId(id)| id.as_str()),
        status = Empty,
    )
}
