//! Operations: their names and their responses.

use super::context::Context;
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::node::Node;
use crate::status::is_status;
use crate::version::SpecVersion;
use std::collections::HashMap;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    repeated_ids(context, found);
    if context.version == SpecVersion::V3_0 {
        let operations = context.walk.of(Kind::Operation).map(|place| place.node);
        found.extend(operations.filter_map(without_responses));
    }
    for place in context.walk.of(Kind::Responses) {
        statuses(place.node, found);
    }
}

fn repeated_ids(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first = HashMap::new();
    let operations = context.walk.of(Kind::Operation);
    for id in operations.filter_map(|place| place.node.get("operationId")) {
        let Some(text) = id.as_str() else { continue };
        let Some(before) = first.insert(text, id.span) else {
            continue;
        };
        let (again, before) = (id.span.max(before), id.span.min(before));
        first.insert(text, before);
        found.push(
            Diagnostic::warning(
                "read::duplicate-operation-id",
                format!("two operations are called `{text}`"),
                again,
            )
            .with_label("again here")
            .with_related(before, "first here")
            .with_help("give each operation an `operationId` of its own"),
        );
    }
}

fn without_responses(operation: &Node) -> Option<Diagnostic> {
    if operation.contains_key("responses") {
        return None;
    }
    let span = operation.members().first()?.key_span;
    Some(
        Diagnostic::warning(
            "read::missing-field",
            "an operation must have `responses`",
            span,
        )
        .with_label("`responses` is missing in this object")
        .with_help("document at least one response"),
    )
}

fn statuses(responses: &Node, found: &mut Vec<Diagnostic>) {
    let documented = responses.members().iter();
    let mut documented = documented
        .filter(|member| !member.key.starts_with("x-"))
        .peekable();
    if documented.peek().is_none() {
        found.push(
            Diagnostic::warning(
                "read::no-response",
                "an operation must document at least one response",
                responses.span,
            )
            .with_help("add the status of success, or `default`"),
        );
    }
    for member in documented {
        if !is_status(&member.key) {
            let message = format!("`{}` is not a valid status", member.key);
            found.push(
                Diagnostic::warning("read::status", message, member.key_span)
                    .with_label(match is_status(&member.key.to_uppercase()) {
                        true => "taken as the range",
                        false => "not looked at",
                    })
                    .with_help("write a code from 100 to 599, a range such as `4XX`, or `default`"),
            );
        }
    }
}
