//! The example, run.

use std::path::Path;

#[path = "../examples/raw_progenitor.rs"]
#[expect(dead_code, reason = "the test calls `client`, and `main` is for cargo")]
mod raw_progenitor;

#[test]
fn raw_progenitor_runs() {
    let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/offblocks.yaml");
    let client = raw_progenitor::client(&contract);
    let client = client.unwrap_or_else(|error| panic!("fix examples/raw_progenitor.rs: {error}"));
    for part in ["pub mod builder", "pub fn create_account_card"] {
        assert!(client.contains(part), "{part} is not in the client");
    }
}
