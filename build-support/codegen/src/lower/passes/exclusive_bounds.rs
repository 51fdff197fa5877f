//! Writes numeric `exclusiveMinimum` and `exclusiveMaximum` as a bound and a flag.

use crate::lower::{context::Context, walk};
use contract::Node;

/// Runs the pass. Of an inclusive and an exclusive bound on one side the narrower one holds.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        bound(
            schema,
            "exclusiveMinimum",
            "minimum",
            |exclusive, inclusive| exclusive >= inclusive,
        );
        bound(
            schema,
            "exclusiveMaximum",
            "maximum",
            |exclusive, inclusive| exclusive <= inclusive,
        );
        for (flag, limit) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            if !schema.contains_key(limit) {
                // A flag without its bound says nothing, and progenitor panics on it.
                schema.remove(flag);
            }
        }
    });
}

fn bound(schema: &mut Node, exclusive: &str, inclusive: &str, narrower: fn(f64, f64) -> bool) {
    let Some(limit) = schema
        .get(exclusive)
        .filter(|limit| limit.as_number().is_some())
    else {
        return;
    };
    let limit = limit.clone();
    let value = |node: &Node| node.as_number().and_then(serde_json::Number::as_f64);
    let wins = match (value(&limit), schema.get(inclusive).and_then(value)) {
        (Some(a), Some(b)) => narrower(a, b),
        _ => true,
    };
    schema.remove(exclusive);
    if wins {
        let span = limit.span;
        schema.insert(inclusive, limit);
        schema.insert(exclusive, Node::bool(true, span));
    }
}
