//! The examples, run.

#[path = "../examples/watch_for_drift.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod watch_for_drift;

#[tokio::test]
async fn watch_for_drift_runs() {
    if let Err(error) = watch_for_drift::run().await {
        panic!("fix examples/watch_for_drift.rs: {error}");
    }
}
