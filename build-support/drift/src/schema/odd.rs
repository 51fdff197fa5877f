//! Keywords whose values the specification does not allow, so that their meaning is not defined.

use super::view::{View, same};
use super::{Comparison, site};
use crate::at::At;
use crate::finding::{Finding, Spot};
use crate::kind::Kind;
use crate::report::Severity;
use crate::text::brief;
use contract::{Node, Value};

const NUMBERS: [&str; 11] = [
    "minimum",
    "maximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
];
const TEXTS: [&str; 4] = ["pattern", "format", "contentEncoding", "contentMediaType"];
const FLAGS: [&str; 4] = ["uniqueItems", "nullable", "readOnly", "writeOnly"];
const LISTS: [&str; 3] = ["enum", "allOf", "prefixItems"];
const MAPS: [&str; 3] = ["properties", "patternProperties", "dependentSchemas"];
/// `file` and `any` are of older versions, and read as what they meant.
const TYPES: [&str; 9] = [
    "null", "boolean", "integer", "number", "string", "array", "object", "file", "any",
];

/// Whether a keyword holds something that it cannot hold.
pub(super) fn is_odd(key: &str, value: &Node) -> bool {
    let fits = match key {
        "type" => is_type(value),
        "exclusiveMinimum" | "exclusiveMaximum" => {
            matches!(value.value, Value::Number(_) | Value::Bool(_))
        }
        _ if NUMBERS.contains(&key) => matches!(value.value, Value::Number(_)),
        _ if TEXTS.contains(&key) => matches!(value.value, Value::String(_)),
        _ if FLAGS.contains(&key) => matches!(value.value, Value::Bool(_)),
        "oneOf" | "anyOf" => value.as_array().is_some_and(|members| !members.is_empty()),
        _ if LISTS.contains(&key) => matches!(value.value, Value::Array(_)),
        _ if MAPS.contains(&key) => matches!(value.value, Value::Object(_)),
        _ => true,
    };
    // What is left empty says nothing, and is meant to.
    !fits && !value.is_null()
}

fn is_type(value: &Node) -> bool {
    match &value.value {
        Value::String(name) => TYPES.contains(&name.as_str()),
        Value::Array(names) => names.iter().all(|name| name.is_null() || is_type(name)),
        _ => false,
    }
}

/// What is new of it has to be judged by people. Whether nothing else can be said, because it is
/// the type.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) -> bool {
    let mut is_type = false;
    let known = |(key, at): &&(&'a str, At<'a>)| {
        let mut old = b.odd.iter();
        old.any(|(one, old)| one == key && same(old.node, at.node))
    };
    for (key, at) in r.odd.iter().filter(|odd| !known(odd)) {
        is_type |= *key == "type";
        let message = format!("`{key}` cannot be `{}`, so it says nothing", brief(at.node));
        let finding = Finding::fixed(Kind::SchemaUnreadable, Severity::Undecided, message);
        c.out
            .findings
            .push(finding.at(site(b), Spot::from(&at.pointer)));
    }
    is_type
}
