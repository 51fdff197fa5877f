//! Responds with a 500 and logs the error when a handler panics, so that the connection stays open.

use std::{
    convert::Infallible,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use tower::{Layer, Service};

use crate::{
    Operation, Problem,
    support::{ApiService, RequestId},
};

/// Responds with a 500 where a handler or a layer inside this one panics, and logs the operation
/// and the request's id. Their work is dropped, which rolls back open transactions.
#[derive(Debug, Clone, Copy, Default)]
pub struct PanicLayer;

impl Layer<ApiService> for PanicLayer {
    type Service = PanicService;

    fn layer(&self, inner: ApiService) -> PanicService {
        PanicService(inner)
    }
}

/// The service that [`PanicLayer`] builds around an operation's handler.
#[derive(Debug, Clone)]
pub struct PanicService(ApiService);

impl Service<Request> for PanicService {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let operation = request.extensions().get::<&'static Operation>();
        let operation = operation.map(|operation| operation.id);
        let request_id = request.extensions().get::<RequestId>();
        let request_id = request_id.map(|RequestId(id)| id.clone());
        // Nothing of the call is used after a panic.
        let response = AssertUnwindSafe(self.0.call(request)).catch_unwind();
        Box::pin(async move {
            match response.await {
                Ok(response) => response,
                Err(_) => {
                    tracing::error!(operation, request_id, "a handler panicked");
                    Ok(Problem::internal().into_response())
                }
            }
        })
    }
}
