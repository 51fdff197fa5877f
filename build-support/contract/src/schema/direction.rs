//! What a direction does not carry.

use super::options::{Absent, Direction};
use super::types::target;
use crate::node::Node;
use serde_json::{Map, Value};

/// How far compositions and references are followed in search of the flag.
const DEPTH: usize = 8;

/// A property that the direction does not carry is not required there (OpenAPI 3.0.4, Schema
/// Object, `readOnly` and `writeOnly`).
pub(super) fn settle(
    schema: &Node,
    root: &Node,
    direction: Direction,
    absent: Absent,
    out: &mut Map<String, Value>,
) {
    let flag = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    };
    let properties = schema.members_of("properties").iter();
    let names: Vec<&str> = properties
        .filter(|property| has(&property.value, flag, root, DEPTH))
        .map(|property| property.key.as_str())
        .collect();
    if names.is_empty() {
        return;
    }
    let instead = match absent {
        Absent::Kept => None,
        Absent::Rejected => Some(Value::Bool(false)),
        Absent::Ignored => Some(Value::Bool(true)),
    };
    if let (Some(Value::Object(properties)), Some(instead)) = (out.get_mut("properties"), instead) {
        for name in &names {
            properties.insert((*name).to_owned(), instead.clone());
        }
    }
    if let Some(Value::Array(required)) = out.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(|name| names.contains(&name)));
    }
}

fn has(schema: &Node, flag: &str, root: &Node, depth: usize) -> bool {
    if schema.get(flag).and_then(Node::as_bool) == Some(true) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let parts = schema.items_of("allOf").iter();
    let mut behind = parts.chain(target(schema, root));
    behind.any(|part| has(part, flag, root, depth))
}
