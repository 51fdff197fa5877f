//! Turns tuples into lists: OpenAPI 3.0 cannot give each place of a list its own schema.

use crate::lower::{context::Context, walk};
use contract::{Members, Node, Value};

/// Runs the pass. Places that all have one schema keep it; others become lists of any value.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        let Some(prefix) = schema.remove("prefixItems") else {
            return;
        };
        let rest = schema
            .get("items")
            .filter(|items| items.as_bool() != Some(false));
        let places: Vec<&Node> = prefix.items().iter().chain(rest).collect();
        let same = places.windows(2).all(|pair| pair[0] == pair[1]);
        let closed = schema.get("items").and_then(Node::as_bool) == Some(false);
        let items = match places.first() {
            Some(first) if same && (closed || rest.is_some()) => (*first).clone(),
            _ => {
                let message =
                    "`prefixItems` is not enforced: items of any type are accepted in every place";
                context.warn("lower::not-enforced", message, prefix.span);
                Node::new(Value::Object(Members::default()), prefix.span)
            }
        };
        schema.insert("items", items);
        if closed && !schema.contains_key("maxItems") {
            let count = u64::try_from(prefix.items().len()).unwrap_or(u64::MAX);
            schema.insert("maxItems", Node::number(count, prefix.span));
        }
    });
}
