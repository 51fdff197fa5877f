//! Idempotency keys: replays, mismatches, calls that still run, and their hour of life.

use std::time::Duration;

use crate::common::{Direct, LocalWallet, Stage, chosen, text};
use futures_util::future::select;
use offblocks_sandbox::Database;
use serde_json::{Value, json};

const KEY: &str = "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10";

fn body(external_id: &str) -> Value {
    json!({"chainId": LocalWallet::numbered(1).owner().to_string(), "externalId": external_id})
}

#[tokio::test]
async fn the_same_call_gets_the_same_answer_and_happens_once() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let call = || {
        caller
            .call("POST", "/customers")
            .body(body("customer-1"))
            .key(KEY)
            .send()
    };
    let first = call().await;
    first.expect(201);
    stage.clock.advance(Duration::from_secs(60));
    assert_eq!(call().await, first);
    let listed = caller.get("/customers").await.expect(200);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    stage.stop().await;
}

#[tokio::test]
async fn an_answer_without_a_body_is_replayed_too() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (.., card) = caller.everything(&LocalWallet::numbered(1)).await;
    let path = format!("/cards/{card}");
    for _ in 0..2 {
        caller
            .call("DELETE", &path)
            .key(KEY)
            .send()
            .await
            .expect(204);
    }
    caller.delete(&path).await.rejected(409);
    stage.stop().await;
}

#[tokio::test]
async fn a_refusal_is_replayed_too() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (.., card) = caller.everything(&LocalWallet::numbered(1)).await;
    let activate = || {
        caller
            .call("PATCH", &format!("/cards/{card}/activate"))
            .key(KEY)
            .send()
    };
    let first = activate().await;
    first.rejected(409);
    caller
        .patch(&format!("/cards/{card}/deactivate"))
        .await
        .expect(200);
    assert_eq!(activate().await, first);
    assert_eq!(caller.status(&format!("/cards/{card}")).await, "inactive");
    stage.stop().await;
}

#[tokio::test]
async fn another_call_under_the_same_key_is_rejected() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let call = |external_id| {
        caller
            .call("POST", "/customers")
            .body(body(external_id))
            .key(KEY)
    };
    let made = call("customer-1").send().await.expect(201);
    call("customer-2").send().await.rejected(422);
    let path = format!("/simulator/customers/{}/verify", text(&made, "id"));
    caller
        .call("PATCH", &path)
        .key(KEY)
        .send()
        .await
        .rejected(422);
    stage.stop().await;
}

#[tokio::test]
async fn a_key_is_required_where_the_contract_says_so() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let call = || caller.call("POST", "/customers").body(body("customer-1"));
    let detail = call().keyless().send().await.rejected(400);
    assert!(
        detail.to_lowercase().contains("idempotency-key"),
        "{detail}"
    );
    call().key("not-a-uuid").send().await.rejected(400);
    stage.stop().await;
}

#[tokio::test]
async fn a_key_lives_for_an_hour() {
    let mut stage = Stage::new().await;
    let call = async |stage: &Stage| {
        stage
            .caller
            .call("POST", "/customers")
            .body(body("customer-1"))
            .key(KEY)
            .send()
            .await
    };
    call(&stage).await.expect(201);
    stage.clock.advance(Duration::from_secs(3599));
    call(&stage).await.expect(201);
    stage.clock.advance(Duration::from_secs(1));
    stage.caller.log_in().await;
    call(&stage).await.rejected(409);
    stage.stop().await;
}

#[tokio::test]
async fn a_call_that_still_runs_is_a_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let stage = Stage::on_file(&file).await;
    // Somebody else writes, so the call that comes first waits for its transaction.
    let mut somebody = Direct::to(&chosen(Database::File(file))).await;
    somebody.block_writers().await;
    let call = || {
        let call = stage
            .caller
            .call("POST", "/customers")
            .body(body("customer-1"));
        Box::pin(call.key(KEY).send())
    };
    let (early, late) = select(call(), call()).await.factor_first();
    let detail = early.rejected(409);
    assert!(detail.contains("still running"), "{detail}");
    somebody.unblock().await;
    let late = late.await;
    late.expect(201);
    assert_eq!(call().await, late);
    stage.stop().await;
}

#[tokio::test]
async fn of_many_equal_calls_at_once_one_is_carried_out() {
    let stage = Stage::new().await;
    let call = || {
        stage
            .caller
            .call("POST", "/customers")
            .body(body("customer-1"))
            .key(KEY)
            .send()
    };
    let responses = futures_util::future::join_all((0..12).map(|_| call())).await;
    let made: Vec<_> = responses
        .iter()
        .filter(|response| response.status == 201)
        .collect();
    assert!(!made.is_empty());
    assert!(
        made.iter().all(|response| *response == made[0]),
        "replays are identical"
    );
    for response in responses.iter().filter(|response| response.status != 201) {
        assert_eq!(
            response.status, 409,
            "the others still ran: {}",
            response.text
        );
    }
    let listed = stage.caller.get("/customers").await.expect(200);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    stage.stop().await;
}
