//! Lifts what a `$ref` finds outside `components.schemas` (`$defs`, `definitions`, a schema inside
//! another one) to a component of its own, with a name nothing else has.

use crate::lower::shape::{component_of, reference};
use crate::lower::{context::Context, names::Names, walk};
use contract::pointer::{self, to_component};
use contract::{Node, Span};
use std::collections::BTreeMap;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let (found, lost): (Vec<_>, Vec<_>) = targets(root)
        .into_iter()
        .partition(|(target, _)| found(root, target).is_some());
    for (target, span) in lost {
        let message = format!("`{target}` leads nowhere");
        context.error("lower::dangling-ref", message, span);
    }
    lift(root, found.into_iter().map(|(target, _)| target));
    walk::schemas_mut(root, &mut |schema| {
        schema.remove("$defs");
        schema.remove("definitions");
    });
}

/// What a reference leads to.
pub(super) fn found<'a>(root: &'a Node, target: &str) -> Option<&'a Node> {
    root.pointer(&pointer::of_reference(target)?)
}

/// Makes components of what is found at some pointers, and references to them of all that leads
/// there.
pub(super) fn lift(root: &mut Node, targets: impl Iterator<Item = String>) {
    let mut names = Names::taken_by(root);
    let named = targets.map(|target| {
        let name = names.fresh(&name_for(&target));
        (target, name)
    });
    let lifted = named.collect();
    take_out(root, &lifted);
    walk::schemas_mut(root, &mut |schema| point_at(schema, &lifted));
}

/// Every target that is not a component schema, in document order.
pub(super) fn targets(root: &Node) -> Vec<(String, Span)> {
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

/// `#/components/schemas/Order/$defs/line` → `OrderLine`; `#/$defs/line` → `Line`;
/// `#/components/responses/Late/content/application~1json/schema` → `Late`.
fn name_for(target: &str) -> String {
    let steps: Vec<_> = pointer::tokens(target).collect();
    let structural = [
        "components",
        "schemas",
        "$defs",
        "definitions",
        "properties",
        "paths",
        "parameters",
        "headers",
        "requestBodies",
        "responses",
        "content",
        "schema",
    ];
    let is_media_type = |at: usize| {
        at.checked_sub(1)
            .is_some_and(|before| steps[before] == "content")
    };
    let words = steps.iter().enumerate();
    let words =
        words.filter(|(at, step)| !structural.contains(&step.as_ref()) && !is_media_type(*at));
    let words: Vec<_> = words.map(|(_, step)| step.as_ref()).collect();
    words.join("_")
}

/// Puts a copy of each target under its new name, and a reference where it stood. Copies are taken
/// first, so that one target inside another is found in both.
fn take_out(root: &mut Node, lifted: &BTreeMap<String, String>) {
    let copies: Vec<_> = lifted
        .iter()
        .filter_map(|(target, name)| Some((name, target, found(root, target)?.clone())))
        .collect();
    for (name, target, copy) in copies {
        let at = pointer::of_reference(target);
        if let Some(place) = at.and_then(|at| root.pointer_mut(&at)) {
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
        let text = to_component(name);
        schema.insert("$ref", Node::string(text, span));
    }
}
