//! Completes discriminators: afterwards the mapping names every alternative, by the component it
//! is. Children of one base get its discriminator, and alternatives that each require another constant
//! in one property one of their own.

mod derived;
mod siblings;

use crate::lower::shape::{component_of, properties, referred, resolve, type_of, union};
use crate::lower::{context::Context, shape, walk};
use contract::diagnostics::Diagnostic;
use contract::pointer::to_component;
use contract::{Node, Span, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    derived::run(root);
    let all = root.clone();
    let mut several = Vec::new();
    walk::schemas_mut(root, &mut |schema| {
        if schema.contains_key("discriminator") && union(schema).is_none() {
            alone(schema, context);
        } else if schema.contains_key("discriminator") {
            complete(schema, &all, &mut several, context);
        } else if let Some(discriminator) = implied(schema, &all) {
            schema.insert("discriminator", discriminator);
            complete(schema, &all, &mut several, context);
        }
    });
    for (component, tag) in several {
        declare(root, &component, &tag);
    }
}

/// A discriminator on a type that nothing is derived from.
fn alone(schema: &mut Node, context: &mut Context<'_>) {
    let Some(discriminator) = schema.remove("discriminator") else {
        return;
    };
    let message = "`discriminator` without `oneOf` says nothing here: no schema is derived from \
                   this one by `allOf`";
    context.warn("lower::base-discriminator", message, discriminator.span);
}

/// What tells alternatives apart that have no discriminator: that of the base of all of them, or a constant.
fn implied(schema: &Node, all: &Node) -> Option<Node> {
    let of_base = siblings::discriminator(schema, all).filter(|discriminator| {
        let tag = discriminator.get("propertyName").and_then(Node::as_str);
        let alternatives = union(schema).map(|(_, members)| members);
        tag.zip(alternatives)
            .is_some_and(|(tag, members)| mapping(discriminator, tag, members, all).is_ok())
    });
    of_base.or_else(|| {
        let property = constant_property(schema, all)?;
        let mut discriminator = Node::object(schema.span);
        discriminator.insert("propertyName", Node::string(property, schema.span));
        Some(discriminator)
    })
}

/// Writes the whole mapping. Where the property does not say which alternative a value is, the
/// discriminator is removed, and the shape of a value decides.
fn complete(
    schema: &mut Node,
    all: &Node,
    several: &mut Vec<(String, String)>,
    context: &mut Context<'_>,
) {
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
    let mapping = match mapping(&discriminator, tag, &alternatives, all) {
        Ok(mapping) => mapping,
        Err(warning) => {
            context.found.push(*warning);
            schema.remove("discriminator");
            return;
        }
    };
    let objects = alternatives.iter().filter_map(referred);
    several.extend(
        objects
            .map(|name| (name.to_owned(), tag.to_owned()))
            .filter(|(name, _)| {
                let of_name = |entry: &&contract::Member| target_name(&entry.value) == Some(name);
                mapping.members().iter().filter(of_name).count() > 1
            }),
    );
    strangers(&discriminator, &alternatives, context);
    let mut completed = discriminator.clone();
    completed.insert("mapping", mapping);
    schema.insert("discriminator", completed);
    if let Some(any) = schema.remove("anyOf") {
        schema.insert("oneOf", any);
    }
}

/// The component that each value of the tag chooses.
fn mapping(
    discriminator: &Node,
    tag: &str,
    alternatives: &[Node],
    all: &Node,
) -> Result<Node, Box<Diagnostic>> {
    let by_shape = |message: String, span| {
        let warning = Diagnostic::warning("lower::discriminator", message, span);
        Box::new(warning.with_label("the shape of a value decides which alternative it is"))
    };
    let mut mapping = Node::object(discriminator.span);
    let known = Tag::of(tag, alternatives, all);
    for alternative in alternatives {
        let Some(name) = referred(alternative) else {
            let message = "an alternative chosen by `discriminator` is not an object".to_owned();
            return Err(by_shape(message, alternative.span));
        };
        let chosen = values(discriminator, alternative, name, &known, all, 0);
        if chosen.is_empty() {
            let message = format!(
                "`{tag}` of `{name}` cannot be `{name}`, and no `mapping` says what else it is"
            );
            return Err(by_shape(message, alternative.span));
        }
        for (value, span) in chosen {
            let target = Node::string(to_component(name), span);
            if mapping.insert(value.as_str(), target).is_some() {
                let message = format!("`{tag}: {value}` chooses two alternatives");
                return Err(by_shape(message, span));
            }
        }
    }
    Ok(mapping)
}

/// Declares the tag in an object that several of its values choose and that does not list it, so
/// that the value is kept.
fn declare(root: &mut Node, component: &str, tag: &str) {
    let found = root.components("schemas").iter();
    let found = found.filter(|member| member.key == component);
    let objects = found.filter(|member| type_of(&member.value) == Some("object"));
    let silent = |schema: &Node| properties(schema).iter().all(|one| one.key != tag);
    if !objects.into_iter().any(|member| silent(&member.value)) {
        return;
    }
    let Some(object) = super::schemas_of(root).get_mut(component) else {
        return;
    };
    let span = object.span;
    if !object.contains_key("properties") {
        object.insert("properties", Node::object(span));
    }
    if let Some(properties) = object.get_mut("properties") {
        let mut text = Node::object(span);
        text.insert("type", Node::string("string", span));
        properties.insert(tag, text);
    }
}

/// The tag among alternatives, and how many of them list each of its values.
struct Tag<'a> {
    name: &'a str,
    lists: BTreeMap<String, usize>,
}

impl<'a> Tag<'a> {
    fn of(name: &'a str, alternatives: &[Node], all: &Node) -> Self {
        let mut lists = BTreeMap::new();
        for value in alternatives.iter().flat_map(|node| listed(node, name, all)) {
            *lists.entry(value).or_default() += 1;
        }
        Self { name, lists }
    }

    /// Whether one alternative alone lists a value.
    fn is_of_one(&self, value: &str) -> bool {
        self.lists.get(value) == Some(&1)
    }
}

/// The tag values that choose an alternative: those that choose a member of it, where it is a union
/// by the same tag itself, those mapped to it, else those that its property lists and that of no
/// other alternative does, and its name, where its property may be that.
fn values(
    discriminator: &Node,
    alternative: &Node,
    name: &str,
    tag: &Tag<'_>,
    all: &Node,
    depth: usize,
) -> Vec<(String, Span)> {
    let inner = nested(alternative, tag.name, all, depth);
    if !inner.is_empty() {
        return inner;
    }
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
    let mut chosen = listed(alternative, tag.name, all);
    if chosen.is_empty() {
        chosen.push(name.to_owned());
    }
    chosen.retain(|value| tag.is_of_one(value) || value == name);
    chosen
        .into_iter()
        .map(|value| (value, alternative.span))
        .collect()
}

/// The tag values that choose among the members of an alternative which is a union by the same tag.
fn nested(alternative: &Node, tag: &str, all: &Node, depth: usize) -> Vec<(String, Span)> {
    let Some(inner) = resolve(all, alternative).filter(|_| depth < 16) else {
        return Vec::new();
    };
    let Some((_, members)) = union(inner) else {
        return Vec::new();
    };
    let discriminator = match inner.get("discriminator") {
        Some(own) if own.get("propertyName").and_then(Node::as_str) == Some(tag) => own.clone(),
        None if constant_property(inner, all).as_deref() == Some(tag) => Node::object(inner.span),
        _ => return Vec::new(),
    };
    let known = Tag::of(tag, members, all);
    let of_member = |member: &Node| {
        let found = referred(member);
        let tag = &known;
        let found = found.map(|name| values(&discriminator, member, name, tag, all, depth + 1));
        found.unwrap_or_default()
    };
    members.iter().flat_map(of_member).collect()
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

/// The only value of an alternative's property.
fn constant(alternative: &Node, property: &str, all: &Node) -> Option<String> {
    let mut values = listed(alternative, property, all);
    values.pop().filter(|_| values.is_empty())
}

/// The listed values of an alternative's property.
fn listed(alternative: &Node, property: &str, all: &Node) -> Vec<String> {
    let values = || {
        let object = resolve(all, alternative)?;
        let member = properties(object)
            .iter()
            .find(|member| member.key == property)?;
        let values = shape::listed(all, &member.value)?.iter();
        let text = |value: &Node| match &value.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) if !number.is_f64() => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        };
        Some(values.filter_map(text).collect::<Vec<_>>())
    };
    values().unwrap_or_default()
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
        let requiring = alternatives
            .iter()
            .filter(|node| requires(node, property, all));
        let distinct: BTreeSet<String> = requiring
            .filter_map(|node| constant(node, property, all))
            .collect();
        distinct.len() == alternatives.len()
    });
    fitting.next().map(str::to_owned)
}

fn requires(alternative: &Node, property: &str, all: &Node) -> bool {
    let required = resolve(all, alternative).and_then(|object| object.get("required"));
    let mut names = required.map(Node::items).unwrap_or_default().iter();
    names.any(|name| name.as_str() == Some(property))
}
