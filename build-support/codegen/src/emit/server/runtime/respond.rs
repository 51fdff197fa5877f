//! Responses of the kinds a contract documents.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::Problem;

/// JSON of this media type. A value that cannot be written is a 500.
#[must_use]
pub fn json<T: Serialize>(status: u16, media_type: &'static str, body: &T) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => bytes(status, media_type, body),
        Err(_) => internal(),
    }
}

/// A 500, where the server made what it cannot send.
#[must_use]
pub fn internal() -> Response {
    Problem::internal().into_response()
}

/// Bytes or text of this media type.
#[must_use]
pub fn bytes(status: u16, media_type: &str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = self::status(status);
    // A media type comes from the contract, where nothing keeps it from being no header value.
    if let Ok(media_type) = HeaderValue::from_str(media_type) {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
    }
    response
}

/// A status without a body.
#[must_use]
pub fn empty(status: u16) -> Response {
    self::status(status).into_response()
}

/// A status by its number; a number that is none becomes 500.
#[must_use]
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
