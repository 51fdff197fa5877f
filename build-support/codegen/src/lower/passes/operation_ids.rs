//! Gives operations without an `operationId` one made of method and path: `GET /cards/{cardId}`
//! becomes `getCardsCardId`.

use crate::lower::extensions::RECEIVERS;
use crate::lower::{context::Context, walk};
use contract::Node;
use heck::ToLowerCamelCase;
use std::collections::BTreeSet;

/// Runs the pass.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let mut taken = BTreeSet::new();
    walk::operations(root, &mut |site| {
        let id = site.node.get("operationId").and_then(Node::as_str);
        taken.extend(id.map(ToLowerCamelCase::to_lower_camel_case));
    });
    walk::operations_mut(root, &mut |section, path, method, operation| {
        if section == RECEIVERS || operation.contains_key("operationId") {
            return;
        }
        let base = format!("{method} {path}").to_lower_camel_case();
        let numbered = (2_u32..).map(|number| format!("{base}{number}"));
        let mut candidates = std::iter::once(base.clone()).chain(numbered);
        if let Some(id) = candidates.find(|id| taken.insert(id.clone())) {
            operation.insert("operationId", Node::string(id, operation.span));
        }
    });
}
