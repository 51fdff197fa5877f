//! Makes the parameters of an operation those of its path: declares, as text, what the path names and
//! the operation does not, leaves out path parameters that the path has no place for, and puts into
//! the query what stands there (`/search?q={text}`). Reading warned of all of it, and of paths without
//! a slash before them, which get one.

use crate::lower::{context::Context, walk};
use contract::{Node, PathTemplate};

/// Runs the pass, when each operation has the parameters of its path.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let paths = root.get_mut("paths").and_then(Node::as_object_mut);
    for path in paths.into_iter().flatten() {
        if !path.key.starts_with('/') && !path.key.starts_with("x-") {
            path.key = format!("/{}", path.key);
        }
    }
    walk::operations_mut(root, &mut |section, path, _, operation| {
        if section == "paths" {
            fit(&PathTemplate::new(path), operation);
        }
    });
}

fn fit(path: &PathTemplate<'_>, operation: &mut Node) {
    let span = operation.span;
    let mut names = path.names();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    let mut all = operation.items_of("parameters").to_vec();
    let before = all.clone();
    for (key, name) in path.named().filter(|(_, name)| !names.contains(name)) {
        let declared = all.iter().position(|one| in_path(one) == Some(name));
        match declared {
            Some(place) => {
                all[place].insert("in", Node::string("query", span));
                all[place].insert("name", Node::string(key, span));
            }
            None if all.iter().any(|one| in_query(one, key)) => {}
            None => all.push(parameter(key, "query", operation)),
        }
    }
    all.retain(|one| in_path(one).is_none_or(|name| names.contains(&name)));
    names.retain(|name| !all.iter().any(|one| in_path(one) == Some(name)));
    let missing = names.iter().map(|name| parameter(name, "path", operation));
    all.extend(missing.collect::<Vec<_>>());
    if all != before {
        operation.insert("parameters", Node::array(all, span));
    }
}

/// The name of a parameter in the path.
fn in_path(parameter: &Node) -> Option<&str> {
    let place = parameter.get("in").and_then(Node::as_str);
    let name = parameter.get("name").and_then(Node::as_str);
    name.filter(|_| place == Some("path"))
}

fn in_query(parameter: &Node, name: &str) -> bool {
    let text = |key| parameter.get(key).and_then(Node::as_str);
    text("in") == Some("query") && text("name") == Some(name)
}

fn parameter(name: &str, place: &str, operation: &Node) -> Node {
    let span = operation.span;
    let text = |text: &str| Node::string(text, span);
    let mut schema = Node::object(span);
    schema.insert("type", text("string"));
    let mut parameter = Node::object(span);
    parameter.insert("name", text(name));
    parameter.insert("in", text(place));
    parameter.insert("required", Node::bool(true, span));
    parameter.insert("schema", schema);
    parameter
}
