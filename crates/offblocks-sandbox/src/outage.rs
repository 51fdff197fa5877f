//! Responses while the database cannot be used.
//!
//! The contract has one status for all failures of the server, 500. An outage of the database is
//! temporary, so it has other statuses: 507 (RFC 4918, section 11.5) when there is no room, and 503 (RFC
//! 9110, section 15.6.4) otherwise, both with `Retry-After`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use offblocks_server::Problem;

use crate::store::{Health, Outage, StoreError};

/// Makes each 500 that an outage caused say so.
pub(crate) fn explain(router: Router, health: Arc<Health>) -> Router {
    router.layer(middleware::from_fn_with_state(health, respond))
}

async fn respond(State(health): State<Arc<Health>>, request: Request, next: Next) -> Response {
    let mark = health.mark();
    let response = next.run(request).await;
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    match health.since(mark) {
        Some(outage) => problem(outage).into_response(),
        None => response,
    }
}

/// The problem that an error of the store is: an outage, or a 500.
pub(crate) fn of(error: &StoreError) -> Problem {
    error.outage().map_or_else(Problem::internal, problem)
}

fn problem(outage: Outage) -> Problem {
    let (status, seconds) = match outage {
        Outage::Full => (StatusCode::INSUFFICIENT_STORAGE, "10"),
        Outage::RolledBack | Outage::Busy => (StatusCode::SERVICE_UNAVAILABLE, "1"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "5"),
    };
    Problem::new(status)
        .with_detail(outage.to_string())
        .with_header(header::RETRY_AFTER, HeaderValue::from_static(seconds))
}
