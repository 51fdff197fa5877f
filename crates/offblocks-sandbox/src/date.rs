//! The `Date` of responses (RFC 9110, section 6.6.1).
//!
//! A client may learn from it how far its own clock is off from the one by which its signatures are
//! verified.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::DATE;

use crate::clock::Clock;
use crate::surroundings::Surroundings;

/// The clock that dates responses: the one by which signatures are verified, whatever the sandbox's
/// shows. A sandbox whose clock stands from the start is there for runs that repeat, and its responses
/// have that time.
pub(crate) fn clock(surroundings: &Surroundings) -> Arc<dyn Clock> {
    let Surroundings {
        clock,
        signing_clock,
        frozen_at,
        ..
    } = surroundings;
    Arc::clone(match frozen_at {
        Some(_) => clock,
        None => signing_clock,
    })
}

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
