//! Carrying a fault out, around everything that a call goes through.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use http_body::Body as _;
use offblocks_server::{Operation, Problem, TokenError, VerificationError};
use serde_json::Value;
use tokio::time::sleep;

use super::choice::Source;
use super::fault::{AppliedFault, FaultId, FaultKind};
use super::{body, status};
use crate::listening::Cut;

/// Lets a call fail where a fault applies to it. It goes around the layers that verify, keep idempotency
/// keys and commit.
pub(crate) async fn apply(State(source): State<Source>, request: Request, next: Next) -> Response {
    let operation = request.extensions().get::<&'static Operation>();
    let chosen = match operation {
        Some(operation) => source.choose(operation).await,
        None => None,
    };
    let operation = operation.copied();
    let Some((id, fault)) = chosen else {
        return next.run(request).await;
    };
    let kind = fault.kind;
    let (mut response, changed) = fail(id, kind, operation, request, next).await;
    source.note(id, &fault, changed).await;
    if changed {
        tracing::info!(fault = %id, ?kind, "a call fails on purpose");
        response.extensions_mut().insert(AppliedFault { id, kind });
    }
    response
}

/// The response to a call that fails, and whether that is another one than it would be otherwise.
async fn fail(
    id: FaultId,
    kind: FaultKind,
    operation: Option<&'static Operation>,
    request: Request,
    next: Next,
) -> (Response, bool) {
    let response = match kind {
        FaultKind::Status(status) => status::response(id, status, operation),
        FaultKind::TooManyRequests(seconds) => status::problem(id, StatusCode::TOO_MANY_REQUESTS)
            .with_header(header::RETRY_AFTER, seconds.into())
            .into_response(),
        FaultKind::ExpiredToken => {
            Problem::from(VerificationError::Token(TokenError::Expired)).into_response()
        }
        FaultKind::ResetBefore => cut(Response::default(), Cut::ResetBefore),
        FaultKind::Latency(latency) => {
            sleep(latency).await;
            next.run(request).await
        }
        FaultKind::StatusAfterCommit(status) => {
            next.run(request).await;
            status::response(id, status, operation)
        }
        FaultKind::Timeout(silence) => cut(next.run(request).await, Cut::Silence(silence)),
        FaultKind::ResetInside => return halved(next.run(request).await, Cut::ResetInside),
        FaultKind::TruncatedBody => return halved(next.run(request).await, Cut::CloseInside),
        FaultKind::UnknownValue => {
            let response = next.run(request).await;
            return match operation.and_then(|it| body::Schema::of(it, response.status())) {
                Some(schema) => {
                    changed(response, |body| body::set_unknown_value(body, schema)).await
                }
                None => (response, false),
            };
        }
        FaultKind::ExtraField => return changed(next.run(request).await, body::add_field).await,
    };
    (response, true)
}

fn cut(mut response: Response, cut: Cut) -> Response {
    response.extensions_mut().insert(cut);
    response
}

/// The response with half of its body, where it has one.
fn halved(response: Response, after_half: Cut) -> (Response, bool) {
    match response.body().size_hint().exact() {
        Some(0) => (response, false),
        _ => (cut(response, after_half), true),
    }
}

/// The response with a changed body, where that is JSON that has what is to change.
async fn changed(response: Response, change: impl FnOnce(&mut Value) -> bool) -> (Response, bool) {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return (Problem::internal().into_response(), false);
    };
    let value = serde_json::from_slice::<Value>(&bytes).ok();
    let Some(value) = value.and_then(|mut value| change(&mut value).then_some(value)) else {
        return (Response::from_parts(parts, Body::from(bytes)), false);
    };
    let text = value.to_string();
    let length = HeaderValue::from(text.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    (Response::from_parts(parts, Body::from(text)), true)
}
