//! Takes out patterns that are not regular expressions, with a warning. A server could not make a
//! validator from them, and would fail on every call.

use crate::lower::{context::Context, walk};
use contract::Node;
use contract::schema::validator;
use serde_json::json;
use std::collections::BTreeMap;

/// Runs the pass. Whether a pattern is one is asked of what servers check values with.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    walk::schemas_mut(root, &mut |schema| {
        let Some((pattern, span)) = schema
            .get("pattern")
            .and_then(|node| Some((node.as_str()?.to_owned(), node.span)))
        else {
            return;
        };
        let valid = known
            .entry(pattern)
            .or_insert_with_key(|pattern| validator(&json!({ "pattern": pattern })).is_ok());
        if !*valid {
            let message = "the pattern is not a valid regular expression, so it is not enforced";
            context.warn("lower::pattern", message, span);
            schema.remove("pattern");
        }
    });
}
