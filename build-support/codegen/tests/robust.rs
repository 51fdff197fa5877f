//! Whatever a contract says, it becomes code or an explanation.

#[path = "robust/names.rs"]
mod names;

use codegen::generate::{GenerateError, generate};
use codegen::policy::Policy;
use contract::{pointer, read_str};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// Small contracts that together use nearly everything a contract can, and the real one.
const CONTRACTS: [&str; 9] = [
    include_str!("../../contract/tests/contracts/archive.yaml"),
    include_str!("../../contract/tests/contracts/atlas.yaml"),
    include_str!("../../contract/tests/contracts/family.yaml"),
    include_str!("../../contract/tests/contracts/museum.yaml"),
    include_str!("../../contract/tests/contracts/names.json"),
    include_str!("../../contract/tests/contracts/observatory.yaml"),
    include_str!("../../contract/tests/contracts/parking.yaml"),
    include_str!("../../contract/tests/contracts/workshop.yaml"),
    include_str!("../../../openapi/offblocks.yaml"),
];

fn contract(index: &Index) -> Value {
    let text = CONTRACTS[index.index(CONTRACTS.len())];
    let document = read_str("contract.yaml", text).unwrap_or_else(|errors| panic!("{errors}"));
    document.root.to_json()
}

/// Reads, lowers and prints; what goes wrong on the way is shown in full.
fn generate_or_explain(contract: &Value) -> Result<(), String> {
    let text = serde_json::to_string_pretty(contract).expect("every value can be written");
    let document = match read_str("mutated.json", &text) {
        Ok(document) => document,
        Err(errors) => {
            return if errors.has_errors() {
                Ok(())
            } else {
                Err(errors.to_string())
            };
        }
    };
    match generate(&document, &Policy::default()) {
        Ok(generated) => {
            let sets = [&generated.types, &generated.client, &generated.server];
            let files = sets.into_iter().flat_map(|set| set.iter());
            let code =
                files.filter(|(path, _)| path.ends_with(".rs") && !path.contains("support/"));
            let repeated: Vec<String> = code
                .flat_map(|(path, text)| names::repeated(path, text))
                .collect();
            if repeated.is_empty() {
                Ok(())
            } else {
                Err(format!("{}\n{text}", repeated.join("\n")))
            }
        }
        Err(GenerateError::Contract(errors)) if errors.has_errors() => {
            let placed = errors.items.iter().all(|item| item.span.is_some());
            if placed {
                Ok(())
            } else {
                Err(format!("no place: {errors}\n{text}"))
            }
        }
        Err(other) => Err(format!("not explained: {other}\n{text}")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn foreign_schemas(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), foreign_schema()), 1..4)
    ) {
        let mut contract = contract(&which);
        for (index, foreign) in changes {
            let places = pointers(&contract, &is_schema);
            let place = &places[index.index(places.len())];
            *contract.pointer_mut(place).expect("it was just listed") = foreign;
        }
        generate_or_explain(&contract).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn moved_parts(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), any::<Index>()), 1..4)
    ) {
        let mut contract = contract(&which);
        for (from, to) in changes {
            let places = pointers(&contract, &|_| true);
            let (from, to) = (&places[from.index(places.len())], &places[to.index(places.len())]);
            let part = contract.pointer(from).expect("it was just listed").clone();
            *contract.pointer_mut(to).expect("it was just listed") = part;
        }
        generate_or_explain(&contract).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn strange_names(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), name()), 1..6)
    ) {
        let mut contract = contract(&which);
        for (index, name) in changes {
            let mut places = pointers(&contract, &|value| value.is_object());
            places.retain(|place| MAPS.iter().any(|map| place.ends_with(map)));
            if places.is_empty() {
                continue;
            }
            rename(&mut contract, &places, &index, name);
        }
        generate_or_explain(&contract).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn strange_words(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), name()), 1..6)
    ) {
        let mut contract = contract(&which);
        for (index, name) in changes {
            let mut places = pointers(&contract, &Value::is_string);
            places.retain(|place| is_word(&contract, place));
            if let Some(place) = places.get(index.index(places.len().max(1))) {
                *contract.pointer_mut(place).expect("it was just listed") = name.into();
            }
        }
        generate_or_explain(&contract).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn lost_parts(
        which in any::<Index>(),
        losses in prop::collection::vec(any::<Index>(), 1..4)
    ) {
        let mut contract = contract(&which);
        for index in losses {
            let places = pointers(&contract, &|_| true);
            let place = &places[index.index(places.len())];
            let (parent, key) = place.rsplit_once('/').expect("it is not the root");
            let key = pointer::unescape(key);
            match contract.pointer_mut(parent) {
                Some(Value::Object(members)) => drop(members.remove(key.as_ref())),
                Some(Value::Array(items)) => drop(items.remove(key.parse().expect("it is an index"))),
                _ => {}
            }
        }
        generate_or_explain(&contract).map_err(TestCaseError::fail)?;
    }
}

/// Objects whose keys the author of a contract makes up.
const MAPS: [&str; 6] = [
    "/properties",
    "/schemas",
    "/responses",
    "/requestBodies",
    "/parameters",
    "/mapping",
];

/// Whether the string is one that becomes a name: of an operation, a parameter, a tag, a value.
fn is_word(contract: &Value, place: &str) -> bool {
    let mut steps = place.rsplit('/');
    let (last, before) = (steps.next().unwrap_or(""), steps.next().unwrap_or(""));
    let parent = place
        .rsplit_once('/')
        .and_then(|(parent, _)| contract.pointer(parent));
    let in_path = parent.is_some_and(|parent| parent.get("in") == Some(&json!("path")));
    match last {
        "operationId" | "title" | "description" | "format" | "propertyName" => true,
        "name" => !in_path,
        _ => matches!(before, "tags" | "enum" | "required" | "mapping"),
    }
}

/// Strings that are hard to make Rust names of, and some that are easy to confuse.
fn name() -> impl Strategy<Value = String> {
    let hard = [
        "",
        "type",
        "self",
        "Self",
        "crate",
        "super",
        "_",
        "__",
        "r#type",
        "1",
        "1st",
        "a-b",
        "a_b",
        "aB",
        "AB",
        "Ab",
        "+1",
        "-1",
        "ключ",
        "日本",
        "😀",
        "a b",
        "a/b",
        "a~b",
        "$ref",
        "x-a",
        "String",
        "Option",
        "Vec",
        "Result",
        "Box",
        "Error",
        "Client",
        "Ok",
        "Unknown",
        "new",
        "default",
        "serde_json",
        "std",
        "core",
        "body",
        "send",
        "dyn",
        "async",
        "a\"b",
        "a\\b",
        "a\nb",
        "*/",
        "{id}",
        "%",
        "\u{202e}x",
    ];
    prop_oneof![
        3 => prop::sample::select(hard.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}

fn rename(contract: &mut Value, places: &[String], index: &Index, name: String) {
    let place = &places[index.index(places.len())];
    let Some(Value::Object(members)) = contract.pointer_mut(place) else {
        return;
    };
    let Some(key) = members
        .keys()
        .nth(index.index(members.len().max(1)))
        .cloned()
    else {
        return;
    };
    let value = members.remove(&key).expect("the key was just listed");
    members.insert(name.clone(), value);
    let old = format!("#{place}/{}", pointer::escape(&key));
    let new = format!("#{place}/{}", pointer::escape(&name));
    relink(contract, &old, &new);
}

/// References follow a renamed part.
fn relink(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) if text == old => new.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| relink(item, old, new)),
        Value::Object(members) => members.values_mut().for_each(|item| relink(item, old, new)),
        _ => {}
    }
}

fn is_schema(value: &Value) -> bool {
    let words = [
        "type",
        "$ref",
        "allOf",
        "oneOf",
        "anyOf",
        "properties",
        "items",
    ];
    words.iter().any(|word| value.get(word).is_some())
}

fn foreign_schema() -> impl Strategy<Value = Value> {
    let leaf = prop::sample::select(vec![
        json!({}),
        json!(true),
        json!(false),
        json!({"type": "null"}),
        json!({"type": ["string", "integer", "null"]}),
        json!({"type": "string", "nullable": true}),
        json!({"type": "string", "enum": ["a", "A", "a ", "", "1", "-1", "Unknown"]}),
        json!({"type": "integer", "enum": [1, 2, -1]}),
        json!({"enum": [1, "a", null, {"a": []}]}),
        json!({"const": "fixed"}),
        json!({"type": "string", "const": null}),
        json!({"type": "string", "format": "uuid", "default": "not a uuid"}),
        json!({"type": "string", "format": "date-time", "pattern": "("}),
        json!({"type": "string", "format": "binary"}),
        json!({"type": "string", "contentEncoding": "base64", "minLength": 3, "maxLength": 1}),
        json!({"type": "integer", "format": "uint64", "minimum": 5, "maximum": 1, "multipleOf": 0}),
        json!({"type": "number", "exclusiveMinimum": 1e300, "default": "x"}),
        json!({"type": "array"}),
        json!({"type": "array", "prefixItems": [{"type": "string"}], "items": false}),
        json!({"type": "object", "additionalProperties": false}),
        json!({"type": "object", "additionalProperties": {"type": "integer"}, "required": ["a"]}),
        json!({"type": "object", "patternProperties": {"^a": {}}, "minProperties": 2}),
        json!({"type": "boolean", "enum": [true]}),
        json!({"if": {}, "then": {}, "not": {"type": "string"}}),
        json!({"$ref": "#"}),
        json!({"$dynamicRef": "#a"}),
        json!({"$ref": "#/components/schemas"}),
    ]);
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (word(), prop::collection::vec(inner.clone(), 0..3))
                .prop_map(|(word, parts)| json!({ word: parts })),
            (word(), prop::collection::vec(inner.clone(), 1..3)).prop_map(
                |(word, parts)| json!({ word: parts, "discriminator": {"propertyName": "kind"} })
            ),
            inner
                .clone()
                .prop_map(|items| json!({"type": "array", "items": items, "uniqueItems": true})),
            inner
                .clone()
                .prop_map(|values| json!({"additionalProperties": values})),
            prop::collection::hash_map(name(), inner, 0..4).prop_map(|properties| {
                let required: Vec<String> = properties.keys().take(2).cloned().collect();
                json!({"type": "object", "properties": properties, "required": required})
            }),
        ]
    })
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["allOf", "oneOf", "anyOf"])
}

/// Pointers of every value that is asked for, the root aside.
fn pointers(value: &Value, wanted: &dyn Fn(&Value) -> bool) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut at = 0;
    while at < all.len() {
        let pointer = all[at].clone();
        let steps: Vec<String> = match value.pointer(&pointer).expect("it was listed") {
            Value::Object(members) => members.keys().map(|key| pointer::escape(key)).collect(),
            Value::Array(items) => (0..items.len()).map(|at| at.to_string()).collect(),
            _ => Vec::new(),
        };
        all.extend(steps.iter().map(|step| format!("{pointer}/{step}")));
        at += 1;
    }
    let inner = all.into_iter().skip(1);
    inner
        .filter(|pointer| value.pointer(pointer).is_some_and(wanted))
        .collect()
}
