//! Checks what parameters ask of the wire, and drops those that OpenAPI says to ignore.

use crate::lower::context::Context;
use crate::lower::shape::{is_object, resolve, type_of, union};
use crate::lower::walk;
use contract::Node;
use contract::vocabulary::ObjectKind;

const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let all = root.clone();
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| match kind {
        ObjectKind::Operation => ignored(node, context),
        ObjectKind::Parameter if node.contains_key("in") => {
            check(node, &all, context);
            always_required(node);
        }
        _ => {}
    });
}

fn ignored(operation: &mut Node, context: &mut Context<'_>) {
    let Some(parameters) = operation.get_mut("parameters").and_then(Node::as_array_mut) else {
        return;
    };
    parameters.retain(|parameter| {
        let text = |key| {
            parameter
                .get(key)
                .and_then(Node::as_str)
                .unwrap_or_default()
        };
        let name = text("name").to_ascii_lowercase();
        let ignored = text("in") == "header" && IGNORED_HEADERS.contains(&name.as_str());
        if ignored {
            let message = format!(
                "the header parameter `{}` is ignored, as OpenAPI asks",
                text("name")
            );
            context.warn("lower::ignored-header", message, parameter.span);
        }
        !ignored
    });
}

fn check(parameter: &mut Node, all: &Node, context: &mut Context<'_>) {
    let reject = |context: &mut Context<'_>, what: &str, node: &Node| {
        context.error(
            "lower::unsupported-parameter",
            format!("a parameter {what} is not supported"),
            node.span,
        );
    };
    if let Some(content) = parameter.get("content") {
        reject(context, "described by `content`", content);
    }
    if let Some(style) = parameter.get("style")
        && !matches!(style.as_str(), Some("form" | "simple"))
    {
        let what = format!("of style `{}`", style.as_str().unwrap_or_default());
        reject(context, &what, style);
    }
    let Some(schema) = parameter.get("schema") else {
        let span = parameter.span;
        parameter.insert("schema", Node::object(span));
        return;
    };
    if is_object(all, schema) {
        reject(context, "that is an object", schema);
    } else if let Some(resolved) = resolve(all, schema) {
        let nested = type_of(resolved) == Some("array")
            && resolved.get("items").is_some_and(|items| {
                let deep = |node: &Node| type_of(node) == Some("array") || union(node).is_some();
                is_object(all, items) || resolve(all, items).is_some_and(deep)
            });
        if nested {
            reject(context, "that is a list of lists or objects", schema);
        }
    }
}

/// A path without one of its segments is another path.
fn always_required(parameter: &mut Node) {
    let span = parameter.span;
    if parameter.get("in").and_then(Node::as_str) == Some("path") {
        parameter.insert("required", Node::bool(true, span));
    }
}
