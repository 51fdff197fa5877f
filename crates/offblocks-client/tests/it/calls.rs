//! What a call sends, and what becomes of its response.

use std::collections::BTreeSet;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use offblocks_client::ErrorKind;
use offblocks_types::{AccountId, CardId, CreateAccountCardRequest};
use uuid::Uuid;

use crate::server::{CARD, Server, json};

fn account() -> AccountId {
    "e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461".parse().unwrap()
}

fn card() -> CardId {
    "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap()
}

fn virtual_card() -> CreateAccountCardRequest {
    serde_json::from_value(serde_json::json!({
        "type": "virtual",
        "billingAddress": {"firstLine": "18 Harbour Row", "city": "Bristol", "country": "GB", "postCode": "BS1 4RN"},
    }))
    .unwrap()
}

#[tokio::test]
async fn a_call_with_a_body_is_signed_digested_and_keyed() {
    let server = Server::start().await;
    let response = server
        .client()
        .create_account_card(account(), virtual_card())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    // The card is the one of the types crate: nothing is generated twice.
    let issued: offblocks_types::Card = response.into_inner();
    assert_eq!(issued.id, card());

    let seen = server.seen().pop().unwrap();
    assert_eq!(
        seen.path,
        "/v1/accounts/e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461/cards"
    );
    assert_eq!(seen.header("content-type"), "application/json");
    assert!(seen.header("user-agent").starts_with("offblocks-client/"));
    assert!(
        seen.header("signature-input")
            .contains(r#""@method" "@authority" "@path" "content-digest""#)
    );
    offblocks_signature::ContentDigest::verify(&seen.headers, &seen.body).unwrap();
    let key: Uuid = seen.header("idempotency-key").parse().unwrap();
    assert_eq!(key.get_version_num(), 4);
    let api_version = HeaderName::from_static("api-version");
    assert!(
        !seen.headers.contains_key(api_version),
        "no header beyond the contract's"
    );
}

#[tokio::test]
async fn a_read_is_signed_and_carries_no_digest_and_no_key() {
    let server = Server::start().await;
    server.respond_next(json(StatusCode::OK, CARD));
    server.client().get_card(card()).send().await.unwrap();
    let seen = server.seen().pop().unwrap();
    assert!(seen.header("signature").starts_with("sig=:"));
    for absent in ["content-digest", "idempotency-key"] {
        assert_eq!(seen.header(absent), "", "{absent}");
    }
}

#[tokio::test]
async fn a_callers_key_is_sent_and_fresh_keys_differ() {
    let server = Server::start().await;
    let client = server.client();
    let key = Uuid::from_u128(7);
    for _ in 0..2 {
        let call = client.create_account_card(account(), virtual_card());
        assert_eq!(call.clone().idempotency_key(key).key(), Some(key));
        call.clone().idempotency_key(key).send().await.unwrap();
        let sent = call.key();
        let issued = call.await.unwrap();
        assert_eq!(issued.idempotency_key(), sent);
    }
    let keys: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| seen.header("idempotency-key").to_owned())
        .collect();
    assert_eq!((&keys[0], &keys[2]), (&key.to_string(), &key.to_string()));
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), 3, "{keys:?}");
}

#[tokio::test]
async fn clones_of_a_call_are_one_call() {
    let server = Server::start().await;
    let client = server.client();
    let call = client.create_account_card(account(), virtual_card());
    let spawned = tokio::spawn(call.clone().send());
    call.clone().await.unwrap();
    spawned.await.unwrap().unwrap();
    server.respond_next(StatusCode::UNPROCESSABLE_ENTITY);
    let key = call.key();
    let error = call.await.unwrap_err();
    assert!(key.is_some() && error.idempotency_key() == key, "{error:?}");
    let key = key.unwrap().to_string();
    for seen in server.seen() {
        assert_eq!(seen.header("idempotency-key"), key);
    }
}

#[tokio::test]
async fn any_success_is_read_as_the_documented_one() {
    let server = Server::start().await;
    let client = server.client();
    for status in [200, 202, 299] {
        server.respond_next(json(StatusCode::from_u16(status).unwrap(), CARD));
        let issued = client
            .create_account_card(account(), virtual_card())
            .await
            .unwrap();
        assert_eq!((issued.status().as_u16(), issued.id), (status, card()));
    }
    assert_eq!(server.seen().len(), 3, "a success is never sent again");
    let key = Uuid::from_u128(9);
    server.respond_next(json(
        StatusCode::ACCEPTED,
        r#"{"billingAddress": {"firstLine": "18 Harbour Row"}}"#,
    ));
    let call = client.create_account_card(account(), virtual_card());
    let error = call.idempotency_key(key).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!((error.body(), error.idempotency_key()), (None, Some(key)));
    let text = format!("{error} {error:?}");
    assert!(text.contains("it was carried out"), "{text}");
    assert!(!text.contains("Harbour"), "{text}");
}

#[tokio::test]
async fn a_call_takes_headers_and_the_contracts_own_stay() {
    let server = Server::start().await;
    server.respond_next(json(StatusCode::OK, CARD));
    let name = |name: &'static str| HeaderName::from_static(name);
    let value = |value: &'static str| HeaderValue::from_static(value);
    server
        .client()
        .get_card(card())
        .header(name("traceparent"), value("00-1-2-01"))
        .header(name("authorization"), value("Bearer other"))
        .await
        .unwrap();
    let seen = server.seen().pop().unwrap();
    assert_eq!(seen.header("traceparent"), "00-1-2-01");
    assert_eq!(seen.header("authorization"), "Bearer token-1");
}

#[tokio::test]
async fn a_failure_keeps_status_body_operation_and_request_id() {
    let server = Server::start().await;
    let client = server.client();
    let problem = r#"{"title": "Conflict", "detail": "the card is terminated", "status": 409}"#;
    let id = [("x-request-id", "req-7")];
    server.respond_next((StatusCode::CONFLICT, id, problem));
    let error = client.deactivate_card(card()).send().await.unwrap_err();
    assert!(error.is_conflict() && !error.is_retryable(), "{error}");
    assert_eq!(error.operation(), "deactivateCard");
    assert_eq!(error.request_id(), Some("req-7"));
    assert_eq!(error.body(), Some(problem));
    let problem = error.problem().unwrap();
    assert_eq!(problem.detail.as_deref(), Some("the card is terminated"));
}

#[tokio::test]
async fn undocumented_statuses_and_empty_bodies_are_distinguished() {
    let server = Server::start().await;
    let client = server.client_without_retries();
    for (status, retryable) in [(404, false), (418, false), (429, true), (503, true)] {
        server.respond_next(StatusCode::from_u16(status).unwrap());
        let error = client.get_card(card()).send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(
            (error.body(), error.is_retryable()),
            (None, retryable),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_success_that_is_not_the_contracts_is_told_with_its_place() {
    let server = Server::start().await;
    server.respond_next(json(StatusCode::OK, r#"{"id": 4}"#));
    let error = server.client().get_card(card()).send().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert_eq!((error.body(), error.pointer()), (None, Some("/id")));
    assert!(
        error
            .to_string()
            .contains("`/id` of `Card` is not what the contract says"),
        "{error}"
    );
}

#[tokio::test]
async fn an_empty_success_is_unit() {
    let server = Server::start().await;
    server.respond_next(StatusCode::ACCEPTED);
    let response = server
        .client()
        .simulate_issue_card(card())
        .send()
        .await
        .unwrap();
    let () = response.into_inner();
}

#[tokio::test]
async fn what_the_client_lacks_is_said_before_anything_is_sent() {
    let server = Server::start().await;
    let bare = server.builder().build().unwrap();
    let error = bare.get_card(card()).send().await.unwrap_err();
    assert!(
        error.is_setup() && error.to_string().contains("credentials"),
        "{error}"
    );
    let unsigned = server
        .builder()
        .credentials(crate::server::API_KEY, crate::server::SECRET);
    let error = unsigned
        .build()
        .unwrap()
        .get_card(card())
        .send()
        .await
        .unwrap_err();
    assert!(
        error.is_setup() && error.to_string().contains("signing key"),
        "{error}"
    );
    assert!(server.seen().is_empty());
}
