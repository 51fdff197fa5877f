//! Lifts what a `$ref` finds outside `components.schemas` (`$defs`, `definitions`, a schema inside
//! another one) to a component of its own, with a name nothing else has.

use crate::lower::shape::{component_of, reference};
use crate::lower::{context::Context, names::Names, walk};
use contract::{Node, Span};
use std::collections::BTreeMap;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let targets = targets(root);
    let mut names = Names::taken_by(root);
    let mut lifted = BTreeMap::new();
    for (target, span) in targets {
        if root.pointer(&target[1..]).is_none() {
            let message = format!("`{target}` leads nowhere");
            context.error("lower::dangling-ref", message, span);
            continue;
        }
        let name = names.fresh(&name_for(&target));
        lifted.insert(target, name);
    }
    lift(root, &lifted);
    walk::schemas_mut(root, &mut |schema| {
        point_at(schema, &lifted);
        schema.remove("$defs");
        schema.remove("definitions");
    });
}

/// Every target that is not a component schema, in document order.
fn targets(root: &Node) -> Vec<(String, Span)> {
    let mut found: Vec<(String, Span)> = Vec::new();
    walk::schemas(root, &mut |schema| {
        if let Some(target) = reference(schema)
            && target.starts_with("#/")
            && component_of(target).is_none()
            && !found.iter().any(|(known, _)| known == target)
        {
            found.push((target.to_owned(), schema.span));
        }
    });
    found
}

/// `#/components/schemas/Order/$defs/line` → `OrderLine`; `#/$defs/line` → `Line`.
fn name_for(target: &str) -> String {
    let steps = contract::pointer::tokens(target);
    let structural = [
        "components",
        "schemas",
        "$defs",
        "definitions",
        "properties",
        "paths",
        "content",
        "schema",
    ];
    let words: Vec<_> = steps
        .filter(|step| !structural.contains(&step.as_ref()))
        .collect();
    words.join("_")
}

/// Puts a copy of each target under its new name, and a reference where it stood. Copies are taken
/// first, so that one target inside another is found in both.
fn lift(root: &mut Node, lifted: &BTreeMap<String, String>) {
    let copies: Vec<_> = lifted
        .iter()
        .filter_map(|(target, name)| Some((name, target, root.pointer(&target[1..])?.clone())))
        .collect();
    for (name, target, copy) in copies {
        if let Some(place) = root.pointer_mut(&target[1..]) {
            *place = super::ref_to(name, copy.span);
        }
        super::schemas_of(root).insert(name.clone(), copy);
    }
}

fn point_at(schema: &mut Node, lifted: &BTreeMap<String, String>) {
    let Some(span) = schema.get("$ref").map(|target| target.span) else {
        return;
    };
    if let Some(name) = reference(schema).and_then(|target| lifted.get(target)) {
        let text = format!("#/components/schemas/{name}");
        schema.insert("$ref", Node::string(text, span));
    }
}
