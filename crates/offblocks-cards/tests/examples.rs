//! The examples, run.

#![cfg(feature = "wallet")]

#[path = "../examples/issue_and_wait.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod issue_and_wait;

#[tokio::test]
async fn issue_and_wait_runs() {
    if let Err(error) = issue_and_wait::run().await {
        panic!("fix examples/issue_and_wait.rs: {error}");
    }
}

#[path = "../examples/first_payment.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod first_payment;

#[tokio::test]
async fn first_payment_runs() {
    if let Err(error) = first_payment::run().await {
        panic!("fix examples/first_payment.rs: {error}");
    }
}

#[path = "../examples/tracker_behind_webhooks.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod tracker_behind_webhooks;

#[tokio::test]
async fn tracker_behind_webhooks_runs() {
    if let Err(error) = tracker_behind_webhooks::run().await {
        panic!("fix examples/tracker_behind_webhooks.rs: {error}");
    }
}
