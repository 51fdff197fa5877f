//! Handlers that panic.

mod common;

use std::sync::Arc;

use http::StatusCode;
use offblocks_server::*;

#[tokio::test]
async fn a_panic_is_a_500_with_a_problem() {
    let router = ApiRouter::new()
        .operation(&operations::GET_CARDS, Arc::new(()), |_, _| async {
            panic!("this is what the test is about")
        })
        .layer(PanicLayer)
        .into_router()
        .layer(RequestIdLayer::new(|| "id-1".to_owned()));
    let response = common::send(&router, common::request("GET", "/cards", "")).await;
    assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.problem()["title"], "Internal Server Error");
    assert_eq!(response.header(REQUEST_ID), Some("id-1"));
}
