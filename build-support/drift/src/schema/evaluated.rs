//! What schemas leave unevaluated: whether anything is left for `unevaluatedProperties` and
//! `unevaluatedItems`.

use super::side::Side;
use crate::at::At;
use contract::Value;
use std::cell::Cell;

/// What `unevaluatedProperties` and `unevaluatedItems` are about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Members {
    Properties,
    Items,
}

/// How deep schemas within schemas are followed, and how many in all.
const DEEPEST: usize = 16;
const MOST: usize = 1_000;

/// Whether a schema is composed of no others that evaluate items.
pub(super) fn is_plain(at: &At<'_>) -> bool {
    const COMPOSING: [&str; 9] = [
        "$ref",
        "$dynamicRef",
        "allOf",
        "anyOf",
        "oneOf",
        "if",
        "contains",
        "dependentSchemas",
        "additionalItems",
    ];
    !COMPOSING.iter().any(|key| at.node.contains_key(key))
}

/// Whether a schema, with what it is composed of, speaks of every property or every item. Then
/// nothing is left unevaluated.
pub(super) fn evaluates_all<'a>(side: &Side<'a>, at: &At<'a>, of: Members) -> bool {
    evaluates(side, at, of, (0, &Cell::new(MOST)))
}

fn evaluates<'a>(
    side: &Side<'a>,
    at: &At<'a>,
    of: Members,
    (depth, left): (usize, &Cell<usize>),
) -> bool {
    if depth > DEEPEST || left.get() == 0 {
        return false;
    }
    left.set(left.get() - 1);
    let inner = |at: &At<'a>| {
        let key = match of {
            Members::Properties => "unevaluatedProperties",
            Members::Items => "unevaluatedItems",
        };
        at.node.contains_key(key) || evaluates(side, at, of, (depth + 1, left))
    };
    let own = match of {
        Members::Properties => {
            let patterns = at.get("patternProperties");
            let mut patterns = patterns.iter().flat_map(|at| at.node.members());
            at.node.contains_key("additionalProperties")
                || patterns.any(|member| super::patterns::is_idle(&member.key))
        }
        Members::Items => is_schema(at, "items") || at.node.contains_key("additionalItems"),
    };
    let target = at.text("$ref").and_then(|text| side.resolve(text));
    let list = |key| -> Vec<At<'a>> { at.get(key).iter().flat_map(At::items).collect() };
    let all = |list: Vec<At<'a>>| !list.is_empty() && list.iter().all(inner);
    own || target.is_some_and(|at| inner(&at))
        || list("allOf").iter().any(inner)
        || all(list("oneOf"))
        || all(list("anyOf"))
}

fn is_schema(at: &At<'_>, key: &str) -> bool {
    let held = at.node.get(key);
    held.is_some_and(|node| matches!(node.value, Value::Object(_) | Value::Bool(_)))
}
