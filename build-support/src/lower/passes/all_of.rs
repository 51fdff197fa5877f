//! Merges `allOf`: what is composed of objects becomes one object, with the properties of its
//! parents first.

use crate::lower::extensions::PARENTS;
use crate::lower::merge::{Merged, Merger};
use crate::lower::shape::{
    component, component_of, is_annotation, is_object, reference, resolve, type_of, union,
};
use crate::lower::{Context, walk};
use crate::read::Node;

/// Runs the pass. A lone `$ref` with annotations stays an `allOf` of one.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let all = root.clone();
    walk::schemas_mut(root, &mut |schema| {
        hoist(schema);
        if composed(schema) {
            compose(schema, &all, context);
        }
    });
}

/// `allOf: [{$ref}, {description}]`: members that restrict nothing move outwards.
fn hoist(schema: &mut Node) {
    let Some(members) = schema.get_mut("allOf").and_then(Node::as_array_mut) else {
        return;
    };
    let idle = |node: &Node| {
        node.members()
            .iter()
            .all(|member| is_annotation(&member.key))
    };
    let (idle, rest): (Vec<Node>, Vec<Node>) = members.drain(..).partition(idle);
    *members = rest;
    let empty = members.is_empty();
    for member in idle.iter().flat_map(Node::members) {
        if !schema.contains_key(&member.key) {
            schema.insert(member.key.clone(), member.value.clone());
        }
    }
    if empty {
        schema.remove("allOf");
    }
}

/// Whether several things that restrict stand side by side.
fn composed(schema: &Node) -> bool {
    let own = restrictions(schema)
        .iter()
        .any(|key| !matches!(*key, "allOf" | "oneOf" | "anyOf" | "discriminator"));
    match (schema.get("allOf"), union(schema)) {
        (Some(all), None) => !own_is_nothing_beside_one_reference(own, all),
        (Some(_), Some(_)) => true,
        (None, Some(_)) => own,
        (None, None) => false,
    }
}

fn own_is_nothing_beside_one_reference(own: bool, all: &Node) -> bool {
    !own && matches!(all.items(), [only] if reference(only).is_some())
}

fn restrictions(schema: &Node) -> Vec<&str> {
    let keys = schema.members().iter().map(|member| member.key.as_str());
    keys.filter(|key| !is_annotation(key)).collect()
}

fn compose(schema: &mut Node, all: &Node, context: &mut Context<'_>) {
    let members = schema.get("allOf").map(Node::items).unwrap_or_default();
    let scalar = |node: &Node| {
        !is_object(all, node)
            && resolve(all, node)
                .is_some_and(|node| union(node).is_none() && node.get("allOf").is_none())
    };
    let scalars = members.iter().filter(|node| scalar(node)).count();
    let own_scalar = type_of(schema).is_some_and(|kind| kind != "object");
    if scalars == members.len() && !schema.contains_key("properties") && (scalars > 0 || own_scalar)
    {
        scalar_only(schema, all, context);
    } else if scalars > 0 || own_scalar {
        let message = "`allOf` joins objects with values that are none: nothing can be both";
        context.error("lower::no-values", message, schema.span);
    } else {
        let merged = Merger::new(all, &mut context.found).merge(schema);
        write(schema, merged, all, context);
    }
}

/// Restrictions on a value that is no object: one reference keeps its type, and what restricts it
/// further stays beside it in `allOf`; without a reference the keywords become one schema.
fn scalar_only(schema: &mut Node, all: &Node, context: &mut Context<'_>) {
    if let Some((key, members)) = union(schema) {
        let message = format!("`{key}` beside `type` is not enforced");
        let span = members.first().map_or(schema.span, |member| member.span);
        context.warn("lower::not-enforced", message, span);
        schema.remove(key);
    }
    let members = schema
        .remove("allOf")
        .map(|all| all.items().to_vec())
        .unwrap_or_default();
    let span = schema.span;
    let (references, rest): (Vec<Node>, Vec<Node>) = members
        .into_iter()
        .partition(|node| reference(node).is_some());
    let mut beside = Node::object(span);
    let own: Vec<String> = restrictions(schema)
        .into_iter()
        .map(str::to_owned)
        .collect();
    for key in own {
        let value = schema.remove(&key);
        value
            .into_iter()
            .for_each(|value| drop(beside.insert(key.clone(), value)));
    }
    for member in rest
        .iter()
        .chain(
            references
                .iter()
                .skip(1)
                .filter_map(|node| resolve(all, node)),
        )
        .flat_map(Node::members)
    {
        beside.insert(member.key.clone(), member.value.clone());
    }
    match references.into_iter().next() {
        Some(first) => {
            let mut members = vec![first];
            if !beside.members().is_empty() {
                members.push(beside);
            }
            schema.insert("allOf", Node::array(members, span));
        }
        None => {
            for member in beside.members() {
                if !schema.contains_key(&member.key) {
                    schema.insert(member.key.clone(), member.value.clone());
                }
            }
        }
    }
}

fn write(schema: &mut Node, mut merged: Merged, all: &Node, context: &mut Context<'_>) {
    let span = schema.span;
    let mut out = Node::object(span);
    for member in schema
        .members()
        .iter()
        .filter(|member| is_annotation(&member.key))
    {
        out.insert(member.key.clone(), member.value.clone());
    }
    let unions = std::mem::take(&mut merged.unions);
    match unions.as_slice() {
        [] => object(&mut out, &merged, all),
        [only] if merged.is_empty() => {
            only.members()
                .iter()
                .for_each(|m| drop(out.insert(m.key.clone(), m.value.clone())));
        }
        [only] => distribute(&mut out, only, &merged, all, context),
        [_, second, ..] => {
            let message = "two choices joined by `allOf` have no Rust type";
            context.error("lower::unsupported-composition", message, second.span);
        }
    }
    *schema = out;
}

fn object(out: &mut Node, merged: &Merged, all: &Node) {
    let span = out.span;
    out.insert("type", Node::string("object", span));
    merged.write(out);
    let whole =
        |name: &&String| component(all, name).is_some_and(|parent| merged.covers(parent, all));
    let parents = merged
        .parents
        .iter()
        .filter(whole)
        .map(|name| Node::string(name.as_str(), span));
    let parents: Vec<Node> = parents.collect();
    if !parents.is_empty() {
        out.insert(PARENTS, Node::array(parents, span));
    }
}

/// Properties beside a choice belong to each alternative of it.
fn distribute(
    out: &mut Node,
    choice: &Node,
    merged: &Merged,
    all: &Node,
    context: &mut Context<'_>,
) {
    let Some((key, alternatives)) = union(choice) else {
        return;
    };
    let mut members = Vec::new();
    for alternative in alternatives {
        if !is_object(all, alternative) {
            let message = "properties stand beside an alternative that is no object";
            context.error("lower::unsupported-composition", message, alternative.span);
            continue;
        }
        let mut own = Merger::new(all, &mut context.found).merge(alternative);
        let mut joined = merged.clone();
        joined.absorb(std::mem::take(&mut own), &mut context.found);
        let mut member = Node::object(alternative.span);
        if let Some(name) = reference(alternative).and_then(component_of) {
            member.insert("title", Node::string(name, alternative.span));
            tag_values(&mut member, choice, name);
        }
        object(&mut member, &joined, all);
        members.push(member);
    }
    out.insert(key, Node::array(members, choice.span));
    if let Some(discriminator) = choice.get("discriminator") {
        let mut discriminator = discriminator.clone();
        discriminator.remove("mapping");
        out.insert("discriminator", discriminator);
    }
}

/// The alternative stops being the schema that the mapping names, so it keeps the values itself.
fn tag_values(member: &mut Node, choice: &Node, name: &str) {
    if choice.get("discriminator").is_none() {
        return;
    }
    let mapping = choice
        .pointer("/discriminator/mapping")
        .map(Node::members)
        .unwrap_or_default();
    let names = |target: &Node| {
        target
            .as_str()
            .is_some_and(|to| to == name || component_of(to) == Some(name))
    };
    let values = mapping.iter().filter(|entry| names(&entry.value));
    let mut values: Vec<Node> = values
        .map(|entry| Node::string(entry.key.as_str(), entry.key_span))
        .collect();
    if values.is_empty() {
        values.push(Node::string(name, member.span));
    }
    let span = member.span;
    member.insert(super::discriminators::TAG_VALUES, Node::array(values, span));
}
