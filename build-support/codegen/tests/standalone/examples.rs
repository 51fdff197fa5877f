//! The examples of contracts, as far as they are valid, are read and written back the same by the types
//! of their schemas.

use crate::random::Driver;
use crate::workspace::{dependencies, emit_document};
use crate::{entries, stem};
use codegen::generate::read_foreign;
use codegen::policy::Policy;
use codegen::{lower, model};
use contract::Document;
use contract::schema::{Options, document, validator};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Contracts of this project's own making, or those of another folder.
#[test]
#[ignore = "compiles thirty crates; run it after changes to lowering, the model or the types"]
fn every_example_survives() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invented");
    let folder = std::env::var_os("OFFBLOCKS_TEST_CONTRACTS").map_or(own, PathBuf::from);
    let (mut lines, mut counted) = (String::new(), 0);
    let mut driver = Driver::new("examples");
    for path in entries(&folder) {
        let name = format!(
            "example-{}",
            stem(&path).to_ascii_lowercase().replace('_', "-")
        );
        let document = read_foreign(&path, &Policy::default())
            .unwrap_or_else(|found| panic!("{name}: {found}"));
        driver.add_types(&name, &emit_document(&name, &document, &dependencies()));
        let types = types_of(&document);
        for (schema, example) in valid_examples(&document) {
            if let Some(rust) = types.get(&schema) {
                let ty = format!("{}_types::{rust}", name.replace('-', "_"));
                writeln!(lines, "{}", json!([ty, true, example])).unwrap();
                driver.add_arm(&ty);
                counted += 1;
            }
        }
    }
    let failures = driver.run(&lines);
    println!("{counted} examples");
    assert!(counted > 0, "no example in {}", folder.display());
    assert!(failures.is_empty(), "{failures}");
}

/// The Rust types of components, by the names of these.
fn types_of(document: &Document) -> BTreeMap<String, String> {
    let policy = Policy::default();
    let lowered = lower::lower(document, &policy).unwrap();
    let api = model::build(document, &lowered, &policy).unwrap();
    let types = api.types.into_iter();
    types.map(|def| (def.schema_name, def.rust_name)).collect()
}

/// Examples that stand in components and beside references to them, with the names of these.
fn valid_examples(contract: &Document) -> Vec<(String, Value)> {
    let whole = document(&contract.root, Options::new(contract.version));
    let root = contract.root.to_json();
    let mut found = Vec::new();
    let components = root
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    for (name, schema) in components.into_iter().flatten() {
        found.extend(examples(&root, schema.as_object()).map(|example| (name.clone(), example)));
    }
    beside_references(&root, &root, &mut found);
    let mut judges = BTreeMap::new();
    found.retain(|(name, example)| {
        let judge = judges.entry(name.clone()).or_insert_with(|| {
            let mut schema = whole.clone();
            schema["$ref"] = format!("#/components/schemas/{name}").into();
            validator(&schema).ok()
        });
        judge.as_ref().is_some_and(|judge| judge.is_valid(example))
    });
    found
}

fn beside_references(root: &Value, node: &Value, found: &mut Vec<(String, Value)>) {
    let target = node.pointer("/schema/$ref").and_then(Value::as_str);
    if let Some(name) = target.and_then(|target| target.strip_prefix("#/components/schemas/")) {
        found.extend(examples(root, node.as_object()).map(|example| (name.to_owned(), example)));
    }
    match node {
        Value::Array(items) => items
            .iter()
            .for_each(|item| beside_references(root, item, found)),
        Value::Object(members) => members
            .values()
            .for_each(|member| beside_references(root, member, found)),
        _ => {}
    }
}

/// `example` and `examples`, in either spelling.
fn examples(root: &Value, owner: Option<&Map<String, Value>>) -> impl Iterator<Item = Value> {
    let get = |key: &str| owner.and_then(|owner| owner.get(key)).cloned();
    let several = match get("examples") {
        Some(Value::Array(all)) => all,
        Some(Value::Object(all)) => all
            .values()
            .map(|one| referred(root, one))
            .filter_map(|one| one.get("value").cloned())
            .collect(),
        _ => Vec::new(),
    };
    get("example").into_iter().chain(several)
}

fn referred<'a>(root: &'a Value, one: &'a Value) -> &'a Value {
    let target = one.get("$ref").and_then(Value::as_str);
    let pointer = target.and_then(|target| target.strip_prefix('#'));
    pointer
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(one)
}
