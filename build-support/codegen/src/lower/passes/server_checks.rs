//! Keeps what OpenAPI 3.0 has no words for beside the schema that says it: types do not know it, and servers
//! check it.

use crate::lower::extensions::CLOSED;
use crate::lower::shape::reference;
use crate::lower::{checked, context::Context, walk};
use contract::{Node, SpecVersion};

/// Keywords that are kept, each with those that it works together with.
const KEPT: [&[&str]; 8] = [
    &["if", "then", "else"],
    &["not"],
    &["dependentSchemas"],
    &["dependentRequired"],
    &["dependencies"],
    &["contains", "minContains", "maxContains"],
    &["propertyNames"],
    &["patternProperties"],
];

/// Keywords whose own schemas may describe further properties.
const DESCRIBING: [&str; 3] = ["if", "dependentSchemas", "dependencies"];

/// Runs the pass. OpenAPI 3.0 ignores what stands beside a `$ref`.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let old = context.version == SpecVersion::V3_0;
    walk::schemas_mut(root, &mut |schema| {
        if old && reference(schema).is_some() {
            return;
        }
        for group in KEPT {
            if let Some(said) = said(schema, group) {
                checked::keep(schema, said);
            }
        }
        close(schema);
    });
}

/// Nothing is forbidden where what describes a property may not be kept.
fn close(schema: &mut Node) {
    let closes = |said: &&Node| said.as_bool() == Some(false);
    let Some(said) = schema.get("unevaluatedProperties").filter(closes).cloned() else {
        return;
    };
    let lost = |key: &&str| schema.contains_key(key) && !checked::is_kept(schema, key);
    if !DESCRIBING.iter().any(lost) {
        schema.insert(CLOSED, said);
    }
}

/// What a schema says with some keywords, the first of which the others need.
fn said(schema: &Node, group: &[&str]) -> Option<Node> {
    schema.get(group.first()?)?;
    let mut said = Node::object(schema.span);
    for key in group {
        if let Some(value) = schema.get(key) {
            said.insert(*key, value.clone());
        }
    }
    Some(said)
}
