//! Says the `type` where the other keywords leave no doubt: where there is none, and where a number
//! is in a format of integers.

use crate::lower::extensions::{EXAMPLES, IMPLIED_TYPE};
use crate::lower::shape::{is_annotation, reference, type_of};
use crate::lower::{context::Context, walk};
use contract::{Node, Value};

/// Runs the pass.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        if is_integer_by_format(schema) {
            schema.insert("type", Node::string("integer", schema.span));
        }
        if schema.contains_key("type")
            || reference(schema).is_some()
            || schema.as_object().is_none()
        {
            return;
        }
        if let Some(kind) = implied(schema) {
            let span = schema.span;
            schema.insert("type", Node::string(kind, span));
            schema.insert(IMPLIED_TYPE, Node::bool(true, span));
        }
    });
}

/// Whether a number is an integer by its format, as OpenAPI's registry of formats says, and nothing
/// that the contract shows of its values has a fraction.
fn is_integer_by_format(schema: &Node) -> bool {
    let format = schema.get("format").and_then(Node::as_str);
    if type_of(schema) != Some("number") || format.and_then(kind_of_format) != Some("integer") {
        return false;
    }
    let one = ["default", "minimum", "maximum", "multipleOf"].iter();
    let one = one.filter_map(|key| schema.get(key));
    let several = ["enum", EXAMPLES].into_iter();
    let several = several.flat_map(|key| schema.items_of(key));
    let fraction = |value: &Node| {
        let number = value.as_number().and_then(serde_json::Number::as_f64);
        number.is_some_and(|number| number.fract() != 0.0)
    };
    !one.chain(several).any(fraction)
}

fn implied(schema: &Node) -> Option<&'static str> {
    let composed = ["allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| schema.contains_key(key));
    let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(key));
    if let Some(values) = schema.get("enum").filter(|_| !composed) {
        return kind_of_all(values.items());
    }
    if composed
        || schema
            .members()
            .iter()
            .all(|member| is_annotation(&member.key))
    {
        return None;
    }
    if has(&[
        "properties",
        "additionalProperties",
        "required",
        "minProperties",
        "maxProperties",
    ]) {
        Some("object")
    } else if has(&["items", "minItems", "maxItems", "uniqueItems"]) {
        Some("array")
    } else if has(&["pattern", "minLength", "maxLength"]) {
        Some("string")
    } else if has(&["minimum", "maximum", "multipleOf"]) {
        Some("number")
    } else {
        schema
            .get("format")
            .and_then(Node::as_str)
            .and_then(kind_of_format)
    }
}

fn kind_of_all(values: &[Node]) -> Option<&'static str> {
    let kind = |node: &Node| match &node.value {
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        _ => None,
    };
    let first = kind(values.first()?)?;
    values
        .iter()
        .all(|value| kind(value) == Some(first))
        .then_some(first)
}

fn kind_of_format(format: &str) -> Option<&'static str> {
    match format {
        "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" => {
            Some("integer")
        }
        "float" | "double" => Some("number"),
        "uuid" | "date-time" | "date" | "time" | "uri" | "email" | "byte" | "binary"
        | "password" => Some("string"),
        _ => None,
    }
}
