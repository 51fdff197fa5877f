//! Warns of what parameters leave open about the wire, and drops those that OpenAPI says to ignore.

use crate::lower::context::Context;
use crate::lower::extensions::{JSON_TEXT, MAY_BE_EMPTY};
use crate::lower::shape::{is_nullable, is_object, properties, resolve, type_of, union};
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
            fit_style(node, context);
            check(node, &all, context);
            nothing_to_write(node, &all, context);
            always_required(node);
        }
        ObjectKind::Header => fit_style(node, context),
        _ => {}
    });
}

/// Takes out a style that OpenAPI does not have where the parameter or header stands: the usual one
/// counts.
fn fit_style(parameter: &mut Node, context: &mut Context<'_>) {
    let place = parameter.get("in").and_then(Node::as_str);
    let place = place.unwrap_or("header").to_owned();
    let styles: &[&str] = match place.as_str() {
        "path" => &["simple", "label", "matrix"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "cookie" => &["form"],
        _ => &["simple"],
    };
    let style = parameter.get("style").and_then(Node::as_str);
    let Some(style) = style.filter(|style| !styles.contains(style)) else {
        return;
    };
    let message = format!(
        "`style: {style}` does not belong in a {place}: it is taken as `{}`",
        styles[0]
    );
    if let Some(style) = parameter.remove("style") {
        context.warn("lower::style", message, style.span);
    }
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
    let Some(schema) = parameter.get("schema") else {
        let span = parameter.span;
        parameter.insert("schema", Node::object(span));
        return;
    };
    let style = parameter.get("style").and_then(Node::as_str);
    let message = match style {
        _ if parameter.contains_key(JSON_TEXT) => return,
        Some("deepObject") if !is_nested(all, schema) && !is_list(all, schema) => return,
        Some("deepObject") => {
            "OpenAPI does not say how a list, or an object inside of another, travels in the style \
             `deepObject`: each text is sent with the names and numbers that lead to it in brackets \
             (`a[b][0]=1`), and read as that or with the name repeated"
        }
        _ if !is_nested(all, schema) => return,
        _ => {
            "OpenAPI does not say how a list or an object inside of a parameter's list or object \
             travels: it is sent and read as JSON"
        }
    };
    context.warn("lower::nested-parameter", message.to_owned(), schema.span);
}

/// Whether a list or an object holds another one.
fn is_nested(all: &Node, schema: &Node) -> bool {
    let compound = |node: &Node| is_compound(all, node, 0);
    resolve(all, schema).is_some_and(|schema| {
        let properties = properties(schema).iter().map(|property| &property.value);
        let inner = ["items", "additionalProperties"];
        let inner = inner.into_iter().filter_map(|key| schema.get(key));
        properties.chain(inner).any(compound)
    })
}

fn is_list(all: &Node, schema: &Node) -> bool {
    resolve(all, schema).and_then(type_of) == Some("array")
}

/// Whether a value may be a list or an object.
fn is_compound(all: &Node, node: &Node, depth: usize) -> bool {
    let Some(schema) = resolve(all, node).filter(|_| depth < 16) else {
        return false;
    };
    let members = union(schema).map(|(_, members)| members);
    is_object(all, node)
        || type_of(schema) == Some("array")
        || members.is_some_and(|all_of_it| {
            let mut members = all_of_it.iter();
            members.any(|member| is_compound(all, member, depth + 1))
        })
}

/// What no text shows is absent: null, and an empty text that is not a text's value
/// (`allowEmptyValue`). So that it can be read as that, the parameter is not required.
fn nothing_to_write(parameter: &mut Node, all: &Node, context: &mut Context<'_>) {
    let empty = parameter.remove("allowEmptyValue");
    let empty = empty.filter(|flag| flag.as_bool() == Some(true));
    let place = parameter.get("in").and_then(Node::as_str);
    let (in_query, in_path) = (place == Some("query"), place == Some("path"));
    let Some(schema) = parameter.get("schema").filter(|_| !in_path) else {
        return;
    };
    let target = resolve(all, schema);
    let span = schema.span;
    let is_null = is_nullable(schema) || target.is_some_and(is_nullable);
    if let Some(flag) = empty.filter(|_| in_query && !may_be_text(all, schema, 0)) {
        let message = "an empty value is read as absence, and not sent: only a text is empty";
        context.warn("lower::empty-value", message, flag.span);
        parameter.insert(MAY_BE_EMPTY, Node::bool(true, flag.span));
        parameter.remove("required");
    }
    let required = parameter.get("required").and_then(Node::as_bool) == Some(true);
    if required && is_null && !parameter.contains_key(JSON_TEXT) {
        let message =
            "null is not written in a text: the parameter is optional, and its absence is null";
        context.warn("lower::null-parameter", message, span);
        parameter.remove("required");
    }
}

/// Whether some text is a value.
fn may_be_text(all: &Node, node: &Node, depth: usize) -> bool {
    let Some(schema) = resolve(all, node).filter(|_| depth < 16) else {
        return true;
    };
    match (type_of(schema), union(schema)) {
        (Some(kind), _) => kind == "string",
        (None, Some((_, members))) => {
            let mut members = members.iter();
            members.any(|member| may_be_text(all, member, depth + 1))
        }
        (None, None) => !is_object(all, schema),
    }
}

/// A path without one of its segments is another path.
fn always_required(parameter: &mut Node) {
    let span = parameter.span;
    if parameter.get("in").and_then(Node::as_str) == Some("path") {
        parameter.insert("required", Node::bool(true, span));
    }
}
