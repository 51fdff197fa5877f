//! Corrects mistakes of a document whose intention is certain, so that every later stage has what the
//! specification says. Each correction is a warning, unless it is only another way to write the same.

mod anchors;
mod counts;
mod null_types;
mod own_children;
mod references;
mod tuples;

use super::node::Node;
use super::version::SpecVersion;
use super::walk::Walk;
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;

/// What is done to the object at a JSON pointer.
struct Edit {
    pointer: String,
    change: Change,
    warning: Diagnostic,
}

enum Change {
    /// Another target for its `$ref`.
    Target(String),
    /// Another object in its place.
    Object(Node),
    /// `items` becomes `prefixItems`, and `additionalItems` becomes `items`.
    Tuple,
    /// Another `type`.
    Type(Node),
}

/// Tuples hold schemas that are seen only when they are tuples; deeper ones are not looked for.
const DEEP: usize = 8;

/// Rewrites a bundled document.
pub(super) fn write(mut root: Node, version: SpecVersion, found: &mut Vec<Diagnostic>) -> Node {
    for _ in 0..DEEP {
        let walk = Walk::new(&root, Kind::Document, version);
        let mut edits = tuples::edits(&walk);
        edits.extend(null_types::edits(&walk));
        edits.extend(anchors::edits(&walk));
        edits.extend(references::edits(&walk, &root));
        if edits.is_empty() {
            break;
        }
        for edit in edits {
            apply(&mut root, edit, found);
        }
    }
    own_children::split(&mut root, found);
    counts::write(&mut root, version);
    root
}

fn apply(root: &mut Node, edit: Edit, found: &mut Vec<Diagnostic>) {
    let Some(node) = root.pointer_mut(&edit.pointer) else {
        return;
    };
    match edit.change {
        Change::Target(target) => {
            let span = node.get("$ref").map_or(node.span, |old| old.span);
            node.insert("$ref", Node::string(target, span));
        }
        Change::Object(object) => *node = object,
        Change::Type(types) => drop(node.insert("type", types)),
        Change::Tuple => {
            for (from, to) in [("items", "prefixItems"), ("additionalItems", "items")] {
                let value = node.remove(from);
                value.map(|value| node.insert(to, value));
            }
        }
    }
    found.push(edit.warning);
}

#[cfg(test)]
mod tests {
    use crate::read::read_str;
    use serde_json::json;

    const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";

    fn schemas(text: &str) -> serde_json::Value {
        let read = read_str("t.yaml", &format!("{HEAD}{text}")).unwrap();
        assert!(!read.warnings.items.is_empty());
        read.root.pointer("/components/schemas").unwrap().to_json()
    }

    #[test]
    fn a_base_is_apart_from_the_choice_among_its_children() {
        let found = schemas(
            "components: {schemas: {Base: {description: b, type: object, properties: {k: {type: string}}, \
             oneOf: [{$ref: '#/components/schemas/X'}, {$ref: '#/components/schemas/Other'}], \
             discriminator: {propertyName: k}}, \
             X: {allOf: [{$ref: '#/components/schemas/Middle'}]}, \
             Middle: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {b: {$ref: '#/components/schemas/Base'}}}]}, \
             Other: {type: object}, BaseBase: {type: integer}}}",
        );
        let base = "#/components/schemas/Base";
        let own = "#/components/schemas/BaseBase_";
        assert_eq!(
            found["Base"],
            json!({
                "description": "b",
                "oneOf": [{ "$ref": "#/components/schemas/X" }, { "$ref": "#/components/schemas/Other" }],
                "discriminator": { "propertyName": "k" },
                "allOf": [{ "$ref": own }],
            })
        );
        let common = json!({ "description": "b", "type": "object", "properties": { "k": { "type": "string" } } });
        assert_eq!(found["BaseBase_"], common);
        assert_eq!(
            found["Middle"]["allOf"],
            json!([{ "$ref": own }, { "properties": { "b": { "$ref": base } } }])
        );
    }

    #[test]
    fn a_limit_may_be_written_with_a_point() {
        let text = "paths: {}\ncomponents: {schemas: {A: {minProperties: 1.0, items: {maxLength: 2e1, minLength: 0.0}}}}";
        let read = read_str("t.yaml", &format!("{HEAD}{text}")).unwrap();
        assert!(read.warnings.items.is_empty());
        assert_eq!(
            read.root
                .pointer("/components/schemas/A")
                .unwrap()
                .to_json(),
            json!({ "minProperties": 1, "items": { "maxLength": 20, "minLength": 0 } })
        );
        for wrong in ["1.5", "-1.0", "1e300"] {
            let text =
                format!("{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{minItems: {wrong}}}}}}}");
            assert!(read_str("t.yaml", &text).is_err(), "{wrong}");
        }
    }

    #[test]
    fn references_lead_to_what_is_due() {
        let found = schemas(
            "components: {responses: {R: {description: r, content: {text/plain: {}, application/json: \
             {schema: {type: integer}}}}}, headers: {H: {schema: {type: integer}}}, schemas: {A: \
             {properties: {r: {$ref: '#/components/responses/R'}, h: {$ref: '#/components/headers/H'}, \
             n: {type: [string, null]}, a: {$ref: '#here'}, t: {$anchor: here, type: array, items: [{items: [{type: string}]}]}}}}}",
        );
        let target = |name: &str| found["A"]["properties"][name]["$ref"].clone();
        assert_eq!(
            target("r"),
            "#/components/responses/R/content/application~1json/schema"
        );
        assert_eq!(
            found["A"]["properties"]["n"]["type"],
            json!(["string", "null"])
        );
        assert_eq!(target("h"), "#/components/headers/H/schema");
        assert_eq!(target("a"), "#/components/schemas/A/properties/t");
        assert_eq!(
            found["A"]["properties"]["t"]["prefixItems"],
            json!([{ "prefixItems": [{ "type": "string" }] }])
        );
    }
}
