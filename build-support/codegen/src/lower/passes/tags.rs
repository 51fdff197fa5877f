//! Gives operations without a tag one, so that each belongs to a file and a trait.

use crate::lower::extensions::RECEIVERS;
use crate::lower::{context::Context, walk};
use contract::Node;

/// The tag of operations that have none.
const DEFAULT: &str = "Default";
/// The tag of receivers that have none.
const RECEIVER: &str = "Webhooks";

/// Runs the pass.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    walk::operations_mut(root, &mut |section, _, _, operation| {
        if operation
            .get("tags")
            .is_some_and(|tags| !tags.items().is_empty())
        {
            return;
        }
        let tag = if section == RECEIVERS {
            RECEIVER
        } else {
            DEFAULT
        };
        let span = operation.span;
        operation.insert("tags", Node::array(vec![Node::string(tag, span)], span));
    });
}
