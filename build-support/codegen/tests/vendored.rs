//! The vendored contract: whole, true to the publication it follows, and in its own words.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

use contract::Node;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Keys that hold words for people; everything else is the contract.
const PROSE: [&str; 4] = ["summary", "description", "example", "examples"];

#[test]
fn holds_the_whole_contract() {
    let contract = vendored();
    let paths = contract["paths"].as_object().unwrap();
    let methods = [
        "get", "put", "post", "delete", "patch", "options", "head", "trace",
    ];
    let operations = paths
        .values()
        .flat_map(|item| item.as_object().unwrap().keys())
        .filter(|key| methods.contains(&key.as_str()));
    let schemas = contract["components"]["schemas"].as_object().unwrap();
    assert_eq!(
        (paths.len(), operations.count(), schemas.len()),
        (37, 46, 51)
    );
}

#[test]
#[ignore = "needs the published contract"]
fn differs_from_the_publication_in_prose_alone() {
    let published = published();
    let mut differences = Vec::new();
    let ours = without_prose(&tree(&root().join("openapi/offblocks.yaml")), false);
    compare(
        "",
        &without_prose(&tree(&published), false),
        &ours,
        &mut differences,
    );
    assert!(
        differences.is_empty(),
        "openapi/offblocks.yaml does not state the published contract; fix these places or vendor \
         the new publication (`cargo xtask vendor SOURCE`):\n{}",
        differences.join("\n")
    );
}

#[test]
fn a_difference_is_named_by_its_pointer() {
    let tree = |text: &str| without_prose(&parse(text), false);
    let theirs =
        "{summary: a, get: {a: 1, 'x/y': [1, 2], c: true, x-go-type: T}, properties: {summary: 1}}";
    let ours = "{summary: b, get: {'x/y': [1], a: 2, d: {}}, properties: {summary: 2}}";
    let mut differences = Vec::new();
    compare("", &tree(theirs), &tree(ours), &mut differences);
    assert_eq!(
        differences,
        [
            "/get/d: not published",
            "/get/a: 1 published, 2 vendored",
            "/get/x~1y: 2 entries published, 1 vendored",
            "/get/c: not vendored",
            "/properties/summary: 1 published, 2 vendored",
        ]
    );
    differences.clear();
    compare(
        "",
        &tree("{a: 1, b: 2}"),
        &tree("{b: 2, a: 1}"),
        &mut differences,
    );
    assert_eq!(differences, [": the same keys in another order"]);
}

#[test]
#[ignore = "needs the published contract"]
fn follows_the_publication_that_upstream_toml_names() {
    let published = published();
    let upstream = std::fs::read_to_string(root().join("openapi/upstream.toml")).unwrap();
    let upstream: toml::Table = upstream.parse().unwrap();
    let read = contract::read_file(&published).unwrap();
    assert_eq!(upstream["sha256"].as_str(), Some(read.sha256.as_str()));
}

#[test]
#[ignore = "needs the published contract"]
fn says_it_in_its_own_words() {
    let published = published();
    let theirs = sentences(&tree(&published).to_json());
    let ours = sentences(&vendored());
    let copied: Vec<_> = ours.intersection(&theirs).collect();
    assert!(copied.is_empty(), "say these in other words: {copied:#?}");
}

#[test]
fn every_example_is_a_value_of_its_schema() {
    let contract = vendored();
    let mut faults = Vec::new();
    let mut seen = 0;
    walk(&contract, &mut String::new(), &mut |pointer, node| {
        for example in node
            .get("examples")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            seen += 1;
            faults.extend(
                rejections(&contract, node, example).map(|why| format!("{pointer}: {why}")),
            );
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(seen > 100, "only {seen} examples were looked at");
}

#[test]
fn the_examples_belong_together() {
    let contract = vendored();
    let schemas = &contract["components"]["schemas"];
    let example = |name: &str| &schemas[name]["examples"][0];
    let (customer, account, card) = (example("Customer"), example("Account"), example("Card"));
    let (authorisation, transaction) = (example("Authorisation"), example("Transaction"));
    assert_eq!(account["customerId"], customer["id"]);
    assert_eq!(card["accountId"], account["id"]);
    assert_eq!(authorisation["cardId"], card["id"]);
    assert_eq!(transaction["authorisationId"], authorisation["id"]);
    assert_eq!(example("OwnerSignature")["ownerId"], customer["chainId"]);
    assert_eq!(
        example("OwnerSignature")["challenge"],
        example("OwnerChallenge")["challenge"]
    );
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn vendored() -> Value {
    tree(&root().join("openapi/offblocks.yaml")).to_json()
}

fn tree(path: &Path) -> Node {
    match contract::read_file(path) {
        Ok(document) => document.root,
        Err(diagnostics) => panic!("{diagnostics}"),
    }
}

fn parse(text: &str) -> Node {
    let contract =
        format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{}}\nx-it: {text}\n");
    contract::read_str("it.yaml", &contract)
        .unwrap()
        .root
        .get("x-it")
        .unwrap()
        .clone()
}

/// The published contract, a copy of which lies beside the workspace.
fn published() -> PathBuf {
    root().join("../shared/offblocks/upstream/api.yaml")
}

/// The node as an ordered list of what is not prose. In a map of names (properties, schemas) a key
/// such as `description` is a name.
fn without_prose(node: &Node, names: bool) -> Tree {
    if let Some(members) = node.as_object() {
        let kept = members.iter().filter(|member| {
            names || !(PROSE.contains(&member.key.as_str()) || member.key.starts_with("x-go"))
        });
        return Tree::Object(
            kept.map(|member| {
                let names = !names && matches!(member.key.as_str(), "properties" | "schemas");
                (member.key.clone(), without_prose(&member.value, names))
            })
            .collect(),
        );
    }
    match node.as_array() {
        Some(items) => Tree::Array(
            items
                .iter()
                .map(|item| without_prose(item, false))
                .collect(),
        ),
        None => Tree::Leaf(node.to_json()),
    }
}

/// A document in which the order of keys counts.
enum Tree {
    Object(Vec<(String, Tree)>),
    Array(Vec<Tree>),
    Leaf(Value),
}

fn compare(pointer: &str, theirs: &Tree, ours: &Tree, differences: &mut Vec<String>) {
    match (theirs, ours) {
        (Tree::Object(theirs), Tree::Object(ours)) => {
            members(pointer, theirs, ours, differences);
        }
        (Tree::Array(theirs), Tree::Array(ours)) if theirs.len() == ours.len() => {
            for (index, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
                compare(&format!("{pointer}/{index}"), theirs, ours, differences);
            }
        }
        (Tree::Array(theirs), Tree::Array(ours)) => differences.push(format!(
            "{pointer}: {} entries published, {} vendored",
            theirs.len(),
            ours.len()
        )),
        (Tree::Leaf(theirs), Tree::Leaf(ours)) if theirs == ours => {}
        (Tree::Leaf(theirs), Tree::Leaf(ours)) => {
            differences.push(format!("{pointer}: {theirs} published, {ours} vendored"));
        }
        _ => differences.push(format!("{pointer}: of another kind")),
    }
}

fn members(
    pointer: &str,
    theirs: &[(String, Tree)],
    ours: &[(String, Tree)],
    differences: &mut Vec<String>,
) {
    let names = |members: &[(String, Tree)]| -> Vec<String> {
        members.iter().map(|(key, _)| key.clone()).collect()
    };
    let (their_names, our_names) = (names(theirs), names(ours));
    let below = |key: &str| format!("{pointer}/{}", contract::pointer::escape(key));
    for key in our_names.iter().filter(|key| !their_names.contains(key)) {
        differences.push(format!("{}: not published", below(key)));
    }
    for (key, value) in theirs {
        match ours.iter().find(|(name, _)| name == key) {
            Some((_, ours)) => compare(&below(key), value, ours, differences),
            None => differences.push(format!("{}: not vendored", below(key))),
        }
    }
    let mut sorted = (their_names.clone(), our_names.clone());
    sorted.0.sort();
    sorted.1.sort();
    if sorted.0 == sorted.1 && their_names != our_names {
        differences.push(format!("{pointer}: the same keys in another order"));
    }
}

/// Every sentence of six words and more in summaries and descriptions, spelt alike.
fn sentences(contract: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(contract, &mut String::new(), &mut |_, node| {
        for key in ["summary", "description"] {
            let text = node.get(key).and_then(Value::as_str).unwrap_or_default();
            for sentence in text.split(['.', ';', ':', '!', '?']) {
                let words: Vec<_> = sentence.split_whitespace().map(str::to_lowercase).collect();
                if words.len() >= 6 {
                    found.insert(words.join(" "));
                }
            }
        }
    });
    found
}

/// Shows every object of a document, except inside examples.
fn walk(value: &Value, pointer: &mut String, visit: &mut impl FnMut(&str, &Map<String, Value>)) {
    let length = pointer.len();
    let mut below = |key: &str, value: &Value| {
        pointer.push('/');
        pointer.push_str(&contract::pointer::escape(key));
        walk(value, pointer, visit);
        pointer.truncate(length);
    };
    match value {
        Value::Object(members) => {
            for (key, value) in members.iter().filter(|(key, _)| *key != "examples") {
                below(key, value);
            }
            visit(pointer, members);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(&index.to_string(), item);
            }
        }
        _ => {}
    }
}

/// Why a schema of the contract rejects a value, formats included.
fn rejections(
    contract: &Value,
    schema: &Map<String, Value>,
    value: &Value,
) -> impl Iterator<Item = String> + use<> {
    let mut schema = schema.clone();
    schema.insert("components".to_owned(), contract["components"].clone());
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("byte", |text: &str| {
            text.len().is_multiple_of(4) && !text.is_empty()
        })
        .with_format("decimal", |text: &str| {
            text.parse::<f64>().is_ok_and(f64::is_finite)
        })
        .build(&Value::Object(schema))
        .unwrap();
    let why: Vec<_> = validator
        .iter_errors(value)
        .map(|error| {
            format!(
                "{error} (at {:?} of the example)",
                error.instance_path().to_string()
            )
        })
        .collect();
    why.into_iter()
}
