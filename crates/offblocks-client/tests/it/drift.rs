//! What the client reports of a server with another contract, over real HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use offblocks_client::drift::{DriftWatch, shapes};
use offblocks_client::{Client, Drift, Operation, RetryPolicy};
use offblocks_types::{Address, CardId, CardType, CreateAccountCardRequest};
use serde_json::{Value, json};

use crate::server::{API_KEY, CARD, SECRET, Server, json as response};

/// Stands in bodies where no event may repeat it.
const PRIVATE: &str = "hunter3-is-private";

type Drifts = Arc<Mutex<Vec<Drift>>>;

fn card_id() -> CardId {
    "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap()
}

/// The usual card with these members put into it.
fn card(with: Value) -> String {
    let mut card: Value = serde_json::from_str(CARD).unwrap();
    for (name, value) in with.as_object().unwrap() {
        card[name] = value.clone();
    }
    card.to_string()
}

/// A client, and every drift that it reports.
fn reporting(server: &Server) -> (Client, Drifts) {
    let seen_drifts = Drifts::default();
    let sink = seen_drifts.clone();
    let client = server
        .signing()
        .on_drift(move |drift| sink.lock().unwrap().push(drift.clone()))
        .build()
        .unwrap();
    (client, seen_drifts)
}

fn lines(seen_drifts: &Drifts) -> Vec<String> {
    let seen_drifts = seen_drifts.lock().unwrap();
    let line = |drift: &Drift| {
        let first = if drift.first { "first" } else { "again" };
        let status = drift
            .status
            .map_or("-".to_owned(), |status| status.to_string());
        let Drift {
            kind,
            operation,
            pointer,
            count,
            ..
        } = drift;
        format!("{operation} {status} {kind} {pointer} {count} {first}")
    };
    seen_drifts.iter().map(line).collect()
}

#[tokio::test]
async fn each_kind_is_reported_with_its_place() {
    let server = Server::start().await;
    let (client, seen_drifts) = reporting(&server);
    let odd = card(json!({
        "spendingLimit": PRIVATE,
        "status": PRIVATE,
        "billingAddress": {"city": "Bristol", "country": "GB", "firstLine": "1", "postCode": "BS1 4RN", "door": PRIVATE},
    }));
    server.respond_next(response(StatusCode::OK, &odd));
    let got = client.get_card(card_id()).send().await.unwrap();
    assert_eq!(got.status.as_str(), PRIVATE, "an unknown value is kept");

    let broken = card(json!({"billingAddress": {"city": {"is": PRIVATE}}}));
    server.respond_next(response(StatusCode::OK, &broken));
    client.get_card(card_id()).send().await.unwrap_err();
    server.respond_next((StatusCode::IM_A_TEAPOT, PRIVATE));
    client.get_card(card_id()).send().await.unwrap_err();
    server.respond_next((StatusCode::NOT_FOUND, PRIVATE));
    client.get_card(card_id()).send().await.unwrap_err();
    server.respond_next((StatusCode::CREATED, PRIVATE));
    client.get_card(card_id()).send().await.unwrap_err();

    let mut seen = lines(&seen_drifts);
    seen[..3].sort_unstable();
    assert_eq!(
        seen,
        [
            "getCard 200 unknown_field /billingAddress/door 1 first",
            "getCard 200 unknown_field /spendingLimit 1 first",
            "getCard 200 unknown_value /status 1 first",
            "getCard 200 undecodable /billingAddress/city 1 first",
            "getCard 418 undocumented_status  1 first",
            "getCard 201 undocumented_status  1 first",
            "getCard 201 undecodable  1 first",
        ]
    );
    let whole = format!("{:?} {client:?}", seen_drifts.lock().unwrap());
    assert!(!whole.contains(PRIVATE), "a payload is shown: {whole}");
    for drift in seen_drifts.lock().unwrap().iter() {
        assert_eq!(drift.contract, shapes::CONTRACT);
    }
}

#[tokio::test]
async fn a_server_that_follows_the_contract_causes_no_report() {
    let server = Server::start().await;
    let (client, seen_drifts) = reporting(&server);
    server.respond_next(response(StatusCode::OK, CARD));
    client.get_card(card_id()).send().await.unwrap();
    server.respond_next(response(StatusCode::OK, &format!("[{CARD}, {CARD}]")));
    client.get_cards().send().await.unwrap();
    server.respond_next(StatusCode::ACCEPTED);
    client.simulate_issue_card(card_id()).send().await.unwrap();
    server.respond_next((
        StatusCode::CONFLICT,
        r#"{"title": "no field of the contract"}"#,
    ));
    client.deactivate_card(card_id()).send().await.unwrap_err();
    assert_eq!(lines(&seen_drifts), [""; 0]);
}

#[tokio::test]
async fn statuses_of_gateways_and_limiters_are_not_drift() {
    let server = Server::start().await;
    let (client, seen_drifts) = reporting(&server);
    for code in [408, 429, 502, 503, 504, 418] {
        server.respond_next(StatusCode::from_u16(code).unwrap());
        let call = client.get_card(card_id()).retry(RetryPolicy::none());
        call.await.unwrap_err();
    }
    assert_eq!(
        lines(&seen_drifts),
        ["getCard 418 undocumented_status  1 first"]
    );
}

/// The contract lists no 409 for this operation. One that asks to wait is about the key; see
/// `Error::is_still_running`.
#[tokio::test]
async fn that_the_first_call_with_a_key_still_runs_is_not_drift() {
    let server = Server::start().await;
    let (client, seen_drifts) = reporting(&server);
    let account = "2f1c7b38-64e9-4d05-9b7a-13c5e0d8f642".parse().unwrap();
    for pause in [Some("1"), None] {
        let pause = pause.map(|it| (RETRY_AFTER, HeaderValue::from_static(it)));
        let headers = HeaderMap::from_iter(pause);
        server.respond_next((StatusCode::CONFLICT, headers));
        let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
        let order = CreateAccountCardRequest::new(CardType::Virtual, address);
        let call = client.create_account_card(account, order);
        call.retry(RetryPolicy::none()).await.unwrap_err();
    }
    assert_eq!(
        lines(&seen_drifts),
        ["createAccountCard 409 undocumented_status  1 first"]
    );
}

#[tokio::test]
async fn a_hundred_items_are_one_finding_and_clones_share_what_is_known() {
    let server = Server::start().await;
    let (client, seen_drifts) = reporting(&server);
    let odd = card(json!({"colour": "red"}));
    let many = format!("[{}]", vec![odd.as_str(); 100].join(","));
    for client in [client.clone(), client] {
        server.respond_next(response(StatusCode::OK, &many));
        client.get_cards().send().await.unwrap();
        server.respond_next(response(StatusCode::OK, &odd));
        client.get_card(card_id()).send().await.unwrap();
    }
    assert_eq!(
        lines(&seen_drifts),
        [
            "getCards 200 unknown_field /*/colour 100 first",
            "getCard 200 unknown_field /colour 1 first",
            "getCards 200 unknown_field /*/colour 100 again",
            "getCard 200 unknown_field /colour 1 again",
        ]
    );
}

#[tokio::test]
async fn the_token_is_checked_too_and_is_not_shown() {
    let server = Server::start().await;
    let (client, seen_drifts) = reporting(&server);
    let granted = format!(
        r#"{{"token": "{PRIVATE}", "expiresAt": 9999999999, "tokenType": "Bearer", "scope": "all"}}"#
    );
    server.respond_next_token(response(StatusCode::OK, &granted));
    client.get_card(card_id()).send().await.unwrap_err();
    assert_eq!(
        lines(&seen_drifts),
        ["getToken 200 unknown_field /scope 1 first"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_calls_tell_the_first_once_and_lose_none() {
    let server = Server::start().await;
    let (client, seen_drifts) = reporting(&server);
    let calls = (0..64).map(|_| {
        server.respond_next(response(StatusCode::OK, &card(json!({"colour": "red"}))));
        let client = client.clone();
        tokio::spawn(async move { client.get_card(card_id()).send().await.map(drop) })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    let mut tally = BTreeMap::<bool, u64>::new();
    for drift in seen_drifts.lock().unwrap().iter() {
        *tally.entry(drift.first).or_default() += drift.count;
    }
    assert_eq!(tally, BTreeMap::from([(true, 1), (false, 63)]));
}

#[test]
fn memory_is_bounded_however_many_names_a_server_makes_up() {
    let (seen_drifts, firsts) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
    let (count, first) = (seen_drifts.clone(), firsts.clone());
    let watch = DriftWatch::new(move |drift| {
        *count.lock().unwrap() += 1;
        *first.lock().unwrap() += u32::from(drift.first);
    });
    let operation = Operation::find("getCard").unwrap();
    for (one, other) in (b'a'..=b'z').flat_map(|one| (b'a'..=b'z').map(move |other| (one, other))) {
        let name = format!("new{}{}", char::from(one), char::from(other));
        let body = card(json!({ name: 1 }));
        watch.response(operation, StatusCode::OK, body.as_bytes());
    }
    assert_eq!(
        *seen_drifts.lock().unwrap(),
        26 * 26,
        "the callback is called for all"
    );
    assert_eq!(
        *firsts.lock().unwrap(),
        256,
        "and of no more first ones than are remembered"
    );
}

#[test]
fn webhook_events_are_looked_at_by_the_same_eyes() {
    let seen_drifts = Drifts::default();
    let sink = seen_drifts.clone();
    let watch = DriftWatch::new(move |drift| sink.lock().unwrap().push(drift.clone()));
    let events = [
        json!({"webhookType": "card.updated", "eventId": "x", "status": PRIVATE, "colour": 1}),
        json!({"webhookType": "card.lost", "eventId": "x", "status": PRIVATE}),
    ];
    for event in &events {
        watch.value("webhook", &shapes::WEBHOOK_EVENT, event);
    }
    let mut seen = lines(&seen_drifts);
    seen.sort_unstable();
    assert_eq!(
        seen,
        [
            "webhook - unknown_field /colour 1 first",
            "webhook - unknown_value /status 1 first",
            "webhook - unknown_value /webhookType 1 first",
        ]
    );
}

#[test]
fn every_operation_has_its_responses() {
    let listed: Vec<_> = shapes::RESPONSES.iter().map(|(id, _)| *id).collect();
    let all: Vec<_> = Operation::ALL
        .iter()
        .map(|operation| operation.id)
        .collect();
    assert_eq!(listed, all);
    for (operation, (_, responses)) in Operation::ALL.iter().zip(shapes::RESPONSES) {
        for status in operation.statuses {
            let known = responses
                .iter()
                .any(|(statuses, _)| statuses.contains(status));
            assert!(known, "{} {status}", operation.id);
        }
    }
}

#[tokio::test]
async fn without_a_listener_nothing_is_looked_at() {
    let server = Server::start().await;
    let client = server
        .builder()
        .credentials(API_KEY, SECRET)
        .build()
        .unwrap();
    assert!(!client.drift_watch().is_on());
    let (client, _) = reporting(&server);
    assert!(client.drift_watch().is_on());
}
