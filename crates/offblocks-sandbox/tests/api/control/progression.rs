//! When steps happen, and running those that wait.

use offblocks_sandbox::{Database, Settings};
use serde_json::json;

use super::Plane;
use crate::common::{LocalWallet, Stage, signed, text};

#[tokio::test]
async fn manual_steps_wait_until_they_are_run() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let manual = json!({"mode": "manual"});
    let rules = plane.with("PUT", "/progression", manual).await.expect(200);
    assert_eq!(rules.as_array().unwrap().len(), 9);
    let wallet = LocalWallet::numbered(1);
    let customer = stage.caller.new_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{}", text(&customer, "id"));
    let body = signed(&wallet, &customer);
    stage
        .caller
        .post(&format!("{path}/challenge/sign"), body)
        .await
        .expect(204);
    let day = json!({"milliseconds": 86_400_000});
    plane.with("POST", "/clock/advance", day).await.expect(200);
    let waiting = plane.call("GET", "/steps").await.expect(200);
    assert_eq!(waiting[0]["kind"], "pass_screening");
    assert_eq!(waiting[0]["entityId"], customer["id"]);
    assert!(waiting[0].get("dueAt").is_none(), "{waiting}");
    let run = format!("/steps/{}/run", waiting[0]["id"]);
    plane.call("PATCH", &run).await.expect(204);
    plane.call("PATCH", &run).await.rejected(404);
    let mut caller = stage.caller;
    caller.log_in().await;
    assert_eq!(caller.status(&path).await, "verifying");
    plane.finish();
}

#[tokio::test]
async fn kinds_have_rules_of_their_own_and_are_run_together() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let rule = json!({"mode": "manual", "kinds": ["capture", "finish_capture"]});
    plane.with("PUT", "/progression", rule).await.expect(200);
    let (_, _, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    let body = json!({"amount": "20", "currency": "EUR", "capture": true});
    let authorisation = stage.caller.post(&path, body).await.expect(201);
    let path = format!("/authorisations/{}", text(&authorisation, "id"));
    assert_eq!(stage.caller.status(&path).await, "pending");
    for (query, steps, status) in [
        ("?kind=finish_capture", 0, "pending"),
        ("?kind=capture", 1, "capturing"),
        // The end of the capture, and the transaction that follows from it at once.
        ("", 2, "captured"),
    ] {
        let run = plane
            .call("PATCH", &format!("/steps/run{query}"))
            .await
            .expect(200);
        assert_eq!(run["steps"], steps, "{query}");
        assert_eq!(stage.caller.status(&path).await, status);
    }
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn a_step_leaves_the_list_when_its_entity_goes_another_way() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let wallet = LocalWallet::numbered(1);
    let (_, _, card) = stage.caller.everything(&wallet).await;
    let manual = json!({"mode": "manual"});
    plane.with("PUT", "/progression", manual).await.expect(200);
    // A capture that a release comes before.
    let path = format!("/simulator/cards/{card}/authorisation");
    let body = json!({"amount": "20", "currency": "EUR", "capture": true});
    let authorisation = stage.caller.post(&path, body).await.expect(201);
    let id = text(&authorisation, "id");
    let capture = only_step(&mut plane, "capture").await;
    let release = format!("/simulator/authorisations/{id}/release");
    stage.caller.patch(&release).await.expect(202);
    let run = format!("/steps/{capture}/run");
    plane.call("PATCH", &run).await.rejected(404);
    only_step(&mut plane, "finish_release").await;
    let run = plane.call("PATCH", "/steps/run").await.expect(200);
    assert_eq!(run["steps"], 1);
    let path = format!("/authorisations/{id}");
    assert_eq!(stage.caller.status(&path).await, "released");
    // A customer that is rejected while it is screened.
    let wallet = LocalWallet::numbered(2);
    let customer = stage.caller.new_customer(&wallet, "customer-2").await;
    let id = text(&customer, "id");
    let sign = format!("/customers/{id}/challenge/sign");
    let body = signed(&wallet, &customer);
    stage.caller.post(&sign, body).await.expect(204);
    let screening = only_step(&mut plane, "pass_screening").await;
    let reject = format!("/customers/{id}/reject");
    plane.call("PATCH", &reject).await.expect(200);
    assert_eq!(plane.call("GET", "/steps").await.expect(200), json!([]));
    let run = format!("/steps/{screening}/run");
    plane.call("PATCH", &run).await.rejected(404);
    let run = plane.call("PATCH", "/steps/run").await.expect(200);
    assert_eq!(run["steps"], 0);
    plane.finish();
    stage.stop().await;
}

/// The number of the only step that waits, which is of this kind.
async fn only_step(plane: &mut Plane, kind: &str) -> serde_json::Value {
    let waiting = plane.call("GET", "/steps").await.expect(200);
    assert_eq!(waiting.as_array().unwrap().len(), 1, "{waiting}");
    assert_eq!(waiting[0]["kind"], kind);
    waiting[0]["id"].clone()
}

#[tokio::test]
async fn a_delay_holds_for_the_steps_that_begin_to_wait_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let on_file = |settings: &mut Settings| settings.database = Database::File(file.clone());
    let stage = Stage::with(on_file).await;
    let mut plane = Plane::of(&stage);
    let rule = json!({"mode": "delayed", "milliseconds": 5000, "kinds": ["issue_card"]});
    plane.with("PUT", "/progression", rule).await.expect(200);
    stage.stop().await;
    // A file keeps the rule.
    let stage = Stage::with(on_file).await;
    let mut plane = Plane::of(&stage);
    let rules = plane.call("GET", "/progression").await.expect(200);
    let rules = rules.as_array().unwrap();
    let of = |kind: &str| rules.iter().find(|rule| rule["kind"] == kind).unwrap();
    assert_eq!(of("issue_card")["milliseconds"], 5000);
    assert_eq!(of("capture")["mode"], "immediate");
    let (_, _, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let waiting = plane.call("GET", "/steps?limit=1").await.expect(200);
    assert!(waiting[0]["dueAt"].is_string(), "{waiting}");
    let advance = json!({"milliseconds": 5000});
    plane
        .with("POST", "/clock/advance", advance)
        .await
        .expect(200);
    assert_eq!(
        stage.caller.status(&format!("/cards/{card}")).await,
        "active"
    );
    for body in [
        json!({"mode": "delayed"}),
        json!({"mode": "manual", "milliseconds": 1}),
        json!({"mode": "sometimes"}),
        json!({"mode": "manual", "kinds": []}),
        json!({"mode": "manual", "kinds": ["dance"]}),
    ] {
        plane.with("PUT", "/progression", body).await.rejected(400);
    }
    plane.call("GET", "/steps?limit=0").await.rejected(400);
    plane
        .call("PATCH", "/steps/run?kind=dance")
        .await
        .rejected(400);
    plane.call("PATCH", "/steps/x/run").await.rejected(400);
    plane.finish();
    stage.stop().await;
}
