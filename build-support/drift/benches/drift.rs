//! Comparing two contracts: the OffBlocks contract against a changed copy of it, and documents of
//! ten and a hundred times its size, for which the time should grow no faster than they do. Run
//! with `cargo bench -p drift --bench drift`; `cargo xtask bench drift` measures the whole
//! process.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on may stop")]

use divan::Bencher;
use drift::{Contract, Options, compare, witness};
use serde_json::{Map, Value, json};
use std::path::Path;

fn main() {
    divan::main();
}

/// How often the contract is repeated within one document.
const SIZES: [usize; 3] = [1, 10, 100];

#[divan::bench(args = SIZES, sample_count = 20)]
fn read(bencher: Bencher, size: usize) {
    let text = repeated(&vendored(), size).to_string();
    bencher.bench_local(|| Contract::read("base.json", &text).unwrap());
}

#[divan::bench(args = SIZES, sample_count = 20)]
fn same(bencher: Bencher, size: usize) {
    let text = repeated(&vendored(), size).to_string();
    let base = Contract::read("base.json", &text).unwrap();
    let revision = Contract::read("revision.json", &text).unwrap();
    bencher.bench_local(|| compare(&base, &revision, &Options::default()));
}

#[divan::bench(args = SIZES, sample_count = 20)]
fn changed(bencher: Bencher, size: usize) {
    let (base, revision) = pair(size);
    bencher.bench_local(|| compare(&base, &revision, &Options::default()));
}

#[divan::bench(sample_count = 20)]
fn read_yaml(bencher: Bencher) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/offblocks.yaml");
    bencher.bench_local(|| Contract::read_file(&path).unwrap());
}

#[divan::bench(sample_count = 20)]
fn witnesses(bencher: Bencher) {
    let (base, revision) = pair(1);
    let narrowed = |finder: &mut witness::Finder, name: &str| {
        let pointer = format!("/components/schemas/{name}");
        finder.search(
            &pointer,
            &pointer,
            witness::Direction::Response,
            witness::Sought::Widened,
        )
    };
    let names = schema_names();
    bencher.bench_local(|| {
        let mut finder = witness::Finder::new(&base, &revision);
        let found = names.iter().map(|name| narrowed(&mut finder, name));
        found.filter(Option::is_some).count()
    });
}

fn vendored() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/offblocks.yaml");
    Contract::read_file(&path).unwrap().root().to_json()
}

fn schema_names() -> Vec<String> {
    let contract = vendored();
    let schemas = contract.pointer("/components/schemas").unwrap();
    schemas.as_object().unwrap().keys().cloned().collect()
}

fn pair(size: usize) -> (Contract, Contract) {
    let base = vendored();
    let mut revision = base.clone();
    change(&mut revision, &mut 0);
    let read = |name, contract: &Value| {
        let text = repeated(contract, size).to_string();
        Contract::read(name, &text).unwrap()
    };
    (read("base.json", &base), read("revision.json", &revision))
}

/// Changes a fifth of all enums, required lists and formats.
fn change(value: &mut Value, met: &mut usize) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                *met += usize::from(matches!(key.as_str(), "enum" | "required" | "format"));
                match (key.as_str(), &mut *member) {
                    ("enum", Value::Array(values)) if met.is_multiple_of(5) => {
                        values.push(json!("added"));
                    }
                    ("required", Value::Array(names)) if met.is_multiple_of(5) => {
                        names.pop();
                    }
                    ("format", Value::String(format)) if met.is_multiple_of(5) => {
                        *format = "hostname".to_owned();
                    }
                    _ => {}
                }
                change(member, met);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| change(item, met)),
        _ => {}
    }
}

/// The contract several times in one document, under other paths and names.
fn repeated(contract: &Value, times: usize) -> Value {
    let mut whole = contract.clone();
    for copy in 1..times {
        let text = contract.to_string();
        let marked = sections(contract).into_iter().fold(text, |text, section| {
            let own = format!("\"#/components/{section}/");
            text.replace(&own, &format!("{own}C{copy}"))
        });
        let mut other: Value = serde_json::from_str(&marked).unwrap();
        let renamed = |members: &Map<String, Value>, mark: &str| -> Map<String, Value> {
            let renamed = members.clone().into_iter();
            renamed
                .map(|(key, value)| (format!("{mark}{key}"), value))
                .collect()
        };
        for (section, mark) in [
            ("paths", format!("/c{copy}")),
            ("webhooks", format!("c{copy}")),
        ] {
            let Some(members) = other.get_mut(section).and_then(Value::as_object_mut) else {
                continue;
            };
            let members = renamed(members, &mark);
            whole[section].as_object_mut().unwrap().extend(members);
        }
        for section in sections(contract) {
            if section == "securitySchemes" {
                continue;
            }
            let members = renamed(
                other["components"][&section].as_object().unwrap(),
                &format!("C{copy}"),
            );
            whole["components"][&section]
                .as_object_mut()
                .unwrap()
                .extend(members);
        }
    }
    whole
}

fn sections(contract: &Value) -> Vec<String> {
    let sections = contract["components"].as_object().unwrap();
    sections.keys().cloned().collect()
}
