//! The example of many cards, run.

#![cfg(feature = "bulk")]

#[path = "../examples/issue_many.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod issue_many;

#[tokio::test]
async fn issue_many_runs() {
    if let Err(error) = issue_many::run().await {
        panic!("fix examples/issue_many.rs: {error}");
    }
}
