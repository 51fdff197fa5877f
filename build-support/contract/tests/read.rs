//! Reading the real contract, in every version that was published.

use contract::diagnostics::Severity;
use contract::{Document, SpecVersion, pointer, read_file, read_str};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of published contracts; it is not part of the project.
fn upstream() -> PathBuf {
    root().join("../shared/offblocks/upstream")
}

fn read_clean(path: &Path) -> Document {
    let document = read_file(path).unwrap_or_else(|errors| panic!("{errors}"));
    let warnings = &document.warnings;
    assert!(warnings.is_empty(), "{}: {warnings}", path.display());
    document
}

#[test]
fn the_vendored_contract_is_sound() {
    let document = read_clean(&root().join("openapi/offblocks.yaml"));
    assert_eq!(document.version, SpecVersion::V3_1);
    let paths = document.root.get("paths").expect("the contract has paths");
    assert_eq!(paths.members().len(), 37);
}

#[test]
#[ignore = "needs the published contract"]
fn published_contracts_are_sound_but_for_one() {
    let folder = upstream();
    read_clean(&folder.join("api.yaml"));
    let entries = folder
        .join("history")
        .read_dir()
        .expect("the folder can be listed");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().expect("it is a file").to_string_lossy();
        let read = read_file(&file);
        if !name.starts_with("27-") {
            read.unwrap_or_else(|errors| panic!("{errors}"));
            continue;
        }
        let errors = read.expect_err("references of it lead nowhere").items;
        let errors = errors
            .iter()
            .filter(|item| item.severity == Severity::Error);
        let dangling: BTreeSet<&str> = errors
            .inspect(|item| assert_eq!(item.code, "read::dangling-ref"))
            .filter_map(|item| item.message.split('`').nth(1)?.rsplit('/').next())
            .collect();
        let expected = ["BlockchainAssetId", "EthereumAddress", "EthereumHash"];
        assert_eq!(dangling, BTreeSet::from(expected));
    }
}

const VENDORED: &str = include_str!("../../../openapi/offblocks.yaml");

/// A line of the contract is lost, doubled, moved, cut, or taken from elsewhere.
#[derive(Debug, Clone)]
enum Mutation {
    Delete(Index),
    Double(Index),
    Swap(Index, Index),
    Replace(Index, Index),
    Indent(Index, usize),
    Cut(Index, Index),
    Text(Index, String),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let line = any::<Index>;
    prop_oneof![
        line().prop_map(Mutation::Delete),
        line().prop_map(Mutation::Double),
        (line(), line()).prop_map(|(a, b)| Mutation::Swap(a, b)),
        (line(), line()).prop_map(|(a, b)| Mutation::Replace(a, b)),
        (line(), 0..12_usize).prop_map(|(a, depth)| Mutation::Indent(a, depth)),
        (line(), line()).prop_map(|(a, b)| Mutation::Cut(a, b)),
        (
            line(),
            "[ ]{0,10}([$a-z]{1,9}: ?)?[-#'\"{}\\[\\]a-z0-9/.é]{0,9}"
        )
            .prop_map(|(a, text)| Mutation::Text(a, text)),
    ]
}

fn mutate(lines: &mut Vec<String>, mutation: &Mutation) {
    if lines.is_empty() {
        return;
    }
    let at = |index: &Index| index.index(lines.len());
    match mutation {
        Mutation::Delete(a) => drop(lines.remove(at(a))),
        Mutation::Double(a) => lines.insert(at(a), lines[at(a)].clone()),
        Mutation::Swap(a, b) => {
            let (a, b) = (at(a), at(b));
            lines.swap(a, b);
        }
        Mutation::Replace(a, b) => {
            let (a, b) = (at(a), at(b));
            lines[a] = lines[b].clone();
        }
        Mutation::Indent(a, depth) => {
            let a = at(a);
            lines[a] = format!("{}{}", " ".repeat(*depth), lines[a].trim_start());
        }
        Mutation::Cut(a, b) => {
            let a = at(a);
            let ends: Vec<usize> = lines[a].char_indices().map(|(end, _)| end).collect();
            if !ends.is_empty() {
                let end = ends[b.index(ends.len())];
                lines[a].truncate(end);
            }
        }
        Mutation::Text(a, text) => {
            let a = at(a);
            lines[a] = text.clone();
        }
    }
}

/// Reads a text, and shows what is wrong with it in full.
fn read_and_explain(name: &str, text: &str) {
    match read_str(name, text) {
        Ok(document) => drop(document.warnings.render(false)),
        Err(errors) => assert!(errors.has_errors() && !errors.render(true).is_empty()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_mutated_contract_is_read_or_explained(
        mutations in prop::collection::vec(mutation(), 1..5)
    ) {
        let mut lines: Vec<String> = VENDORED.lines().map(str::to_owned).collect();
        for mutation in &mutations {
            mutate(&mut lines, mutation);
        }
        read_and_explain("mutated.yaml", &lines.join("\n"));
    }

    #[test]
    fn a_contract_with_foreign_values_is_read_or_explained(
        changes in prop::collection::vec((any::<Index>(), foreign()), 1..6)
    ) {
        let mut value = read_str("t.yaml", VENDORED).unwrap().root.to_json();
        for (index, foreign) in changes {
            let pointers = pointers(&value);
            let pointer = &pointers[index.index(pointers.len())];
            *value.pointer_mut(pointer).expect("it was just listed") = foreign;
        }
        read_and_explain("mutated.json", &value.to_string());
    }

    #[test]
    fn any_text_is_read_or_explained(text in "(openapi: 3.1.0\n)?\\PC{0,80}(\n\\PC{0,80}){0,4}") {
        read_and_explain("any.yaml", &text);
        read_and_explain("any.json", &text);
    }
}

/// Values that stand nowhere in a contract, and some that do.
fn foreign() -> impl Strategy<Value = serde_json::Value> {
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("#/components/schemas/Card"),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"$ref": "#/components/schemas/Card"}),
        json!({"$ref": "#/components/parameters/CardId"}),
        json!({"$ref": "#"}),
        json!({"$ref": "#/paths"}),
        json!({"allOf": [{"$ref": "#/components/schemas/Card"}], "oneOf": [true]}),
        json!({"type": "object", "properties": {"": {"type": ["null"]}}, "required": [""]}),
        json!({"name": "x", "in": "path"}),
    ])
}

fn pointers(value: &serde_json::Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut at = 0;
    while at < all.len() {
        let pointer = all[at].clone();
        let inner: Vec<String> = match value.pointer(&pointer).expect("it was listed") {
            serde_json::Value::Object(members) => {
                members.keys().map(|key| pointer::escape(key)).collect()
            }
            serde_json::Value::Array(items) => (0..items.len()).map(|at| at.to_string()).collect(),
            _ => Vec::new(),
        };
        all.extend(inner.iter().map(|step| format!("{pointer}/{step}")));
        at += 1;
    }
    all.split_off(1)
}
