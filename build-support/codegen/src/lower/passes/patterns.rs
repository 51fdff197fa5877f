//! Takes out patterns that are not regular expressions, with a warning. A server could not make a
//! validator from them, and would fail on every call.

use crate::lower::{context::Context, walk};
use contract::Node;
use contract::schema::validator;
use serde_json::json;
use std::collections::BTreeMap;

/// Runs the pass. Whether a pattern is one is asked of what servers check values with.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let mut known = Known::default();
    walk::schemas_mut(root, &mut |schema| {
        let Some((pattern, span)) = schema
            .get("pattern")
            .and_then(|node| Some((node.as_str()?.to_owned(), node.span)))
        else {
            return;
        };
        if !known.is_valid(&pattern) {
            let message = "the pattern is not a valid regular expression, so it is not enforced";
            context.warn("lower::pattern", message, span);
            schema.remove("pattern");
        }
    });
}

/// Which patterns are regular expressions, as far as that was asked.
#[derive(Default)]
pub(super) struct Known(BTreeMap<String, bool>);

impl Known {
    /// Whether the names of some `patternProperties` are regular expressions.
    pub(super) fn all_are_valid(&mut self, patterns: &Node) -> bool {
        patterns.members().iter().all(|one| self.is_valid(&one.key))
    }

    fn is_valid(&mut self, pattern: &str) -> bool {
        if let Some(valid) = self.0.get(pattern) {
            return *valid;
        }
        let valid = validator(&json!({ "pattern": pattern })).is_ok();
        self.0.insert(pattern.to_owned(), valid);
        valid
    }
}
