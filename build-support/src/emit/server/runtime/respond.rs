//! Answers of the kinds a contract documents.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::Problem;

/// JSON of this media type. A value that cannot be written is a 500.
pub fn json<T: Serialize>(status: StatusCode, media_type: &'static str, body: &T) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => bytes(status, media_type, body),
        Err(_) => Problem::internal().into_response(),
    }
}

/// Bytes or text of this media type.
pub fn bytes(status: StatusCode, media_type: &'static str, body: impl Into<Body>) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    (status, [kind], body.into()).into_response()
}

/// A status without a body.
#[must_use]
pub fn empty(status: StatusCode) -> Response {
    status.into_response()
}
