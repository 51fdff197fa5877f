//! The contract's schemas as JSON Schema 2020-12, for answers.

use contract::SpecVersion;
use serde_json::{Map, Value, json};

/// Spells anew what JSON Schema 2020-12 spells differently. Pointers stay what they are, except
/// below a schema of 3.0 that is nullable and has no type of its own.
pub(super) fn modernise(value: &mut Value, version: SpecVersion) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| modernise(item, version)),
        Value::Object(members) => {
            members
                .values_mut()
                .for_each(|member| modernise(member, version));
            forget_write_only(members);
            if version == SpecVersion::V3_0 {
                three_zero(members);
            }
        }
        _ => (),
    }
}

/// A field that is only ever sent to the server is not required of its answers.
fn forget_write_only(schema: &mut Map<String, Value>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let hidden =
        |name: &str| properties.get(name).and_then(|it| it.get("writeOnly")) == Some(&json!(true));
    let hidden: Vec<String> = properties
        .keys()
        .filter(|name| hidden(name))
        .cloned()
        .collect();
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !hidden.iter().any(|hidden| name == hidden));
    }
}

fn three_zero(schema: &mut Map<String, Value>) {
    if schema.get("$ref").is_some_and(Value::is_string) {
        schema.retain(|key, _| key == "$ref");
        return;
    }
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match schema.get(flag).and_then(Value::as_bool) {
            Some(true) => {
                if let Some(limit) = schema.remove(bound) {
                    schema.insert(flag.to_owned(), limit);
                }
            }
            Some(false) => drop(schema.remove(flag)),
            None => (),
        }
    }
    if schema.remove("nullable") == Some(json!(true)) {
        allow_null(schema);
    }
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get("type").cloned() {
        schema.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
            values.push(Value::Null);
        }
    } else if !schema.is_empty() {
        let rest = std::mem::take(schema);
        schema.insert("anyOf".to_owned(), json!([rest, {"type": "null"}]));
    }
}

/// `format: decimal`: an optional sign, digits, and an optional fraction; no exponent.
pub(super) fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// `format: byte`: base64 with the standard alphabet and its padding (RFC 4648, section 4).
pub(super) fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len().is_multiple_of(4) && text.len() - digits.len() <= 2 && digits.bytes().all(alphabet)
}
