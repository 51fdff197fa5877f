//! The examples of many cards, run.

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

#[cfg(feature = "bulk-postgres")]
#[path = "../examples/several_workers.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod several_workers;

/// It runs where `OFFBLOCKS_TEST_POSTGRES` names a server: `.ci/postgres run cargo test …`.
#[cfg(feature = "bulk-postgres")]
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test reads its environment")]
#[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
async fn several_workers_runs() {
    let Ok(url) = std::env::var("OFFBLOCKS_TEST_POSTGRES") else {
        println!("skipped: set OFFBLOCKS_TEST_POSTGRES to the URL of a PostgreSQL server");
        return;
    };
    if let Err(error) = several_workers::run(&url).await {
        panic!("fix examples/several_workers.rs: {error}");
    }
}
