//! The OffBlocks contract, many times in one document.

use drift::Contract;
use serde_json::{Map, Value, json};
use std::path::Path;

/// The contract of this repository.
pub fn vendored() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/offblocks.yaml");
    Contract::read_file(&path).unwrap().root().to_json()
}

/// The contract and a changed copy of it, each so many times in one document.
pub fn pair(size: usize) -> (Value, Value) {
    let base = vendored();
    let mut revision = base.clone();
    change(&mut revision, &mut 0);
    (repeated(&base, size), repeated(&revision, size))
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
pub fn repeated(contract: &Value, times: usize) -> Value {
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
