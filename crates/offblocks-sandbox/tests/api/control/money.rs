//! Balances, reversals and refunds through the control plane.

use serde_json::{Value, json};

use super::Plane;
use crate::common::{LocalWallet, Stage, text};

const NOTHING: &str = "0c2f5f4e-6f8b-4d5c-9a3e-5b7d1c2e8f90";

/// An account, and a processed debit of 20 EUR on its card.
async fn debit(stage: &Stage) -> (String, String) {
    let (_, account, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    (account, pay(stage, &card).await)
}

/// A processed debit of 20 EUR.
async fn pay(stage: &Stage, card: &str) -> String {
    let path = format!("/simulator/cards/{card}/authorisation");
    let body = json!({"amount": "20", "currency": "EUR", "capture": true});
    stage.caller.post(&path, body).await.expect(201);
    let path = format!("/cards/{card}/transactions");
    let transactions = stage.caller.get(&path).await.expect(200);
    let last = transactions.as_array().unwrap().last().unwrap();
    text(last, "id")
}

fn amount(amount: &str) -> Value {
    json!({"amount": amount})
}

#[tokio::test]
async fn money_is_paid_in_and_taken_out() {
    let stage = Stage::with(|settings| settings.initial_balance = 100.into()).await;
    let mut plane = Plane::of(&stage);
    let (account, _) = debit(&stage).await;
    let path = format!("/accounts/{account}");
    let balance = plane
        .call("GET", &format!("{path}/balance"))
        .await
        .expect(200);
    assert_eq!(
        (&balance["available"], &balance["held"]),
        (&json!("79.99"), &json!("0"))
    );
    let paid_in = plane
        .with("POST", &format!("{path}/pay-in"), amount("0.01"))
        .await;
    assert_eq!(paid_in.expect(200)["available"], "80");
    let taken = plane
        .with("POST", &format!("{path}/take-out"), amount("80"))
        .await;
    assert_eq!(taken.expect(200)["available"], "0");
    let short = plane
        .with("POST", &format!("{path}/take-out"), amount("0.01"))
        .await
        .rejected(409);
    assert!(short.starts_with("only 0 tokens can be spent"), "{short}");
    for verb in ["pay-in", "take-out"] {
        let path = format!("{path}/{verb}");
        for wrong in ["0", "-1", "0.0000001", "much"] {
            plane.with("POST", &path, amount(wrong)).await.rejected(400);
        }
        plane.call("POST", &path).await.rejected(415);
    }
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn transactions_are_refunded_and_reversed() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let (_, _, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let (first, second) = (pay(&stage, &card).await, pay(&stage, &card).await);
    let refund = format!("/transactions/{first}/refund");
    let credit = plane.with("POST", &refund, amount("5")).await.expect(201);
    assert_eq!(
        (&credit["direction"], &credit["amount"]),
        (&json!("credit"), &json!("5"))
    );
    plane
        .with("POST", &refund, amount("15.01"))
        .await
        .rejected(409);
    plane.with("POST", &refund, amount("0")).await.rejected(400);
    let reversal = format!("/transactions/{first}/reverse");
    plane.call("PATCH", &reversal).await.rejected(409);
    let reversal = format!("/transactions/{second}/reverse");
    let reversing = plane.call("PATCH", &reversal).await.expect(200);
    assert_eq!(reversing["status"], "reversing");
    let path = format!("/transactions/{second}");
    assert_eq!(stage.caller.status(&path).await, "reversed");
    plane.call("PATCH", &reversal).await.rejected(409);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn what_is_not_there_or_not_deployed_holds_nothing() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let customer = stage
        .caller
        .active_customer(&LocalWallet::numbered(1), "customer-1")
        .await;
    let account = stage.caller.new_account(&customer).await;
    for (id, expected) in [
        (text(&account, "id"), 409),
        (NOTHING.to_owned(), 404),
        ("x".to_owned(), 400),
    ] {
        let path = format!("/accounts/{id}");
        plane
            .call("GET", &format!("{path}/balance"))
            .await
            .rejected(expected);
        for verb in ["pay-in", "take-out"] {
            let path = format!("{path}/{verb}");
            plane
                .with("POST", &path, amount("1"))
                .await
                .rejected(expected);
        }
    }
    for (id, expected) in [(NOTHING, 404), ("x", 400)] {
        let path = format!("/transactions/{id}");
        plane
            .call("PATCH", &format!("{path}/reverse"))
            .await
            .rejected(expected);
        plane
            .with("POST", &format!("{path}/refund"), amount("1"))
            .await
            .rejected(expected);
    }
    plane.finish();
    stage.stop().await;
}
