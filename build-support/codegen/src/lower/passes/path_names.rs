//! Declares the parameters that a path names and an operation does not, as text, and leaves out path
//! parameters that the path has no place for. Reading warned of both.

use crate::lower::{context::Context, walk};
use contract::{Node, path_names};

/// Runs the pass, when each operation has the parameters of its path.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    walk::operations_mut(root, &mut |section, path, _, operation| {
        if section == "paths" {
            fit(path, operation);
        }
    });
}

fn fit(path: &str, operation: &mut Node) {
    let span = operation.span;
    let names = path_names(path);
    let mut all = operation.items_of("parameters").to_vec();
    let before = all.len();
    let name = |parameter: &Node| -> Option<String> {
        let place = parameter.get("in").and_then(Node::as_str);
        let name = parameter.get("name").and_then(Node::as_str);
        name.filter(|_| place == Some("path")).map(str::to_owned)
    };
    all.retain(|parameter| name(parameter).is_none_or(|name| names.contains(&name.as_str())));
    let declared: Vec<String> = all.iter().filter_map(name).collect();
    let missing = names
        .iter()
        .filter(|name| !declared.iter().any(|known| known == *name));
    let missing: Vec<Node> = missing.map(|name| parameter(name, operation)).collect();
    if missing.is_empty() && all.len() == before {
        return;
    }
    all.extend(missing);
    operation.insert("parameters", Node::array(all, span));
}

fn parameter(name: &str, operation: &Node) -> Node {
    let span = operation.span;
    let text = |text: &str| Node::string(text, span);
    let mut schema = Node::object(span);
    schema.insert("type", text("string"));
    let mut parameter = Node::object(span);
    parameter.insert("name", text(name));
    parameter.insert("in", text("path"));
    parameter.insert("required", Node::bool(true, span));
    parameter.insert("schema", schema);
    parameter
}
