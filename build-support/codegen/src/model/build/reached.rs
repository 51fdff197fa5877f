//! Which component schemas requests can hold, found in the document as it was written.

use contract::{Node, Value, pointer};
use std::collections::BTreeSet;

/// The names of the component schemas that parameters and request bodies lead to.
pub(super) fn by_requests(root: &Node) -> BTreeSet<String> {
    let mut targets = BTreeSet::new();
    for item in root.members_of("paths") {
        let operations = item.value.members().iter().map(|member| &member.value);
        for part in std::iter::once(&item.value).chain(operations) {
            for key in ["parameters", "requestBody"] {
                part.get(key)
                    .into_iter()
                    .for_each(|node| follow(node, root, &mut targets));
            }
        }
    }
    let schemas = targets.iter().filter_map(|target| {
        let mut steps = pointer::tokens(target);
        let place = (steps.next()?, steps.next()?);
        (place == ("components".into(), "schemas".into())).then(|| steps.next())?
    });
    schemas.map(|name| name.into_owned()).collect()
}

/// Adds what a node refers to, and what that refers to.
fn follow(node: &Node, root: &Node, targets: &mut BTreeSet<String>) {
    match &node.value {
        Value::Object(members) => {
            let target = node.get("$ref").and_then(Node::as_str);
            if let Some(target) = target.and_then(pointer::of_reference)
                && let Some(found) = root.pointer(&target)
                && targets.insert(target.into_owned())
            {
                follow(found, root, targets);
            }
            members
                .iter()
                .for_each(|member| follow(&member.value, root, targets));
        }
        Value::Array(items) => items.iter().for_each(|item| follow(item, root, targets)),
        _ => {}
    }
}
