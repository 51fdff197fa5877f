//! Calls of operations that are chosen at run time: as typed ones, but for their types.

use axum::http::StatusCode;
use offblocks_client::{ErrorKind, Operation};
use serde_json::json as value;
use uuid::Uuid;

use crate::server::{CARD, Server, json};

const ACCOUNT: &str = "e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461";

fn operation(id: &str) -> &'static Operation {
    Operation::find(id).unwrap_or_else(|| panic!("the contract has {id}"))
}

#[tokio::test]
async fn a_change_is_signed_digested_keyed_and_repeated_under_its_key() {
    let server = Server::start().await;
    server.respond_next(StatusCode::SERVICE_UNAVAILABLE);
    let call = server.client().untyped(operation("createAccountCard"));
    let body = value!({"type": "virtual"});
    let call = call.path("accountId", ACCOUNT).body(body.clone());
    let key = call.key();
    let response = call.send().await.unwrap();
    assert_eq!(
        (response.status(), response.attempts()),
        (StatusCode::CREATED, 2)
    );
    assert!(response.into_inner().unwrap()["id"].is_string());
    for seen in server.seen() {
        assert_eq!(seen.path, format!("/v1/accounts/{ACCOUNT}/cards"));
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&seen.body).unwrap(),
            body
        );
        offblocks_signature::ContentDigest::verify(&seen.headers, &seen.body).unwrap();
        assert!(seen.header("signature").starts_with("sig=:"));
        assert_eq!(seen.header("idempotency-key").parse().ok(), key);
    }
}

#[tokio::test]
async fn a_read_has_a_query_and_no_key() {
    let server = Server::start().await;
    server.respond_next(json(StatusCode::OK, "[]"));
    let call = server.client().untyped(operation("getAssets"));
    let call = call
        .query("chain", "eip155:300")
        .idempotency_key(Uuid::from_u128(7));
    assert_eq!(call.key(), None, "the operation carries none");
    assert_eq!(call.send().await.unwrap().into_inner(), Some(value!([])));
    let seen = server.seen().pop().unwrap();
    assert_eq!(seen.header("idempotency-key"), "");
}

#[tokio::test]
async fn what_the_contract_does_not_know_is_kept() {
    let server = Server::start().await;
    let more = CARD.replacen('{', r#"{"toCome": 1, "#, 1);
    server.respond_next(json(StatusCode::OK, &more));
    let call = server.client().untyped(operation("getCard"));
    let card = call.path("cardId", ACCOUNT).send().await.unwrap();
    assert_eq!(card.into_inner().unwrap()["toCome"], 1);
}

#[tokio::test]
async fn failures_are_those_of_typed_calls() {
    let server = Server::start().await;
    let client = server.client();
    let missing = client
        .untyped(operation("getCard"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Setup);
    assert!(missing.to_string().contains("`cardId`"), "{missing}");
    server.respond_next(StatusCode::NOT_FOUND);
    let call = client.untyped(operation("getCard")).path("cardId", ACCOUNT);
    let shown = format!("{call:?}");
    assert!(!shown.contains(ACCOUNT), "{shown}");
    assert!(call.await.unwrap_err().is_not_found());
    server.respond_next(json(StatusCode::OK, "not json"));
    let call = client.untyped(operation("getCard")).path("cardId", ACCOUNT);
    assert!(call.send().await.unwrap_err().is_decode());
}
