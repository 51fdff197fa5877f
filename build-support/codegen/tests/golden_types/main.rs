//! A small contract that has one of everything, and the types made from it: kept as files for a
//! person to read, compiled as a part of this test, and put to use here.

#[expect(dead_code, unused_imports, reason = "a crate of types offers more than its tests use")]
#[rustfmt::skip]
mod generated;

mod harness;
mod objects;
mod unions;

use harness::{Golden, rejection, survives};

const GOLDEN: Golden = Golden {
    folder: "golden_types",
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
