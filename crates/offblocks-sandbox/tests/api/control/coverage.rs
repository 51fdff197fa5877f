//! Every documented status of the control plane's contract is reached.

use std::collections::BTreeMap;

use offblocks_sandbox::ClockMode;
use serde_json::{Value, json};

use super::Plane;
use super::moves::{Reluctant, rejected_once};
use crate::common::{ALL, LocalWallet, Receiver, Stage, text};

/// Calls with the status that they get, in this order: `{CARD}` and the like stand for ids of the
/// scene, `{NOTHING}` for an id of nothing.
const CALLS: &[(&str, &str, &str, u16)] = &[
    ("GET", "/clock", "", 200),
    ("PUT", "/clock", r#"{"mode": "frozen"}"#, 200),
    ("PUT", "/clock", r#"{"mode": "stopped"}"#, 400),
    (
        "PUT",
        "/clock",
        r#"{"mode": "frozen", "now": "2020-01-01T00:00:00Z"}"#,
        409,
    ),
    ("POST", "/clock/advance", r#"{"milliseconds": 1}"#, 200),
    ("POST", "/clock/advance", "{}", 400),
    ("GET", "/deliveries", "", 200),
    ("GET", "/deliveries?limit=0", "", 400),
    ("PATCH", "/deliveries/resend", "", 200),
    ("PATCH", "/deliveries/1/resend", "", 204),
    ("PATCH", "/deliveries/0/resend", "", 400),
    ("PATCH", "/deliveries/999/resend", "", 404),
    ("GET", "/delivery-modes", "", 200),
    ("PUT", "/delivery-modes", "{}", 200),
    ("PUT", "/delivery-modes", "[]", 400),
    ("PUT", "/webhooks/{WEBHOOK}/delivery-modes", "{}", 200),
    ("PUT", "/webhooks/{WEBHOOK}/delivery-modes", "[]", 400),
    ("PUT", "/webhooks/{NOTHING}/delivery-modes", "{}", 404),
    ("DELETE", "/webhooks/{WEBHOOK}/delivery-modes", "", 204),
    ("DELETE", "/webhooks/x/delivery-modes", "", 400),
    (
        "POST",
        "/faults",
        r#"{"kind": "latency", "milliseconds": 0}"#,
        201,
    ),
    ("POST", "/faults", "{}", 400),
    ("GET", "/faults", "", 200),
    ("DELETE", "/faults/1", "", 204),
    ("DELETE", "/faults/1", "", 404),
    ("DELETE", "/faults/x", "", 400),
    ("DELETE", "/faults", "", 204),
    ("GET", "/accounts/{ACCOUNT}/balance", "", 200),
    ("GET", "/accounts/x/balance", "", 400),
    ("GET", "/accounts/{NOTHING}/balance", "", 404),
    ("GET", "/accounts/{UNSIGNED}/balance", "", 409),
    (
        "POST",
        "/accounts/{ACCOUNT}/pay-in",
        r#"{"amount": "1"}"#,
        200,
    ),
    (
        "POST",
        "/accounts/{ACCOUNT}/pay-in",
        r#"{"amount": "0"}"#,
        400,
    ),
    (
        "POST",
        "/accounts/{NOTHING}/pay-in",
        r#"{"amount": "1"}"#,
        404,
    ),
    (
        "POST",
        "/accounts/{UNSIGNED}/pay-in",
        r#"{"amount": "1"}"#,
        409,
    ),
    (
        "POST",
        "/accounts/{ACCOUNT}/take-out",
        r#"{"amount": "1"}"#,
        200,
    ),
    (
        "POST",
        "/accounts/{ACCOUNT}/take-out",
        r#"{"amount": "0"}"#,
        400,
    ),
    (
        "POST",
        "/accounts/{NOTHING}/take-out",
        r#"{"amount": "1"}"#,
        404,
    ),
    (
        "POST",
        "/accounts/{UNSIGNED}/take-out",
        r#"{"amount": "1"}"#,
        409,
    ),
    (
        "POST",
        "/transactions/{DEBIT}/refund",
        r#"{"amount": "1"}"#,
        201,
    ),
    (
        "POST",
        "/transactions/{DEBIT}/refund",
        r#"{"amount": "0"}"#,
        400,
    ),
    (
        "POST",
        "/transactions/{NOTHING}/refund",
        r#"{"amount": "1"}"#,
        404,
    ),
    (
        "POST",
        "/transactions/{DEBIT}/refund",
        r#"{"amount": "20"}"#,
        409,
    ),
    ("PATCH", "/transactions/{DEBIT}/reverse", "", 409),
    ("PATCH", "/transactions/{OTHER}/reverse", "", 200),
    ("PATCH", "/transactions/x/reverse", "", 400),
    ("PATCH", "/transactions/{NOTHING}/reverse", "", 404),
    ("PATCH", "/cards/{CARD}/suspend", "", 200),
    ("PATCH", "/cards/{CARD}/suspend", "", 409),
    ("PATCH", "/cards/x/suspend", "", 400),
    ("PATCH", "/cards/{NOTHING}/suspend", "", 404),
    ("PATCH", "/cards/{CARD}/reinstate", "", 200),
    ("PATCH", "/cards/{CARD}/reinstate", "", 409),
    ("PATCH", "/cards/x/reinstate", "", 400),
    ("PATCH", "/cards/{NOTHING}/reinstate", "", 404),
    ("PATCH", "/cards/{CARD}/block", "", 200),
    ("PATCH", "/cards/{CARD}/block", "", 409),
    ("PATCH", "/cards/x/block", "", 400),
    ("PATCH", "/cards/{NOTHING}/block", "", 404),
    ("PATCH", "/accounts/{UNSIGNED}/fail", "", 200),
    ("PATCH", "/accounts/{UNSIGNED}/fail", "", 409),
    ("PATCH", "/accounts/x/fail", "", 400),
    ("PATCH", "/accounts/{NOTHING}/fail", "", 404),
    ("PATCH", "/customers/{CUSTOMER}/reject", "", 200),
    ("PATCH", "/customers/{CUSTOMER}/reject", "", 409),
    ("PATCH", "/customers/x/reject", "", 400),
    ("PATCH", "/customers/{NOTHING}/reject", "", 404),
    ("GET", "/progression", "", 200),
    ("PUT", "/progression", r#"{"mode": "immediate"}"#, 200),
    ("PUT", "/progression", "{}", 400),
    ("GET", "/steps", "", 200),
    ("GET", "/steps?limit=0", "", 400),
    ("PATCH", "/steps/{STEP}/run", "", 204),
    ("PATCH", "/steps/{STEP}/run", "", 404),
    ("PATCH", "/steps/x/run", "", 400),
    ("PATCH", "/steps/run", "", 200),
    ("PATCH", "/steps/run?kind=dance", "", 400),
    ("GET", "/work", "", 200),
    ("GET", "/programmes", "", 200),
    ("POST", "/programmes", r#"{"name": "job-1"}"#, 201),
    ("POST", "/programmes", r#"{"name": "job-1"}"#, 409),
    ("POST", "/programmes", r#"{"name": "default"}"#, 400),
    ("DELETE", "/programmes/job-1", "", 204),
    ("DELETE", "/programmes/job-1", "", 404),
    ("DELETE", "/programmes/Job", "", 400),
    ("POST", "/cards", r#"{"number": 2}"#, 201),
    ("POST", "/cards", r#"{"number": 0}"#, 400),
    ("POST", "/fixtures", r#"{"steps": [{"cards": 1}]}"#, 201),
    ("POST", "/fixtures", r#"{"steps": [{}]}"#, 400),
    ("GET", "/snapshot", "", 200),
    ("PUT", "/snapshot", "", 400),
];

/// Calls after which nothing of the scene is left.
const LAST: &[(&str, &str, &str, u16)] = &[("DELETE", "/data", "", 204)];

#[tokio::test]
async fn every_documented_status_is_reached_and_no_other_is_sent() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let ids = scene(&stage, &mut plane).await;
    for call in CALLS {
        tried(&mut plane, &ids, call).await;
    }
    unsubscribe(&stage, &mut plane, &ids["WEBHOOK"]).await;
    stop_a_move(&stage, &mut plane).await;
    let saved = plane.call("GET", "/snapshot").await.text;
    let lines = [("content-type", "application/x-ndjson")];
    let restored = plane.send("PUT", "/snapshot", Some(saved), &lines).await;
    restored.expect(200);
    for call in LAST {
        tried(&mut plane, &ids, call).await;
    }
    let unseen = plane.finish();
    assert!(
        unseen.is_empty(),
        "add calls to the table above that reach {unseen:?}"
    );
    stage.stop().await;
}

/// Makes a call, and again as somebody who may not.
async fn tried(
    plane: &mut Plane,
    ids: &BTreeMap<&'static str, String>,
    (method, path, body, expected): &(&str, &str, &str, u16),
) {
    let path = ids.iter().fold((*path).to_owned(), |path, (name, id)| {
        path.replace(&format!("{{{name}}}"), id)
    });
    let response = match (*body, *method, path.as_str()) {
        (_, "PUT", "/snapshot") => {
            let lines = [("content-type", "application/x-ndjson")];
            plane
                .send(method, &path, Some((*body).to_owned()), &lines)
                .await
        }
        ("", ..) => plane.call(method, &path).await,
        (body, ..) => {
            let body = serde_json::from_str(body).unwrap();
            plane.with(method, &path, body).await
        }
    };
    assert_eq!(
        response.status, *expected,
        "{method} {path} {body}: {}",
        response.text
    );
    for (header, expected) in [
        (("authorization", "Bearer wrong"), 401),
        (("origin", "http://evil.example"), 403),
        (("expect", "more"), 417),
    ] {
        let json = ("content-type", "application/json");
        let response = plane.send(method, &path, None, &[json, header]).await;
        assert_eq!(response.status, expected, "{method} {path} with {header:?}");
    }
}

/// One of everything, by the names that the table has for them.
async fn scene(stage: &Stage, plane: &mut Plane) -> BTreeMap<&'static str, String> {
    let caller = &stage.caller;
    let webhook = caller.subscribe(&Receiver::start().await.url(), ALL).await;
    let (customer, account, card) = caller.everything(&LocalWallet::numbered(1)).await;
    let unsigned = caller.new_account(&customer).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    let pay = json!({"amount": "20", "currency": "EUR", "capture": true});
    for _ in 0..2 {
        caller.post(&path, pay.clone()).await.expect(201);
    }
    let debits = caller
        .get(&format!("/cards/{card}/transactions"))
        .await
        .expect(200);
    let manual = json!({"mode": "manual"});
    plane.with("PUT", "/progression", manual).await.expect(200);
    caller.post(&path, pay).await.expect(201);
    let steps = plane.call("GET", "/steps").await.expect(200);
    let step: &Value = &steps[0]["id"];
    BTreeMap::from([
        ("NOTHING", "0c2f5f4e-6f8b-4d5c-9a3e-5b7d1c2e8f90".to_owned()),
        ("WEBHOOK", text(&webhook, "id")),
        ("CUSTOMER", customer),
        ("ACCOUNT", account),
        ("UNSIGNED", text(&unsigned, "id")),
        ("CARD", card),
        ("DEBIT", text(&debits[0], "id")),
        ("OTHER", text(&debits[1], "id")),
        ("STEP", step.to_string()),
    ])
}

/// Sets the clock while it is on its way.
async fn stop_a_move(stage: &Stage, plane: &mut Plane) {
    let mut receiver = Reluctant::start().await;
    rejected_once(&stage.caller, &mut receiver).await;
    let body = json!({"milliseconds": 3_600_000});
    let advance = plane.with("POST", "/clock/advance", body);
    let stop = async {
        receiver.comes().await;
        stage.sandbox.set_clock(ClockMode::Frozen, None).await
    };
    let (stopped, set) = tokio::join!(advance, stop);
    stopped.rejected(409);
    set.unwrap();
}

/// Without its subscription, a delivery cannot be resent.
async fn unsubscribe(stage: &Stage, plane: &mut Plane, webhook: &str) {
    stage
        .caller
        .delete(&format!("/webhooks/{webhook}"))
        .await
        .expect(204);
    plane
        .call("PATCH", "/deliveries/1/resend")
        .await
        .rejected(409);
}
