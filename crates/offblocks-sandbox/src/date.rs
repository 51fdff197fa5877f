//! The `Date` of responses (RFC 9110, section 6.6.1), by the sandbox's clock.
//!
//! A client may learn from it how far its own clock is off, and signs by the sandbox's time then.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::DATE;

use crate::clock::Clock;

/// Dates the response to a request.
pub(crate) async fn stamp(clock: Arc<dyn Clock>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let now = clock.now();
    // The format has four digits for the year, and no time before the Unix epoch.
    if let (0.., 1970..=9999) = (now.timestamp(), chrono::Datelike::year(&now))
        && let Ok(date) = HeaderValue::try_from(httpdate::fmt_http_date(now.into()))
    {
        response.headers_mut().insert(DATE, date);
    }
    response
}
