//! Writes `oneOf` as `anyOf` where something that tells its alternatives apart is not enforced: a value
//! of one alternative may be one of another then, and nothing would be exactly one of them.

use crate::lower::shape::{component, referred};
use crate::lower::{context::Context, walk};
use contract::vocabulary::ObjectKind;
use contract::{Node, Span};
use std::collections::HashSet;

/// What passes report where they leave out what restricts a schema.
const WEAKENING: [&str; 4] = [
    "lower::described-twice",
    "lower::no-values",
    "lower::not-enforced",
    "lower::pattern",
];

/// Runs the pass, after everything is left out that is. A choice that a tag decides stays.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let found = context.found.items.iter();
    let found = found.filter(|finding| WEAKENING.contains(&finding.code));
    let spans: Vec<Span> = found.filter_map(|finding| finding.span).collect();
    if spans.is_empty() {
        return;
    }
    let all = root.clone();
    walk::schemas_mut(root, &mut |schema| {
        let is_open = !schema.contains_key("discriminator");
        let alternatives = schema.items_of("oneOf");
        let mut seen = HashSet::new();
        let weakened = |one| is_weakened(one, &all, &spans, &mut seen);
        if is_open
            && alternatives.iter().any(weakened)
            && let Some(choice) = schema.remove("oneOf")
        {
            schema.insert("anyOf", choice);
        }
    });
}

/// Whether something is left out of a schema, or of one that it leads to.
fn is_weakened<'a>(
    schema: &'a Node,
    all: &'a Node,
    spans: &[Span],
    seen: &mut HashSet<&'a str>,
) -> bool {
    let holds = |span: &Span| {
        let outer = schema.span;
        outer.file == span.file && outer.start() <= span.start() && span.end() <= outer.end()
    };
    if spans.iter().any(holds) {
        return true;
    }
    let mut targets = Vec::new();
    walk::visit(schema, ObjectKind::Schema, &mut |_, node| {
        targets.extend(referred(node));
    });
    targets.into_iter().any(|name| {
        let target = component(all, name).filter(|_| seen.insert(name));
        target.is_some_and(|target| is_weakened(target, all, spans, seen))
    })
}
