//! Gives every operation the parameters of its path; its own ones win.

use crate::lower::context::Context;
use crate::lower::extensions::RECEIVERS;
use crate::lower::walk::METHODS;
use contract::Node;

/// Runs the pass.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    for section in ["paths", RECEIVERS] {
        let items = root.get_mut(section).and_then(Node::as_object_mut);
        for item in items.into_iter().flatten() {
            merge(&mut item.value);
        }
    }
}

fn merge(item: &mut Node) {
    let Some(shared) = item.remove("parameters") else {
        return;
    };
    for method in METHODS {
        let Some(operation) = item.get_mut(method) else {
            continue;
        };
        let own = operation.remove("parameters");
        let mut all: Vec<Node> = shared.items().to_vec();
        all.retain(|parameter| {
            !own.iter()
                .flat_map(Node::items)
                .any(|other| same(parameter, other))
        });
        all.extend(own.iter().flat_map(Node::items).cloned());
        operation.insert("parameters", Node::array(all, shared.span));
    }
}

/// Parameters are the same when name and place are; header names in any case.
fn same(a: &Node, b: &Node) -> bool {
    let key = |node: &Node| {
        let place = node.get("in")?.as_str()?.to_owned();
        let name = node.get("name")?.as_str()?;
        let header = place == "header";
        Some((
            place,
            if header {
                name.to_ascii_lowercase()
            } else {
                name.to_owned()
            },
        ))
    };
    key(a) == key(b)
}
