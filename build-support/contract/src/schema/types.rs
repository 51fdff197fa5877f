//! Types, and null among them.

use crate::node::Node;
use crate::pointer;
use serde_json::{Map, Value, json};

/// How far compositions and references are followed in search of a type.
const DEPTH: usize = 8;

/// Keywords that reject null whatever the type says.
const REJECTING: [&str; 7] = ["$ref", "allOf", "anyOf", "const", "if", "not", "oneOf"];

/// `type` as it is written, with null where 3.0 says it beside. `nullable` adds a type and no value: beside
/// `type`, a list of values has to have null of its own (OpenAPI 3.0.3, proposal 003). Beside no type it
/// gets null, because people say by `nullable` what they mean of the whole.
pub(super) fn written(schema: &Node, nullable: bool, out: &mut Map<String, Value>) {
    let written = schema.get("type").map(Node::to_json);
    let written = written.map(|written| match written {
        Value::String(one) if nullable && one != "null" => json!([one, "null"]),
        other => other,
    });
    out.extend(written.map(|written| ("type".to_owned(), written)));
    if let Some(Value::Array(values)) = out.get_mut("enum")
        && nullable
        && !schema.contains_key("type")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}

/// Beside no type, `nullable` lets null past what would reject it. OpenAPI 3.0.3 gives `nullable`
/// no effect there; people write it beside `allOf` to say exactly this, and the comparison of
/// contracts reads it so.
pub(super) fn or_null(schema: &Node, nullable: bool, out: Map<String, Value>) -> Value {
    let rejects = REJECTING.iter().any(|key| schema.contains_key(key));
    match nullable && rejects && !schema.contains_key("type") {
        true => json!({ "anyOf": [out, { "type": "null" }] }),
        false => Value::Object(out),
    }
}

/// Without a type anywhere, what is said of properties or items means objects or arrays.
pub(super) fn implied(schema: &Node, root: &Node, nullable: bool, out: &mut Map<String, Value>) {
    let mut said = Said::default();
    said.gather(schema, root, DEPTH);
    let types = match (said.objects, said.arrays) {
        _ if said.typed => return,
        (true, true) => json!(["object", "array"]),
        (true, false) => json!("object"),
        (false, true) => json!("array"),
        (false, false) => return,
    };
    let types = match (nullable, types) {
        (true, Value::String(one)) => json!([one, "null"]),
        (_, types) => types,
    };
    out.insert("type".to_owned(), types);
}

/// What the schemas that make up one say together.
#[derive(Debug, Default)]
struct Said {
    typed: bool,
    objects: bool,
    arrays: bool,
}

impl Said {
    fn gather(&mut self, schema: &Node, root: &Node, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(key));
        self.typed |= has(&["type", "enum", "const"]);
        self.objects |= has(&[
            "properties",
            "patternProperties",
            "additionalProperties",
            "required",
        ]);
        self.arrays |= has(&["items", "prefixItems"]);
        for part in schema.items_of("allOf").iter().chain(target(schema, root)) {
            self.gather(part, root, depth);
        }
    }
}

/// What the `$ref` of a schema leads to.
pub(super) fn target<'a>(schema: &Node, root: &'a Node) -> Option<&'a Node> {
    let text = schema.get("$ref").and_then(Node::as_str)?;
    root.pointer(&pointer::of_reference(text)?)
}
