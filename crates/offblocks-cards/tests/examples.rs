//! The examples, run.

#![cfg(feature = "client")]

#[path = "../examples/issue_and_wait.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod issue_and_wait;

#[tokio::test]
async fn issue_and_wait_runs() {
    if let Err(error) = issue_and_wait::run().await {
        panic!("fix examples/issue_and_wait.rs: {error}");
    }
}
