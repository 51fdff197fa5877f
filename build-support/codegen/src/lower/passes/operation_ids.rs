//! Gives operations without an `operationId` one made of method and path: `GET /cards/{cardId}`
//! becomes `getCardsCardId`. The second of two with the same one is numbered.

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
    let mut given = BTreeSet::new();
    walk::operations_mut(root, &mut |section, path, method, operation| {
        if section == RECEIVERS {
            return;
        }
        let own = operation.get("operationId").and_then(Node::as_str);
        let id = match own {
            Some(own) if given.insert(own.to_owned()) => return,
            Some(own) => free(own, &mut taken),
            None => free(&format!("{method} {path}"), &mut taken),
        };
        given.insert(id.clone());
        operation.insert("operationId", Node::string(id, operation.span));
    });
}

/// A name like the wanted one that nothing has yet.
fn free(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let base = wanted.to_lower_camel_case();
    let numbered = (2_u32..).map(|number| format!("{base}{number}"));
    let mut candidates = std::iter::once(base.clone()).chain(numbered);
    let free = candidates.find(|id| taken.insert(id.clone()));
    free.unwrap_or(base)
}
