//! Declares properties that are required but described nowhere: what the object says of further
//! properties holds for them, else any value may stand there.

use crate::lower::shape::{properties, type_of};
use crate::lower::{context::Context, walk};
use contract::Node;

/// Runs the pass, after `allOf` is merged: a derived object may require what its parent describes.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        if type_of(schema) != Some("object") {
            return;
        }
        let required = schema.items_of("required").to_vec();
        let known: Vec<&str> = properties(schema)
            .iter()
            .map(|member| member.key.as_str())
            .collect();
        let missing: Vec<&Node> = required
            .iter()
            .filter(|name| !known.contains(&name.as_str().unwrap_or_default()))
            .collect();
        if missing.is_empty() {
            return;
        }
        let mut all = schema
            .get("properties")
            .cloned()
            .unwrap_or_else(|| Node::object(schema.span));
        let further = schema.get("additionalProperties");
        let further = further.filter(|further| further.as_object().is_some());
        for name in missing {
            let any = || Node::object(name.span);
            let described = further.cloned().unwrap_or_else(any);
            all.insert(name.as_str().unwrap_or_default(), described);
        }
        schema.insert("properties", all);
    });
}
