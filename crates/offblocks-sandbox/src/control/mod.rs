//! The control plane below `/_sandbox`, for developers, tests and the pages.
//!
//! `openapi/sandbox.yaml` describes its operations. The traits generated from it are implemented on
//! [`Sandbox`], in one module for each tag. Every request passes the [`guard`] first, whatever
//! handles it.

mod clock;
mod data;
mod decisions;
mod deliveries;
mod faults;
mod guard;
mod money;
mod programmes;
mod progression;
mod rejection;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state, map_request};
use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode, header};
use offblocks_sandbox_api::server;
use offblocks_server::{PanicLayer, TraceLayer};

use crate::{Sandbox, dashboard, diagnostics};
use guard::Guard;

/// Every path of the control plane starts with this.
pub(crate) const BASE_PATH: &str = "/_sandbox";

/// Everything below [`BASE_PATH`], behind the guard. Paths are whole: `/_sandbox/clock`. Those of a
/// programme are the same ones, since the code that hands requests on leaves the programme's name out.
pub(crate) fn router(sandbox: &Sandbox) -> Router {
    let programme = sandbox.base_path().strip_suffix("/v1").unwrap_or_default();
    // What is said about a path names paths as the caller has to write them.
    let base_path = format!("{programme}{BASE_PATH}");
    let operations = server::router(Arc::new(sandbox.clone()))
        .layer(PanicLayer)
        .layer(TraceLayer)
        .base_path(&base_path)
        .into_router();
    let before: Arc<str> = Arc::from(programme);
    let operations = operations.layer(map_request(move |request: Request| {
        let request = behind(&before, request);
        async move { request }
    }));
    let guard = Arc::new(Guard::new(&sandbox.world.settings));
    let check = from_fn(move |request: Request, next: Next| {
        let called = guard.check(&request);
        let simple = guard::check_simple(&request);
        async move {
            match (called, simple) {
                (Err(problem), _) => problem.into_response(),
                (Ok(()), Ok(())) => next.run(request).await,
                (Ok(()), Err(problem)) => match unroutable(request, next).await {
                    Some(response) => response,
                    None => problem.into_response(),
                },
            }
        }
    });
    let plane = by_hand(sandbox).fallback_service(operations).layer(check);
    match programme {
        "" => plane,
        programme => {
            let programme: Arc<str> = Arc::from(programme);
            plane.layer(from_fn_with_state(programme, dashboard::moved))
        }
    }
}

/// The response to a `POST` that no route takes: 404, or 405 with `Allow`. The routes are asked by a
/// method that none of them has, and without the body, so that nothing is done.
async fn unroutable(request: Request, next: Next) -> Option<Response> {
    let (mut parts, _) = request.into_parts();
    parts.method = Method::TRACE;
    let asked = next.run(Request::from_parts(parts, Body::empty())).await;
    let allowed = asked.headers().get(header::ALLOW);
    let allowed = allowed.and_then(|methods| methods.to_str().ok());
    let takes_post =
        allowed.is_some_and(|methods| methods.split(',').any(|it| it.trim() == "POST"));
    match asked.status() {
        StatusCode::NOT_FOUND => Some(asked),
        StatusCode::METHOD_NOT_ALLOWED if !takes_post => Some(asked),
        _ => None,
    }
}

/// A request with the path of its programme before its own, which was left out for the pages.
fn behind(programme: &str, mut request: Request) -> Request {
    if !programme.is_empty() {
        let whole = format!("{programme}{}", request.uri());
        // A path behind another one is a path.
        *request.uri_mut() = whole.parse().unwrap_or_default();
    }
    request
}

/// How many things a list has at most.
fn limit(most: Option<i32>) -> u32 {
    const USUAL: u32 = 100;
    most.and_then(|most| most.try_into().ok()).unwrap_or(USUAL)
}

/// What the contract of the control plane does not describe: pages for people, streams, and files.
/// Their paths are whole, as in `.route("/_sandbox/healthz", get(…))`.
fn by_hand(sandbox: &Sandbox) -> Router {
    diagnostics::router(Arc::clone(&sandbox.world)).merge(dashboard::router(sandbox))
}
