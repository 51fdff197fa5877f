//! The layer that claims a key in a store before a handler runs.

use std::{
    convert::Infallible,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use tower::{Layer, Service, ServiceExt};
use tracing::Instrument;

use super::{Begin, Claim, Fingerprint, IdempotencyStore, StoredResponse};
use crate::{
    Checks, Operation, Principal, Problem, Rejection, Verdict,
    support::{
        ApiService, BodyLimit, DEFAULT_BODY_LIMIT, RequestId, check_declared_body, collect_body,
        idempotency_key,
    },
};

/// The header of a response that was stored under its idempotency key; its value is `true`.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Makes calls idempotent where the contract gives them a key; see the [module](super).
///
/// Add it before the verification layer, so that it runs after it: keys belong to principals.
#[derive(Debug)]
pub struct IdempotencyLayer<S>(Arc<S>);

impl<S: IdempotencyStore> IdempotencyLayer<S> {
    /// A layer over this store.
    #[must_use]
    pub fn new(store: Arc<S>) -> Self {
        Self(store)
    }
}

impl<S> Clone for IdempotencyLayer<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S> Layer<ApiService> for IdempotencyLayer<S> {
    type Service = IdempotencyService<S>;

    fn layer(&self, inner: ApiService) -> Self::Service {
        IdempotencyService {
            store: self.0.clone(),
            inner,
        }
    }
}

/// The service that [`IdempotencyLayer`] builds around an operation's handler.
#[derive(Debug)]
pub struct IdempotencyService<S> {
    store: Arc<S>,
    inner: ApiService,
}

impl<S> Clone for IdempotencyService<S> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            inner: self.inner.clone(),
        }
    }
}

impl<S: IdempotencyStore> Service<Request> for IdempotencyService<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Self { store, inner } = self.clone();
        Box::pin(async move { Ok(respond(store, inner, request).await) })
    }
}

async fn respond<S: IdempotencyStore>(
    store: Arc<S>,
    inner: ApiService,
    request: Request,
) -> Response {
    let (mut request, claim) = match claim(request).await {
        Ok((request, Some(claim))) => (request, claim),
        Ok((request, None)) => {
            let response = inner.oneshot(request).await.into_response();
            return noted(response, Verdict::NotNeeded);
        }
        // The response carries the rejection, which has more details than a verdict.
        Err(rejection) => return noted(rejection.into_response(), Verdict::NotReached),
    };
    match store.begin(claim).await {
        Ok(Begin::Fresh(transaction)) => {
            request.extensions_mut().insert(transaction.clone());
            let response = run_to_the_end(store, transaction, inner, request).await;
            noted(response, Verdict::Passed)
        }
        Ok(Begin::Replay(stored)) => noted(replay(stored), Verdict::Passed),
        Ok(Begin::Mismatch) => rejected(mismatch()),
        Ok(Begin::Running) => rejected(running()),
        Err(error) => failed("claim an idempotency key", &error),
    }
}

fn noted(mut response: Response, verdict: Verdict) -> Response {
    Checks::note_idempotency(verdict, &mut response);
    response
}

fn rejected(problem: Problem) -> Response {
    let reason = problem.detail().unwrap_or_default().to_owned();
    noted(problem.into_response(), Verdict::Failed(reason))
}

/// Reads the claim of a request, and gives the request its body back. `None` where the contract has no key,
/// or an optional key is absent.
async fn claim(request: Request) -> Result<(Request, Option<Claim>), Rejection> {
    let operation = request.extensions().get::<&'static Operation>().copied();
    let key = match operation {
        Some(operation) => idempotency_key(operation, request.headers())?,
        None => None,
    };
    let Some(key) = key else {
        return Ok((request, None));
    };
    let (parts, body) = request.into_parts();
    let limit = parts
        .extensions
        .get()
        .copied()
        .unwrap_or(BodyLimit(DEFAULT_BODY_LIMIT));
    if let Some(operation) = operation {
        check_declared_body(operation, &parts.headers, limit)?;
    }
    let body = collect_body(&parts.headers, body, limit).await?;
    let fingerprint = Fingerprint::of(&parts.method, &parts.uri, &body);
    let scope = parts
        .extensions
        .get::<Principal>()
        .map_or("", Principal::as_str);
    let claim = Claim::new(scope, key, fingerprint);
    Ok((Request::from_parts(parts, Body::from(body)), Some(claim)))
}

/// Runs the handler and settles its transaction in a separate task. A caller who disconnects must
/// not leave work half done, or its key claimed forever.
async fn run_to_the_end<S: IdempotencyStore>(
    store: Arc<S>,
    transaction: S::Transaction,
    inner: ApiService,
    request: Request,
) -> Response {
    let request_id = request.extensions().get::<RequestId>();
    let request_id = request_id.map(|RequestId(id)| id.clone());
    let work = async move {
        // When the handler panics, all that it holds is dropped and its transaction is rolled back, so
        // that nothing stays half changed.
        let handler = AssertUnwindSafe(inner.oneshot(request)).catch_unwind();
        match handler.await {
            Ok(Ok(response)) => settle(&*store, transaction, response).await,
            Ok(Err(never)) => match never {},
            Err(_) => {
                tracing::error!(
                    request_id,
                    "a handler panicked; its transaction is rolled back"
                );
                abandon(&*store, transaction).await;
                Problem::internal().into_response()
            }
        }
    };
    let task = tokio::spawn(work.in_current_span());
    task.await
        .unwrap_or_else(|_| Problem::internal().into_response())
}

/// A stored response, marked as such by [`IDEMPOTENCY_REPLAYED`].
fn replay(stored: StoredResponse) -> Response {
    let mut response = stored.into_response();
    let headers = response.headers_mut();
    headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    response
}

/// Stores and commits a response, unless it is a server error or a rejection before the handler.
/// Nothing was done then, and the corrected call may use the same key.
async fn settle<S: IdempotencyStore>(
    store: &S,
    transaction: S::Transaction,
    response: Response,
) -> Response {
    let rejected = response.extensions().get::<Rejection>().is_some();
    if response.status().is_server_error() || rejected {
        abandon(store, transaction).await;
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
    else {
        abandon(store, transaction).await;
        return Problem::internal().into_response();
    };
    let response: Response<Bytes> = Response::from_parts(parts, body.clone());
    match store
        .finish(transaction, &StoredResponse::of(&response, body))
        .await
    {
        Ok(()) => response.map(Body::from),
        Err(error) => failed("store a response", &error),
    }
}

async fn abandon<S: IdempotencyStore>(store: &S, transaction: S::Transaction) {
    if let Err(error) = store.abandon(transaction).await {
        tracing::error!(error = %error, "could not roll back an idempotent call");
    }
}

fn failed(what: &str, error: &dyn std::error::Error) -> Response {
    tracing::error!(error = %error, "could not {what}");
    Problem::internal().into_response()
}

fn mismatch() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY)
        .with_detail("this idempotency key was used for another request; use a fresh one")
}

fn running() -> Problem {
    Problem::conflict("the request with this idempotency key is still running; try again soon")
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}
