//! What a contract allows is read and written back the same, and what it forbids is rejected: the
//! types of a contract full of what is easily lost, without a policy.

#[expect(dead_code, unused_imports, reason = "a crate of types offers more than its tests use")]
#[rustfmt::skip]
mod generated;

mod composed;
#[path = "../golden_types/harness.rs"]
mod harness;
mod numbers;
mod presence;
mod texts;
mod unions;

use harness::{Golden, rejection, survives};

const GOLDEN: Golden = Golden {
    folder: "wire",
    contract: include_str!("contract.yaml"),
    policy: include_str!("codegen.toml"),
};

#[test]
fn the_golden_files_are_fresh() {
    GOLDEN.check();
}

#[test]
#[ignore = "rewrites the golden files"]
fn rewrite() {
    GOLDEN.rewrite();
}
