//! Completes discriminators: afterwards the mapping names every alternative, by the component it
//! is. Alternatives that each require another constant in one property get a discriminator of
//! their own.

use crate::lower::shape::{component_of, properties, referred, resolve, type_of, union};
use crate::lower::{context::Context, walk};
use contract::{Node, Span};
use std::collections::BTreeSet;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let all = root.clone();
    walk::schemas_mut(root, &mut |schema| {
        if schema.contains_key("discriminator") && union(schema).is_none() {
            alone(schema, context);
        } else if schema.contains_key("discriminator") {
            complete(schema, &all, context);
        } else if let Some(property) = constant_property(schema, &all) {
            let span = schema.span;
            let mut discriminator = Node::object(span);
            discriminator.insert("propertyName", Node::string(property, span));
            schema.insert("discriminator", discriminator);
            complete(schema, &all, context);
        }
    });
}

/// A discriminator on a base type: who refers to the base gets the base.
fn alone(schema: &mut Node, context: &mut Context<'_>) {
    let Some(discriminator) = schema.remove("discriminator") else {
        return;
    };
    let message = "`discriminator` without `oneOf` is not followed: values are read as this schema, \
                   without what its derived schemas add";
    context.warn("lower::base-discriminator", message, discriminator.span);
}

fn complete(schema: &mut Node, all: &Node, context: &mut Context<'_>) {
    let Some(discriminator) = schema.get("discriminator").cloned() else {
        return;
    };
    let Some(tag) = discriminator.get("propertyName").and_then(Node::as_str) else {
        let message = "`discriminator` without `propertyName`";
        return context.error("lower::discriminator", message, discriminator.span);
    };
    let alternatives = union(schema)
        .map(|(_, members)| members.to_vec())
        .unwrap_or_default();
    let mut mapping = Node::object(discriminator.span);
    for alternative in &alternatives {
        let Some(name) = referred(alternative) else {
            let message = "an alternative chosen by `discriminator` must be an object";
            context.error("lower::discriminator", message, alternative.span);
            continue;
        };
        for (value, span) in values(&discriminator, alternative, name, tag, all) {
            let target = Node::string(format!("#/components/schemas/{name}"), span);
            if mapping.insert(value.as_str(), target).is_some() {
                let message = format!("`{tag}: {value}` chooses two alternatives");
                context.error("lower::discriminator", message, span);
            }
        }
    }
    strangers(&discriminator, &alternatives, context);
    let mut completed = discriminator.clone();
    completed.insert("mapping", mapping);
    schema.insert("discriminator", completed);
    if let Some(any) = schema.remove("anyOf") {
        schema.insert("oneOf", any);
    }
}

/// The tag values that choose an alternative: those mapped to it, else the constant its property
/// must have, else its name.
fn values(
    discriminator: &Node,
    alternative: &Node,
    name: &str,
    tag: &str,
    all: &Node,
) -> Vec<(String, Span)> {
    let mapping = discriminator.members_of("mapping");
    let mapped = mapping
        .iter()
        .filter(|entry| target_name(&entry.value) == Some(name));
    let mapped: Vec<_> = mapped
        .map(|entry| (entry.key.clone(), entry.key_span))
        .collect();
    if !mapped.is_empty() {
        return mapped;
    }
    let constants = constants(alternative, tag, all);
    let chosen = if constants.is_empty() {
        vec![name.to_owned()]
    } else {
        constants
    };
    chosen
        .into_iter()
        .map(|value| (value, alternative.span))
        .collect()
}

/// A mapping names a component by reference or by its bare name.
fn target_name(node: &Node) -> Option<&str> {
    let text = node.as_str()?;
    component_of(text).or_else(|| (!text.contains(['/', '#'])).then_some(text))
}

fn strangers(discriminator: &Node, alternatives: &[Node], context: &mut Context<'_>) {
    for entry in discriminator.members_of("mapping") {
        let name = target_name(&entry.value);
        if !alternatives
            .iter()
            .any(|node| referred(node) == name && name.is_some())
        {
            let message = format!(
                "`{}` is mapped to a schema that is not an alternative",
                entry.key
            );
            context.warn("lower::discriminator", message, entry.key_span);
        }
    }
}

/// The listed values of an alternative's property.
fn constants(alternative: &Node, property: &str, all: &Node) -> Vec<String> {
    let values = || {
        let object = resolve(all, alternative)?;
        let member = properties(object)
            .iter()
            .find(|member| member.key == property)?;
        let schema = resolve(all, &member.value)?;
        (type_of(schema) == Some("string")).then_some(())?;
        let values = schema.get("enum")?.items().iter();
        Some(
            values
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect::<Vec<_>>(),
        )
    };
    // Where a property is shared by all alternatives its list says nothing about this one.
    values()
        .filter(|values| values.len() == 1)
        .unwrap_or_default()
}

/// A property that every alternative requires, with one listed value, another one in each.
fn constant_property(schema: &Node, all: &Node) -> Option<String> {
    let (_, alternatives) = union(schema)?;
    if alternatives.len() < 2 || !alternatives.iter().all(|node| referred(node).is_some()) {
        return None;
    }
    let first = resolve(all, alternatives.first()?)?;
    let candidates = properties(first).iter().map(|member| member.key.as_str());
    let mut fitting = candidates.filter(|property| {
        let values: Vec<Vec<String>> = alternatives
            .iter()
            .filter(|node| requires(node, property, all))
            .map(|node| constants(node, property, all))
            .collect();
        let distinct: BTreeSet<&String> = values.iter().flatten().collect();
        values.len() == alternatives.len() && distinct.len() == alternatives.len()
    });
    fitting.next().map(str::to_owned)
}

fn requires(alternative: &Node, property: &str, all: &Node) -> bool {
    let required = resolve(all, alternative).and_then(|object| object.get("required"));
    let mut names = required.map(Node::items).unwrap_or_default().iter();
    names.any(|name| name.as_str() == Some(property))
}
