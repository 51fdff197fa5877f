//! Each fault of the sandbox, met by the order of a card: one card, whatever happens.

use offblocks_client::{ErrorKind, RetryPolicy};
use serde_json::{Value, json};

use crate::stage::{ATTEMPT, Stage, order};

/// What the first attempt of an order meets, and how many attempts the order then has.
fn faults() -> Vec<(Value, u32)> {
    let silence = 3 * u64::try_from(ATTEMPT.as_millis()).unwrap();
    vec![
        (json!({"kind": "status", "status": 500}), 2),
        (json!({"kind": "status", "status": 502}), 2),
        (json!({"kind": "status", "status": 503}), 2),
        (json!({"kind": "status", "status": 504}), 2),
        (json!({"kind": "status", "status": 408}), 2),
        (
            json!({"kind": "status", "status": 500, "afterCommit": true}),
            2,
        ),
        (
            json!({"kind": "status", "status": 504, "afterCommit": true}),
            2,
        ),
        (json!({"kind": "latency", "milliseconds": 10}), 1),
        (json!({"kind": "too_many_requests", "retryAfter": 1}), 2),
        (json!({"kind": "expired_token"}), 2),
        (json!({"kind": "reset_before"}), 2),
        (json!({"kind": "reset_inside"}), 2),
        (json!({"kind": "timeout", "milliseconds": silence}), 2),
        (json!({"kind": "truncated_body"}), 2),
        (json!({"kind": "unknown_value"}), 1),
        (json!({"kind": "extra_field"}), 1),
    ]
}

#[tokio::test]
async fn an_order_that_meets_a_fault_makes_one_card() {
    let stage = Stage::new().await;
    let accounts = stage.accounts(faults().len()).await;
    let client = stage.builder().build().unwrap();
    // The token is kept, so that a call alone meets the fault.
    client.get_chains().await.unwrap();
    for ((mut fault, attempts), account) in faults().into_iter().zip(accounts) {
        fault["operation"] = json!("createAccountCard");
        fault["nth"] = json!(1);
        stage.fail(&fault).await;
        let ordered = client.create_account_card(account, order()).await;
        let applied = stage.stop_failing().await;
        assert_eq!(applied[0].1, 1, "{fault} is met once");
        let ordered = ordered.unwrap_or_else(|error| panic!("{fault}: {error}"));
        assert_eq!(ordered.attempts(), attempts, "{fault}");
        let cards = client.get_account_cards(account).await.unwrap();
        let cards: Vec<_> = cards.iter().map(|card| card.id).collect();
        assert_eq!(cards, [ordered.id], "{fault}");
    }
}

#[tokio::test]
async fn without_retries_each_fault_has_its_error_and_the_key_repeats_the_order() {
    let stage = Stage::new().await;
    let cases = [
        (
            json!({"kind": "status", "status": 503}),
            ErrorKind::Server,
            true,
        ),
        (
            json!({"kind": "status", "status": 503, "afterCommit": true}),
            ErrorKind::Server,
            true,
        ),
        (
            json!({"kind": "too_many_requests", "retryAfter": 9}),
            ErrorKind::RateLimited,
            false,
        ),
        (
            json!({"kind": "reset_before"}),
            ErrorKind::Interrupted,
            true,
        ),
        (
            json!({"kind": "reset_inside"}),
            ErrorKind::Interrupted,
            true,
        ),
        (
            json!({"kind": "truncated_body"}),
            ErrorKind::Interrupted,
            true,
        ),
        (
            json!({"kind": "timeout", "milliseconds": 6000}),
            ErrorKind::Timeout,
            true,
        ),
    ];
    let accounts = stage.accounts(cases.len()).await;
    let client = stage.builder().build().unwrap();
    for ((mut fault, kind, unknown), account) in cases.into_iter().zip(accounts) {
        fault["operation"] = json!("createAccountCard");
        fault["nth"] = json!(1);
        stage.fail(&fault).await;
        let call = client.create_account_card(account, order());
        let error = call.retry(RetryPolicy::none()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault}: {error}");
        assert_eq!(error.is_outcome_unknown(), unknown, "{fault}: {error}");
        let key = error.idempotency_key().unwrap();
        let again = client
            .create_account_card(account, order())
            .idempotency_key(key);
        let card = again
            .await
            .unwrap_or_else(|error| panic!("{fault}: {error}"))
            .id;
        stage.stop_failing().await;
        let cards = client.get_account_cards(account).await.unwrap();
        let cards: Vec<_> = cards.iter().map(|card| card.id).collect();
        assert_eq!(cards, [card], "{fault}");
    }
}
