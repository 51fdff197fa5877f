//! The control plane below `/_sandbox`: what a developer, a test or a dashboard decides.
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
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::IntoResponse as _;
use offblocks_sandbox_api::server;
use offblocks_server::{PanicLayer, TraceLayer};

use crate::{Sandbox, dashboard, diagnostics};
use guard::Guard;

/// Every path of the control plane starts with this.
pub(crate) const BASE_PATH: &str = "/_sandbox";

/// Everything below [`BASE_PATH`], behind the guard. Paths are whole: `/_sandbox/clock`. Those of a
/// programme are the same ones, since the code that hands requests on leaves the programme's name out.
pub(crate) fn router(sandbox: &Sandbox) -> Router {
    let operations = server::router(Arc::new(sandbox.clone()))
        .layer(PanicLayer)
        .layer(TraceLayer)
        .base_path(BASE_PATH)
        .into_router();
    let guard = Arc::new(Guard::new(&sandbox.world.settings));
    let check = from_fn(move |request: Request, next: Next| {
        let checked = guard.check(&request);
        async move {
            match checked {
                Ok(()) => next.run(request).await,
                Err(problem) => problem.into_response(),
            }
        }
    });
    let plane = by_hand(sandbox).fallback_service(operations).layer(check);
    match sandbox.base_path().strip_suffix("/v1") {
        None | Some("") => plane,
        Some(programme) => {
            let programme: Arc<str> = Arc::from(programme);
            plane.layer(from_fn_with_state(programme, dashboard::moved))
        }
    }
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
