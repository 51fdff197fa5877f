//! The examples, run.

#[path = "../examples/receiver.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod receiver;

#[tokio::test]
async fn receiver_runs() {
    if let Err(error) = receiver::run().await {
        panic!("fix examples/receiver.rs: {error}");
    }
}
