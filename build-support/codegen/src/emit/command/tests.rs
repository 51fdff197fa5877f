//! What is emitted for the small contracts that several crates test with.

use std::path::Path;

use super::emit;
use crate::emit::printed;
use crate::lower::lower;
use crate::model::build;
use crate::policy::Policy;
use files::FileSet;

fn tables(name: &str) -> FileSet {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../contract/tests/contracts")
        .join(name);
    let mut document = contract::read_file(&path).expect("the contract reads");
    name.clone_into(&mut document.path);
    let policy = Policy::default();
    let lowered = lower(&document, &policy).expect("the contract lowers");
    let api = build(&document, &lowered, &policy).expect("the contract has a model");
    printed(&api.source, |sink| emit(&api, &policy, sink)).expect("the contract is emitted")
}

#[test]
fn tables_say_names_arguments_and_columns() {
    let files = tables("workshop.yaml");
    let (path, text) = files
        .iter()
        .find(|(path, _)| *path != "mod.rs")
        .expect("a tag has a file");
    insta::assert_snapshot!(format!("workshop__{path}"), text);
}

#[test]
fn every_contract_gives_names_that_differ() {
    for name in [
        "archive.yaml",
        "parking.yaml",
        "names.json",
        "shop/openapi.yaml",
    ] {
        let files = tables(name);
        let mut seen = std::collections::BTreeSet::new();
        for (path, text) in files.iter() {
            let mut noun = "";
            for line in text.lines().map(str::trim) {
                if let Some(rest) = line.strip_prefix("noun: ") {
                    noun = rest;
                }
                if let Some(verb) = line.strip_prefix("verb: \"") {
                    assert!(seen.insert((noun, verb)), "{name} {path}: {noun} {verb}");
                }
            }
        }
    }
}
