//! Which page is at which path.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Redirect;
use axum::routing::{get, post};

use super::state::Dashboard;
use super::{
    accounts, assets, authorisations, cards, clock, customers, data, deliveries, faults, layout,
    log, overview, programmes, search, transactions, webhooks,
};
use crate::{Sandbox, diagnostics};

/// The pages, below the path of the control plane.
pub(crate) fn router(sandbox: &Sandbox) -> Router {
    let router = routes(sandbox);
    match sandbox.programme_name() {
        None => router,
        Some(name) => {
            let name: Arc<str> = Arc::from(name);
            router.layer(from_fn_with_state(name, layout::of_programme))
        }
    }
}

fn routes(sandbox: &Sandbox) -> Router {
    let to_overview = get(async || Redirect::permanent("/_sandbox/"));
    Router::new()
        .route("/_sandbox", to_overview)
        .route("/_sandbox/", get(overview::show))
        .route("/_sandbox/assets/{name}", get(assets::serve))
        .method_not_allowed_fallback(diagnostics::not_allowed)
        .nest("/_sandbox/ui", pages())
        .with_state(Dashboard::new(sandbox))
}

fn pages() -> Router<Dashboard> {
    Router::new()
        .route("/find", get(search::find))
        .route("/customers", get(customers::list).post(customers::create))
        .route("/customers/{id}", get(customers::show))
        .route("/customers/{id}/{act}", post(customers::act))
        .route("/accounts", get(accounts::list))
        .route("/accounts/{id}", get(accounts::show))
        .route("/accounts/{id}/{act}", post(accounts::act))
        .route("/cards", get(cards::list))
        .route("/cards/{id}", get(cards::show))
        .route("/cards/{id}/{act}", post(cards::act))
        .route("/authorisations", get(authorisations::list))
        .route("/authorisations/{id}", get(authorisations::show))
        .route("/authorisations/{id}/{act}", post(authorisations::act))
        .route("/transactions", get(transactions::list))
        .route("/transactions/{id}", get(transactions::show))
        .route("/transactions/{id}/{act}", post(transactions::act))
        .route("/webhooks", get(webhooks::list).post(webhooks::subscribe))
        .route("/webhooks/{id}", get(webhooks::show))
        .route("/webhooks/{id}/delete", post(webhooks::delete))
        .route("/deliveries", get(deliveries::list))
        .route("/deliveries/resend", post(deliveries::resend_failed))
        .route("/deliveries/{number}", get(deliveries::show))
        .route("/deliveries/{number}/resend", post(deliveries::resend))
        .route("/log", get(log::list))
        .route("/log/events", get(log::events))
        .route("/log/clear", post(log::clear))
        .route("/log/{number}", get(log::show))
        .route("/clock", get(clock::show))
        .route("/clock/{act}", post(clock::act))
        .route("/steps/{step}/run", post(clock::run))
        .route("/data", get(data::show))
        .route("/data/cards", post(data::add_cards))
        .route("/data/fixtures", post(data::seed))
        .route("/data/reset", post(data::empty))
        .route(
            "/programmes",
            get(programmes::list).post(programmes::create),
        )
        .route("/programmes/{programme}/drop", post(programmes::drop))
        .route("/faults", post(faults::add))
        .route("/faults/clear", post(faults::clear))
        .route("/faults/{fault}/remove", post(faults::remove))
        .fallback(layout::no_page)
        .layer(map_response(layout::as_page))
}
