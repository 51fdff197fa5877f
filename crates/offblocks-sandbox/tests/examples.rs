//! The examples, run.

#[path = "../examples/in_a_test.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod in_a_test;

#[tokio::test]
async fn in_a_test_runs() {
    if let Err(error) = in_a_test::run().await {
        panic!("fix examples/in_a_test.rs: {error}");
    }
}
