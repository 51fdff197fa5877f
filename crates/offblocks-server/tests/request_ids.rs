//! Request ids.

mod common;

use std::sync::Arc;

use common::{bank, request, send};
use http::StatusCode;
use offblocks_server::{support::Incoming, *};

fn router() -> axum::Router {
    let echo = |_, incoming: Incoming| async move {
        let context = incoming.into_context();
        let id = context.request_id().map(str::to_owned);
        Ok(support::respond::json(200, "application/json", &id))
    };
    ApiRouter::new()
        .operation(&operations::GET_CARDS, Arc::new(()), echo)
        .merge(bank())
        .into_router()
        .layer(RequestIdLayer::new(|| "made-up".to_owned()))
}

#[tokio::test]
async fn harmless_ids_are_kept_and_others_replaced() {
    let long = "x".repeat(129);
    let cases = [
        (None, "made-up"),
        (Some("req-1.2:3_4"), "req-1.2:3_4"),
        (Some(""), "made-up"),
        (Some("a b"), "made-up"),
        (Some("a\"}, {\""), "made-up"),
        (Some(long.as_str()), "made-up"),
        (Some(&long[1..]), &long[1..]),
    ];
    for (given, expected) in cases {
        let mut request = request("GET", "/cards", "");
        given.map(|id| {
            request
                .headers_mut()
                .insert(REQUEST_ID, id.parse().unwrap())
        });
        let response = send(&router(), request).await;
        assert_eq!(response.header(REQUEST_ID), Some(expected), "{given:?}");
        assert_eq!(response.json(), expected, "the handler sees it too");
    }
}

#[tokio::test]
async fn even_a_404_has_an_id() {
    let response = send(&router(), request("GET", "/nowhere", "")).await;
    assert_eq!(response.status, StatusCode::NOT_FOUND);
    assert_eq!(response.header(REQUEST_ID), Some("made-up"));
}
