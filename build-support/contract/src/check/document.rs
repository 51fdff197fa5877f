//! The document as a whole: its parts, tags, servers, component names.

use super::context::Context;
use super::paths::template_names;
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::node::Member;
use crate::version::SpecVersion;
use std::collections::HashMap;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(missing_parts(context));
    repeated_tags(context, found);
    component_names(context, found);
    server_variables(context, found);
}

fn missing_parts(context: &Context<'_>) -> Option<Diagnostic> {
    let (parts, message): (&[&str], _) = match context.version {
        SpecVersion::V3_0 => (&["paths"], "a contract of OpenAPI 3.0 must have `paths`"),
        SpecVersion::V3_1 => (
            &["paths", "components", "webhooks"],
            "a contract must have at least one of `paths`, `components` and `webhooks`",
        ),
    };
    if parts.iter().any(|part| context.root.contains_key(part)) {
        return None;
    }
    let openapi = context.root.member("openapi")?;
    let found = match ["components", "webhooks"].map(|part| context.root.contains_key(part)) {
        [false, false] => Diagnostic::error("read::missing-field", message, openapi.key_span),
        _ => Diagnostic::warning("read::missing-field", message, openapi.key_span),
    };
    Some(
        found
            .with_label("in this document")
            .with_help("add `paths: {}` if there are none yet"),
    )
}

fn repeated_tags(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first = HashMap::new();
    for place in context.walk.of(Kind::Tag) {
        let Some(name) = place.node.get("name") else {
            continue;
        };
        let Some(text) = name.as_str() else { continue };
        match first.get(text) {
            None => {
                first.insert(text, name.span);
            }
            Some(before) => found.push(
                Diagnostic::warning(
                    "read::duplicate-tag",
                    format!("the tag `{text}` is declared twice"),
                    name.span,
                )
                .with_label("again here")
                .with_related(*before, "first here")
                .with_help("keep one of the two"),
            ),
        }
    }
}

fn component_names(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let sections = context.root.members_of("components").iter();
    for section in sections.filter(|section| !section.key.starts_with("x-")) {
        found.extend(section.value.members().iter().filter_map(component_name));
    }
}

fn component_name(member: &Member) -> Option<Diagnostic> {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !member.key.is_empty() && member.key.chars().all(letter) {
        return None;
    }
    let message = format!("`{}` is not a valid name for a component", member.key);
    Some(
        Diagnostic::warning("read::component-name", message, member.key_span)
            .with_label("kept under a name like it")
            .with_help("use the letters A-Z and a-z, digits, `.`, `-` and `_`"),
    )
}

fn server_variables(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for place in context.walk.of(Kind::Server) {
        let Some(url) = place.node.get("url") else {
            continue;
        };
        let Some(Ok(names)) = url.as_str().map(template_names) else {
            continue;
        };
        let variables = place.node.get("variables");
        for name in names {
            if variables.is_none_or(|variables| !variables.contains_key(&name)) {
                let message = format!("the server's URL has no variable `{name}` to fill in");
                let span = context.within(url.span, &format!("{{{name}}}"));
                found.push(
                    Diagnostic::warning("read::server-variable", message, span)
                        .with_help(format!("add it under `variables` with a default: `{name}`")),
                );
            }
        }
    }
}
