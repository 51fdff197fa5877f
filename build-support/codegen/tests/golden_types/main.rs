//! A small contract that has one of everything, and the types made from it: kept as files for a
//! person to read, compiled as a part of this test, and put to use here.

#[expect(dead_code, unused_imports, reason = "a crate of types offers more than its tests use")]
#[rustfmt::skip]
mod generated;

mod objects;
mod unions;

use codegen::emit::types;
use codegen::policy::Policy;
use codegen::{lower, model};
use files::{FileSet, Mode, apply};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Debug;
use std::path::Path;

const UPDATE: &str = "cargo test -p codegen --test golden_types -- --ignored rewrite";

#[test]
fn the_golden_files_are_fresh() {
    let outcome = apply(&folder(), &["generated"], &emitted(), Mode::Check).unwrap();
    let stale: Vec<_> = outcome
        .changes
        .iter()
        .map(|change| change.diff.as_str())
        .collect();
    assert!(
        stale.is_empty(),
        "{}\nif that is meant, run `{UPDATE}`",
        stale.join("\n")
    );
}

#[test]
#[ignore = "rewrites the golden files"]
fn rewrite() {
    apply(&folder(), &["generated"], &emitted(), Mode::Write).unwrap();
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden_types")
}

fn emitted() -> FileSet {
    let contract = include_str!("contract.yaml");
    let policy = Policy::parse("codegen.toml", include_str!("codegen.toml")).expect("the policy");
    let document = contract::read_str("contract.yaml", contract).expect("the contract");
    let lowered = lower::lower(&document, &policy).expect("the lowered contract");
    let api = model::build(&document, &lowered, &policy).expect("the model");
    let files = types::emit(&api, &policy).expect("the types");
    files.prefixed("generated").expect("a folder of its own")
}

/// Reads the JSON, and demands that what is written is the same JSON.
fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(json: &Value) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap_or_else(|e| panic!("{e}: {json}"));
    assert_eq!(
        serde_json::to_value(&value).expect("a value can be written"),
        *json
    );
    value
}

/// What reading says of JSON that must be rejected.
fn rejection<T: DeserializeOwned + Debug>(json: &Value) -> String {
    match serde_json::from_value::<T>(json.clone()) {
        Ok(value) => panic!("{json} was read as {value:?}"),
        Err(error) => error.to_string(),
    }
}
