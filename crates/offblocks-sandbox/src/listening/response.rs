//! The response to a request, and what is done about a body that was not read.

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body::Body as _;
use hyper::body::Incoming;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt as _;

use super::Shared;
use super::bodies::{Guarded, drain};
use super::cut::{Cut, cut};
use super::idle::Activity;

/// How long and how much of an unread body is read and thrown away.
const DRAIN: Duration = Duration::from_secs(5);
const DRAIN_BYTES: usize = 8 * 1024 * 1024;

/// The app's response. Where the body was not read to its end, the connection closes after it,
/// and the rest is read meanwhile.
pub(super) async fn respond(
    shared: &Shared,
    activity: &Arc<Activity>,
    request: Request<Incoming>,
) -> Response<Body> {
    let mut response = whole(shared, activity, request).await;
    match response.extensions_mut().remove::<Cut>() {
        Some(kind) => cut(response, kind, activity).await,
        None => response,
    }
}

async fn whole(shared: &Shared, activity: &Activity, request: Request<Incoming>) -> Response<Body> {
    if request.body().is_end_stream() {
        return call(shared, request.map(|_| Body::empty())).await;
    }
    let waits = awaits_continue(request.headers());
    let (mut parts, body) = request.into_parts();
    let (body, held) = Guarded::new(body, shared.limits, &shared.room);
    parts.extensions.insert(held.clone());
    let mut response = call(shared, Request::from_parts(parts, Body::new(body))).await;
    let unread = held.unread();
    if unread.is_some() || response.status() == StatusCode::REQUEST_TIMEOUT {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        activity.set_linger();
    }
    // A client that waits for a 100 sends nothing after another response; asking its body for
    // more would send that 100.
    if let Some(body) = unread.filter(|_| held.is_begun() || !waits) {
        tokio::spawn(drain(body, DRAIN, DRAIN_BYTES));
    }
    response
}

async fn call(shared: &Shared, request: Request<Body>) -> Response<Body> {
    match shared.app.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn awaits_continue(headers: &HeaderMap) -> bool {
    let expected = headers.get(header::EXPECT);
    expected.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
