//! Bounds of numbers, and the formats that are bounds.

use super::options::Rest;
use crate::node::{Node, Value as NodeValue};
use serde_json::{Map, Value, json};

/// Bounds; those whose exclusiveness is a flag (3.0) are rewritten. A flag without a bound has no
/// effect.
pub(super) fn bounds(schema: &Node, out: &mut Map<String, Value>) {
    for (bound, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        let limit = schema.get(bound).and_then(Node::as_number);
        let limit = limit.map(|number| Value::Number(number.clone()));
        match schema.get(exclusive).map(|node| &node.value) {
            Some(NodeValue::Bool(true)) => {
                out.extend(limit.map(|limit| (exclusive.to_owned(), limit)));
                continue;
            }
            Some(NodeValue::Number(number)) => {
                out.insert(exclusive.to_owned(), Value::Number(number.clone()));
            }
            _ => {}
        }
        out.extend(limit.map(|limit| (bound.to_owned(), limit)));
    }
}

/// The formats of whole numbers are bounds (OpenAPI Format Registry: `int32` and `int64` are
/// signed integers of that many bits); the others are for the validator to know.
pub(super) fn format(schema: &Node, rest: Rest, out: &mut Map<String, Value>) {
    let Some(format) = schema.get("format").and_then(Node::as_str) else {
        return;
    };
    let range = match format {
        "int32" => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        "int64" => Some((i64::MIN, i64::MAX)),
        _ => None,
    };
    if range.is_none() || rest == Rest::Kept {
        out.insert("format".to_owned(), Value::String(format.to_owned()));
    }
    if let Some((least, most)) = range {
        tighten(out, "minimum", least, |own, new| own < new);
        tighten(out, "maximum", most, |own, new| own > new);
        whole(out);
    }
}

/// Bounds say nothing of values other than numbers, so they stand beside any type.
fn tighten(out: &mut Map<String, Value>, key: &str, limit: i64, is_wider: fn(f64, f64) -> bool) {
    let own = out.get(key).and_then(Value::as_f64);
    // Both are whole or far apart here, so the rounding of large ones decides nothing.
    #[expect(clippy::cast_precision_loss, reason = "see above")]
    if own.is_none_or(|own| is_wider(own, limit as f64)) {
        out.insert(key.to_owned(), json!(limit));
    }
}

/// A number is whole when it is a multiple of one, which says nothing of other values.
fn whole(out: &mut Map<String, Value>) {
    let names = |value: &Value, name: &str| match value {
        Value::String(one) => one == name,
        Value::Array(all) => all.iter().any(|one| one == name),
        _ => false,
    };
    let can_be_broken = out.get("type").is_none_or(|types| names(types, "number"));
    if !can_be_broken {
        return;
    }
    if !out.contains_key("multipleOf") {
        out.insert("multipleOf".to_owned(), json!(1));
        return;
    }
    let part = json!({ "multipleOf": 1 });
    match out.get_mut("allOf") {
        Some(Value::Array(parts)) => parts.push(part),
        _ => drop(out.insert("allOf".to_owned(), json!([part]))),
    }
}
