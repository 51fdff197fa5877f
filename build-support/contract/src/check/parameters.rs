//! Parameters and headers one by one, and parameters of one operation beside each other.

use super::context::Context;
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::node::Node;
use crate::span::Span;
use std::collections::HashMap;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for place in context.walk.of(Kind::Parameter) {
        found.extend(optional_in_path(place.node));
        found.extend(schema_or_content(place.node, "a parameter"));
    }
    for place in context.walk.of(Kind::Header) {
        found.extend(schema_or_content(place.node, "a header"));
    }
    for place in &context.walk.places {
        if matches!(place.kind, Kind::Operation | Kind::PathItem) {
            repeated(context, place.node, found);
        }
    }
}

fn optional_in_path(parameter: &Node) -> Option<Diagnostic> {
    let location = parameter.get("in")?;
    let required = parameter.get("required");
    if location.as_str() != Some("path") || required.and_then(Node::as_bool) == Some(true) {
        return None;
    }
    let span = required.map_or(location.span, |required| required.span);
    Some(
        Diagnostic::warning(
            "read::optional-path-parameter",
            "a path parameter must be required",
            span,
        )
        .with_label("taken as required")
        .with_help("write `required: true`"),
    )
}

/// Exactly one of the two says what the value looks like.
fn schema_or_content(node: &Node, noun: &str) -> Option<Diagnostic> {
    let content = node.member("content");
    let message = match (node.contains_key("schema"), content) {
        (false, None) => format!("{noun} must have `schema` or `content`"),
        (true, Some(_)) => format!("{noun} has `schema` or `content`, never both"),
        (false, Some(content)) if content.value.members().len() != 1 => {
            format!("the `content` of {noun} has exactly one media type")
        }
        _ => return None,
    };
    let span = content
        .or(node.members().first())
        .map(|member| member.key_span);
    Some(
        Diagnostic::warning("read::parameter", message, span.unwrap_or(node.span))
            .with_label(match node.contains_key("schema") {
                true => "the `schema` counts",
                false => "taken as any value",
            })
            .with_help(
                "a plain value has a `schema`; `content` is for values in a format of their own",
            ),
    )
}

fn repeated(context: &Context<'_>, owner: &Node, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<(String, String), Span> = HashMap::new();
    for written in owner.items_of("parameters") {
        let Some((name, location)) = identity(context, written) else {
            continue;
        };
        let span = written
            .get("$ref")
            .or(written.get("name"))
            .map(|node| node.span);
        let span = span.unwrap_or(written.span);
        let message = format!("the {location} parameter `{name}` is declared twice");
        if let Some(before) = first.insert((name, location), span) {
            found.push(
                Diagnostic::warning("read::duplicate-parameter", message, span)
                    .with_label("again here; the first counts")
                    .with_related(before, "first here")
                    .with_help("keep one of the two"),
            );
        }
    }
}

/// A parameter is identified by name and location; header names are compared in lower case.
fn identity(context: &Context<'_>, written: &Node) -> Option<(String, String)> {
    let parameter = context.resolve_pointed(written)?;
    let location = parameter.get("in")?.as_str()?;
    let name = parameter.get("name")?.as_str()?;
    let name = match location {
        "header" => name.to_lowercase(),
        _ => name.to_owned(),
    };
    Some((name, location.to_owned()))
}
