//! The examples, run.

#[path = "../examples/implement_a_trait.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod implement_a_trait;

#[tokio::test]
async fn implement_a_trait_runs() {
    if let Err(error) = implement_a_trait::run().await {
        panic!("fix examples/implement_a_trait.rs: {error}");
    }
}
