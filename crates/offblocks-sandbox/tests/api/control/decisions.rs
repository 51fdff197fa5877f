//! What OffBlocks decides, and the moves that its states allow.

use serde_json::{Value, json};

use super::Plane;
use crate::common::{ALL, LocalWallet, Receiver, Stage, card, text};

const NOTHING: &str = "0c2f5f4e-6f8b-4d5c-9a3e-5b7d1c2e8f90";

/// The response to a decision, and the status of what it was about.
async fn decide(plane: &mut Plane, path: &str) -> (u16, Value) {
    let response = plane.call("PATCH", path).await;
    (response.status, response.json()["status"].clone())
}

#[tokio::test]
async fn a_card_is_suspended_reinstated_and_blocked() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let (_, account, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    stage.caller.status(&format!("/cards/{card}")).await;
    let receiver = Receiver::start().await;
    stage.caller.subscribe(&receiver.url(), ALL).await;
    for (verb, status) in [
        ("reinstate", None),
        ("suspend", Some("suspended")),
        ("suspend", None),
        ("reinstate", Some("active")),
        ("block", Some("blocked")),
        ("block", None),
        ("suspend", None),
        ("reinstate", None),
    ] {
        let found = decide(&mut plane, &format!("/cards/{card}/{verb}")).await;
        match status {
            Some(status) => assert_eq!(found, (200, json!(status)), "{verb}"),
            None => assert_eq!(found.0, 409, "{verb}"),
        }
    }
    let events = receiver.received(3).await;
    let mut statuses: Vec<_> = events
        .iter()
        .map(|event| text(&event.json(), "status"))
        .collect();
    statuses.sort();
    assert_eq!(
        statuses,
        ["active", "blocked", "suspended"],
        "each emits its event"
    );
    // A blocked card makes room for another, which is suspended while its account is deactivated.
    let card = stage.caller.active_card(&account).await;
    stage.caller.status(&format!("/cards/{card}")).await;
    decide(&mut plane, &format!("/cards/{card}/suspend")).await;
    stage
        .caller
        .patch(&format!("/accounts/{account}/deactivate"))
        .await
        .expect(200);
    let reinstate = format!("/cards/{card}/reinstate");
    let rejected = plane.call("PATCH", &reinstate).await.rejected(409);
    assert!(
        rejected.contains("activate the account first"),
        "{rejected}"
    );
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn a_suspended_card_takes_no_payments() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let (_, _, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    let pay = || json!({"amount": "20", "currency": "EUR", "capture": false});
    stage.caller.post(&path, pay()).await.expect(201);
    decide(&mut plane, &format!("/cards/{card}/suspend")).await;
    let declined = stage.caller.post(&path, pay()).await.rejected(400);
    assert!(declined.contains("suspended"), "{declined}");
    decide(&mut plane, &format!("/cards/{card}/reinstate")).await;
    stage.caller.post(&path, pay()).await.expect(201);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn customers_are_rejected_and_accounts_fail() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let (customer, account, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let unsigned = stage.caller.new_account(&customer).await;
    let fail = format!("/accounts/{}/fail", text(&unsigned, "id"));
    assert_eq!(decide(&mut plane, &fail).await, (200, json!("failed")));
    assert_eq!(decide(&mut plane, &fail).await.0, 409);
    assert_eq!(
        decide(&mut plane, &format!("/accounts/{account}/fail"))
            .await
            .0,
        409
    );
    let reject = format!("/customers/{customer}/reject");
    assert_eq!(decide(&mut plane, &reject).await, (200, json!("rejected")));
    assert_eq!(decide(&mut plane, &reject).await.0, 409);
    for path in [format!("/accounts/{account}"), format!("/cards/{card}")] {
        assert_eq!(stage.caller.status(&path).await, "inactive");
    }
    let fresh = stage
        .caller
        .new_customer(&LocalWallet::numbered(2), "customer-2")
        .await;
    let reject = format!("/customers/{}/reject", text(&fresh, "id"));
    assert_eq!(decide(&mut plane, &reject).await.0, 409, "it is initiating");
    plane.finish();
    stage.stop().await;
}

/// The simulator rejects a customer that is verified, and says who rejects the others.
#[tokio::test]
async fn the_simulator_names_the_path_that_rejects_other_customers() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let customer = caller
        .active_customer(&LocalWallet::numbered(1), "customer-1")
        .await;
    let reject = format!("/simulator/customers/{customer}/reject");
    let path = "as `PATCH /customers/ID/reject` of the control plane does";
    let active = caller.patch(&reject).await.rejected(400);
    caller
        .patch(&format!("/customers/{customer}/deactivate"))
        .await
        .expect(200);
    let inactive = caller.patch(&reject).await.rejected(400);
    for (reason, state) in [(active, "an active"), (inactive, "an inactive")] {
        let expected = format!(
            "{state} customer cannot be rejected: for the simulator it has to be verifying; \
             OffBlocks decides that when it is screening or active, {path}"
        );
        assert_eq!(reason, expected);
    }
    caller
        .patch(&format!("/customers/{customer}/activate"))
        .await
        .expect(200);
    let mut plane = Plane::of(&stage);
    let rejected = decide(&mut plane, &format!("/customers/{customer}/reject")).await;
    assert_eq!(rejected, (200, json!("rejected")));
    plane.finish();
    let last = caller.patch(&reject).await.rejected(400);
    assert!(last.ends_with("rejected is a final state"), "{last}");
    stage.stop().await;
}

#[tokio::test]
async fn a_customer_fails_screening() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let rule = json!({"mode": "manual", "kinds": ["pass_screening"]});
    plane.with("PUT", "/progression", rule).await.expect(200);
    let wallet = LocalWallet::numbered(1);
    let customer = stage.caller.new_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{}", text(&customer, "id"));
    let body = crate::common::signed(&wallet, &customer);
    stage
        .caller
        .post(&format!("{path}/challenge/sign"), body)
        .await
        .expect(204);
    assert_eq!(stage.caller.status(&path).await, "screening");
    assert_eq!(
        decide(&mut plane, &format!("{path}/reject")).await,
        (200, json!("rejected"))
    );
    // The step that waited is gone with the state it waited for.
    let run = plane.call("PATCH", "/steps/run").await.expect(200);
    assert_eq!(run["steps"], 0);
    assert_eq!(stage.caller.status(&path).await, "rejected");
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn what_is_not_there_cannot_be_decided() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    for path in [
        "/cards/{}/suspend",
        "/cards/{}/reinstate",
        "/cards/{}/block",
        "/customers/{}/reject",
        "/accounts/{}/fail",
    ] {
        let with = |id| path.replace("{}", id);
        assert_eq!(decide(&mut plane, &with(NOTHING)).await.0, 404, "{path}");
        assert_eq!(decide(&mut plane, &with("x")).await.0, 400, "{path}");
    }
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn physical_cards_are_issued_when_they_are_switched_on() {
    for (on, expected) in [(false, 400), (true, 201)] {
        let stage = Stage::with(|settings| settings.physical_cards = on).await;
        let wallet = LocalWallet::numbered(1);
        let (_, account, _) = stage.caller.everything(&wallet).await;
        let mut order = card();
        order["type"] = json!("physical");
        order["shippingAddress"] = order["billingAddress"].clone();
        let path = format!("/accounts/{account}/cards");
        let ordered = stage.caller.post(&path, order.clone()).await;
        let ordered = ordered.expect(expected);
        if on {
            assert_eq!(ordered["type"], "physical");
            let id = text(&ordered, "id");
            stage
                .caller
                .patch(&format!("/simulator/cards/{id}/issue"))
                .await
                .expect(202);
            assert_eq!(stage.caller.status(&format!("/cards/{id}")).await, "active");
            // One of a kind, as of virtual ones.
            stage.caller.post(&path, order).await.rejected(400);
        }
        stage.stop().await;
    }
}
