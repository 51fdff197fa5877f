//! Writes `oneOf` as `anyOf` where something that tells its alternatives apart is not enforced: a value
//! of one alternative may be one of another then, and nothing would be exactly one of them.

use crate::lower::shape::referred;
use crate::lower::{context::Context, walk};
use contract::vocabulary::ObjectKind;
use contract::{Node, Span};
use std::collections::{BTreeMap, BTreeSet};

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
    let spans: BTreeSet<Span> = found.filter_map(|finding| finding.span).collect();
    if spans.is_empty() {
        return;
    }
    let weakened = Weakened::new(root, spans);
    walk::schemas_mut(root, &mut |schema| {
        let mut alternatives = schema.items_of("oneOf").iter();
        if !schema.contains_key("discriminator")
            && alternatives.any(|one| weakened.holds(one))
            && let Some(choice) = schema.remove("oneOf")
        {
            schema.insert("anyOf", choice);
        }
    });
}

/// What something is left out of.
struct Weakened {
    /// The places, in order.
    spans: BTreeSet<Span>,
    /// The components that hold such a place, or lead to one that does.
    components: BTreeSet<String>,
}

impl Weakened {
    fn new(root: &Node, spans: BTreeSet<Span>) -> Self {
        let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut next = Vec::new();
        for member in root.components("schemas") {
            let name = member.key.as_str();
            for target in targets(&member.value) {
                users.entry(target).or_default().push(name);
            }
            if is_around(&member.value, &spans) {
                next.push(name);
            }
        }
        let mut components = BTreeSet::new();
        while let Some(name) = next.pop() {
            if components.insert(name.to_owned()) {
                next.extend(users.get(name).into_iter().flatten());
            }
        }
        Self { spans, components }
    }

    /// Whether something is left out of a schema, or of one that it leads to.
    fn holds(&self, schema: &Node) -> bool {
        let mut targets = targets(schema).into_iter();
        is_around(schema, &self.spans) || targets.any(|name| self.components.contains(name))
    }
}

/// Whether one of some places stands within a schema.
fn is_around(schema: &Node, spans: &BTreeSet<Span>) -> bool {
    let outer = schema.span;
    let begin_inside = |span: &&Span| span.file == outer.file && span.start() < outer.end();
    let mut inside = spans.range(outer.at_start()..).take_while(begin_inside);
    inside.any(|span| span.end() <= outer.end())
}

/// The components that a schema refers to.
fn targets(schema: &Node) -> Vec<&str> {
    let mut targets = Vec::new();
    walk::visit(schema, ObjectKind::Schema, &mut |_, node| {
        targets.extend(referred(node));
    });
    targets
}
