//! Monitoring of a running sandbox: its health, metrics, and the request log. These are plain routes,
//! because their responses are not JSON entities.

mod figures;
mod health;
mod log;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use offblocks_server::Problem;

use crate::world::World;

pub(crate) use figures::counts;
pub(crate) use log::{Followed, follow, last_seen};

/// The routes, below the path of the control plane.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/_sandbox/healthz", get(health::respond))
        .route("/_sandbox/metrics", get(figures::respond))
        .route("/_sandbox/requests", get(log::list).delete(log::clear))
        .route("/_sandbox/requests/events", get(log::events))
        .route("/_sandbox/requests.har", get(log::archive))
        .method_not_allowed_fallback(not_allowed)
        .with_state(world)
}

/// What is said about a method that a path does not have; the header `Allow` names those that it has.
pub(crate) async fn not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED).with_detail(
        "this path does not take that method: the header Allow names those that it takes",
    )
}
