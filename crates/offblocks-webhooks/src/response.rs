//! Responses, for any framework.

use std::time::Duration;

use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::error::WebhookError;

impl WebhookError {
    /// The response to the sender: [`status`](Self::status), with `application/problem+json`
    /// (RFC 9457) and `Retry-After` where it is known.
    ///
    /// ```
    /// use offblocks_webhooks::WebhookError;
    ///
    /// let response = WebhookError::UnsupportedMediaType.to_response();
    /// assert_eq!(response.status(), 415);
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// ```
    #[must_use]
    pub fn to_response(&self) -> Response<String> {
        let mut response = problem(self.status(), &self.to_string(), self.retry_after());
        let headers = response.headers_mut();
        match self {
            Self::MethodNotAllowed { .. } => {
                headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
            }
            Self::UnsupportedMediaType => {
                headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
            }
            Self::Signature(_) | Self::UnknownKey { .. } => {
                let challenge = HeaderValue::from_static("Signature");
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            _ => (),
        }
        response
    }
}

/// A problem with this status and text.
pub(crate) fn problem(
    status: StatusCode,
    detail: &str,
    retry_after: Option<Duration>,
) -> Response<String> {
    let title = status.canonical_reason().unwrap_or("Error");
    let body = json!({
        "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail,
    });
    let mut response = Response::new(body.to_string());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if let Some(after) = retry_after {
        // Rounded up: an attempt within the same second would be too early.
        let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

impl WebhookError {
    /// Logs the rejection. A delivery of OffBlocks that could not be accepted is an error. A problem that
    /// delays deliveries is a warning. A rejection that any sender can cause is a debug event.
    #[cfg(any(feature = "axum", feature = "tower"))]
    pub(crate) fn log(&self) {
        let source = std::error::Error::source(self).map(ToString::to_string);
        let reason = self.to_string();
        if self.delivery().is_some() {
            tracing::error!(reason, source, "a delivery of OffBlocks cannot be read");
        } else if self.is_temporary() {
            tracing::warn!(reason, source, "a webhook delivery is rejected for now");
        } else {
            tracing::debug!(reason, source, "a webhook delivery is rejected");
        }
    }
}
