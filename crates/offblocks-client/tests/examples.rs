//! The examples, run.

#![expect(
    clippy::duplicate_mod,
    reason = "each example has the sandbox that it calls, as each is a program"
)]

#[path = "../examples/kms_signer.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod kms_signer;
#[path = "../examples/metrics.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod metrics;
#[path = "../examples/opentelemetry.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod opentelemetry;
#[path = "../examples/own_retry_policy.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod own_retry_policy;
#[path = "../examples/watch_for_drift.rs"]
#[expect(dead_code, reason = "the test calls `run`, and `main` is for cargo")]
mod watch_for_drift;

/// The result of an example, with the file to fix.
#[track_caller]
fn check(file: &str, ended: Result<(), Box<dyn std::error::Error>>) {
    if let Err(error) = ended {
        panic!("fix examples/{file}: {error}");
    }
}

#[tokio::test]
async fn kms_signer_runs() {
    check("kms_signer.rs", kms_signer::run().await);
}

#[tokio::test]
async fn metrics_runs() {
    check("metrics.rs", metrics::run().await);
}

#[tokio::test]
async fn opentelemetry_runs() {
    check("opentelemetry.rs", opentelemetry::run().await);
}

#[tokio::test]
async fn own_retry_policy_runs() {
    check("own_retry_policy.rs", own_retry_policy::run().await);
}

#[tokio::test]
async fn watch_for_drift_runs() {
    check("watch_for_drift.rs", watch_for_drift::run().await);
}
