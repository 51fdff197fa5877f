//! Keeps what stands beside a `$ref`, which OpenAPI 3.0 does not look at: annotations move around
//! an `allOf` of the one reference, restrictions become another member of it.

use crate::lower::shape::{is_annotation, reference};
use crate::lower::{context::Context, walk};
use contract::{Node, SpecVersion};

/// Runs the pass. In a 3.0 contract restrictions beside a `$ref` mean nothing and are taken out
/// with a warning; annotations are kept, since people read them.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        if reference(schema).is_some() && schema.members().len() > 1 {
            wrap(schema, context);
        }
    });
}

fn wrap(schema: &mut Node, context: &mut Context<'_>) {
    let Some(target) = schema.remove("$ref") else {
        return;
    };
    let span = schema.span;
    let mut around = Node::object(span);
    let mut beside = Node::object(span);
    for member in schema.members() {
        let side = if is_annotation(&member.key) {
            &mut around
        } else {
            &mut beside
        };
        side.insert(member.key.clone(), member.value.clone());
    }
    let mut only = Node::object(target.span);
    only.insert("$ref", target);
    let mut members = vec![only];
    if !beside.members().is_empty() {
        if context.version == SpecVersion::V3_0 {
            let message = "OpenAPI 3.0 ignores what stands beside a `$ref`";
            context.warn("lower::beside-ref", message, beside.members()[0].value.span);
        } else {
            members.push(beside);
        }
    }
    around.insert("allOf", Node::array(members, span));
    *schema = around;
}
