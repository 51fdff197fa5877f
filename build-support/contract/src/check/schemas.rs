//! Schemas: names and lists that cannot be intended.

use super::context::Context;
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::nearest::suggestion;
use crate::node::Node;
use crate::version::SpecVersion;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for place in context.walk.of(Kind::Schema) {
        values(place.node, found);
        if context.version == SpecVersion::V3_0 {
            found.extend(list_without_items(place.node));
        }
        if !is_part(&place.pointer) {
            required_names(context, place.node, found);
        }
        discriminator(context, place.node, found);
    }
}

/// Whether the schema is one of several that together describe a value.
fn is_part(pointer: &str) -> bool {
    let mut steps = pointer.rsplit('/');
    let (last, before) = (steps.next().unwrap_or(""), steps.next().unwrap_or(""));
    matches!(before, "allOf" | "anyOf" | "oneOf" | "dependentSchemas")
        || matches!(last, "if" | "then" | "else" | "not")
}

fn values(schema: &Node, found: &mut Vec<Diagnostic>) {
    let Some(list) = schema.get("enum") else {
        return;
    };
    let values = list.items();
    if values.is_empty() && list.as_array().is_some() {
        found.push(
            Diagnostic::warning(
                "read::enum",
                "an `enum` without values allows nothing",
                list.span,
            )
            .with_label("not looked at")
            .with_help("list the values, or delete the `enum`"),
        );
    }
    for (at, value) in values.iter().enumerate() {
        if let Some(before) = values[..at].iter().find(|before| *before == value) {
            found.push(
                Diagnostic::warning(
                    "read::enum",
                    "the value stands twice in the `enum`",
                    value.span,
                )
                .with_label("again here")
                .with_related(before.span, "first here")
                .with_help("keep one of the two"),
            );
        }
    }
}

fn list_without_items(schema: &Node) -> Option<Diagnostic> {
    let kind = schema.get("type")?;
    if kind.as_str() != Some("array") || schema.contains_key("items") {
        return None;
    }
    Some(
        Diagnostic::warning(
            "read::missing-field",
            "an array must have `items` in OpenAPI 3.0",
            kind.span,
        )
        .with_label("taken as an array of anything")
        .with_help("say what the array holds; `items: {}` accepts anything"),
    )
}

/// The names that a schema and those it is made of describe; `complete` where there can be no
/// others.
#[derive(Default)]
struct Described<'a> {
    names: Vec<&'a str>,
    open: bool,
}

impl<'a> Described<'a> {
    fn add(&mut self, context: &'a Context<'_>, schema: &'a Node, depth: usize) {
        let properties = schema.members_of("properties");
        let names = properties.iter();
        self.names.extend(names.map(|member| member.key.as_str()));
        let others = [
            "oneOf",
            "anyOf",
            "patternProperties",
            "if",
            "$dynamicRef",
            "not",
        ];
        let typed = schema.get("additionalProperties");
        self.open |= depth > 16
            || others.iter().any(|word| schema.contains_key(word))
            || typed.is_some_and(|typed| typed.as_object().is_some());
        if self.open {
            return;
        }
        if schema.contains_key("$ref") {
            match context.resolve_pointed(schema) {
                Some(target) => self.add(context, target, depth + 1),
                None => self.open = true,
            }
        }
        for part in schema.items_of("allOf") {
            self.add(context, part, depth + 1);
        }
    }
}

fn required_names(context: &Context<'_>, schema: &Node, found: &mut Vec<Diagnostic>) {
    let parts = schema.items_of("allOf");
    let lists = std::iter::once(schema).chain(parts);
    let lists = lists.filter_map(|part| part.get("required"));
    let mut names = lists.flat_map(Node::items).peekable();
    if names.peek().is_none() {
        return;
    }
    let mut described = Described::default();
    described.add(context, schema, 0);
    if described.open || described.names.is_empty() {
        return;
    }
    for name in names {
        if let Some(text) = name.as_str()
            && !described.names.contains(&text)
        {
            found.push(unknown_name(text, name, &described.names));
        }
    }
}

fn unknown_name(text: &str, name: &Node, known: &[&str]) -> Diagnostic {
    let message = format!("`{text}` is required, but the schema does not describe it");
    let otherwise = || format!("add `{text}` to `properties`, or take it out of `required`");
    let help = suggestion(text, known.iter().copied()).unwrap_or_else(otherwise);
    Diagnostic::warning("read::required-unknown", message, name.span)
        .with_label("no such property")
        .with_help(help)
}

/// Every alternative has the property that distinguishes them.
fn discriminator(context: &Context<'_>, schema: &Node, found: &mut Vec<Diagnostic>) {
    let Some(property) = schema.pointer("/discriminator/propertyName") else {
        return;
    };
    let Some(name) = property.as_str() else {
        return;
    };
    let alternatives = ["oneOf", "anyOf"].into_iter();
    let alternatives = alternatives.filter_map(|word| schema.get(word));
    for alternative in alternatives.flat_map(Node::items) {
        let mut described = Described::default();
        described.add(context, alternative, 0);
        if described.open || described.names.contains(&name) {
            continue;
        }
        let span = alternative.get("$ref").map_or(alternative.span, |r| r.span);
        let message = format!("this alternative lacks `{name}`, the discriminating property");
        found.push(
            Diagnostic::warning("read::discriminator-property", message, span)
                .with_related(property.span, "the discriminating property")
                .with_help(format!(
                    "add `{name}` to its `properties` and to its `required`"
                )),
        );
    }
}
