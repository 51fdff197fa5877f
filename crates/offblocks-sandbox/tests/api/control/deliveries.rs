//! The deliveries of webhooks, resending, and modes.

use http::StatusCode;
use serde_json::{Value, json};

use super::Plane;
use crate::common::{ALL, LocalWallet, Receiver, Stage, text};

const NOTHING: &str = "0c2f5f4e-6f8b-4d5c-9a3e-5b7d1c2e8f90";

/// Lets everything that is due be delivered.
async fn settle(plane: &mut Plane) {
    let body = json!({"milliseconds": 1});
    plane.with("POST", "/clock/advance", body).await.expect(200);
}

async fn deliveries(plane: &mut Plane) -> Vec<Value> {
    settle(plane).await;
    let listed = plane.call("GET", "/deliveries").await.expect(200);
    listed.as_array().unwrap().clone()
}

#[tokio::test]
async fn deliveries_are_listed_with_their_attempts_and_resent() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let receiver = Receiver::start().await;
    receiver.respond_with([StatusCode::IM_A_TEAPOT]);
    let webhook = stage.caller.subscribe(&receiver.url(), ALL).await;
    stage
        .caller
        .new_customer(&LocalWallet::numbered(1), "customer-1")
        .await;
    let [waiting] = &deliveries(&mut plane).await[..] else {
        panic!("one delivery was expected")
    };
    assert_eq!(
        (&waiting["status"], &waiting["webhookId"]),
        (&json!("waiting"), &webhook["id"])
    );
    assert_eq!(waiting["attempts"][0]["status"], 418);
    let resent = plane.call("PATCH", "/deliveries/resend").await.expect(200);
    assert_eq!(resent["deliveries"], 1);
    let [delivered] = &deliveries(&mut plane).await[..] else {
        panic!("one delivery was expected")
    };
    assert_eq!(delivered["status"], "delivered");
    assert_eq!(delivered["attempts"].as_array().unwrap().len(), 2);
    let resend = format!("/deliveries/{}/resend", delivered["id"]);
    plane.call("PATCH", &resend).await.expect(204);
    settle(&mut plane).await;
    assert_eq!(receiver.count(), 3);
    let path = format!("/webhooks/{}", text(&webhook, "id"));
    stage.caller.delete(&path).await.expect(204);
    plane.call("PATCH", &resend).await.rejected(409);
    plane
        .call("PATCH", "/deliveries/999/resend")
        .await
        .rejected(404);
    plane
        .call("PATCH", "/deliveries/0/resend")
        .await
        .rejected(400);
    plane.call("GET", "/deliveries?limit=0").await.rejected(400);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn modes_are_set_for_all_and_for_one_subscription() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let receiver = Receiver::start().await;
    let webhook = stage.caller.subscribe(&receiver.url(), ALL).await;
    let own = format!("/webhooks/{}/delivery-modes", text(&webhook, "id"));
    let modes = json!({"duplicate": true, "signature": "bad", "delayMilliseconds": 5000});
    let all = plane
        .with("PUT", "/delivery-modes", modes)
        .await
        .expect(200);
    assert_eq!(all["all"]["delayMilliseconds"], 5000);
    let of_one = plane
        .with("PUT", &own, json!({"drop": true}))
        .await
        .expect(200);
    assert_eq!(of_one["webhooks"][0]["webhookId"], webhook["id"]);
    stage
        .caller
        .new_customer(&LocalWallet::numbered(1), "customer-1")
        .await;
    let discarded = deliveries(&mut plane).await;
    assert_eq!(discarded[0]["status"], "discarded");
    assert!(discarded[0]["reason"].is_string(), "{discarded:?}");
    plane.call("DELETE", &own).await.expect(204);
    stage
        .caller
        .new_customer(&LocalWallet::numbered(2), "customer-2")
        .await;
    let advance = json!({"milliseconds": 5000});
    plane
        .with("POST", "/clock/advance", advance)
        .await
        .expect(200);
    assert_eq!(receiver.count(), 2, "it is sent twice, after a while");
    plane
        .with("PUT", "/delivery-modes", json!({}))
        .await
        .expect(200);
    let none = plane.call("GET", "/delivery-modes").await.expect(200);
    assert_eq!(
        (&none["all"]["duplicate"], &none["webhooks"]),
        (&json!(false), &json!([]))
    );
    for (path, body, expected) in [
        (
            "/delivery-modes".to_owned(),
            json!({"signature": "missing"}),
            400,
        ),
        (
            "/delivery-modes".to_owned(),
            json!({"delayMilliseconds": -1}),
            400,
        ),
        (own, json!({"surprise": true}), 400),
        (
            format!("/webhooks/{NOTHING}/delivery-modes"),
            json!({}),
            404,
        ),
    ] {
        plane.with("PUT", &path, body).await.rejected(expected);
    }
    plane
        .call("DELETE", "/webhooks/x/delivery-modes")
        .await
        .rejected(400);
    plane.finish();
    stage.stop().await;
}
