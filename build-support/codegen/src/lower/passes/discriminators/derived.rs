//! A discriminator on a base type: the base becomes a union of what is derived from it by `allOf`.

use crate::lower::extensions::COMPOSED_OF;
use crate::lower::names::Names;
use crate::lower::passes::{ref_to, schemas_of};
use crate::lower::shape::{
    component, component_of, is_annotation, listed, referred, type_of, union,
};
use contract::pointer::to_component;
use contract::{Member, Node};

/// Turns every such base that something is derived from into a union.
pub(super) fn run(root: &mut Node) {
    let all = root.clone();
    let mut names = Names::taken_by(root);
    let bases: Vec<String> = schemas(&all)
        .iter()
        .filter(|member| is_base(&member.value))
        .map(|member| member.key.clone())
        .collect();
    for name in bases {
        let members = members_of(&name, &all);
        if members.iter().any(|member| *member != name) {
            replace(root, &name, &members, &all, &mut names);
        }
    }
}

fn schemas(all: &Node) -> &[Member] {
    all.components("schemas")
}

fn is_base(schema: &Node) -> bool {
    schema.contains_key("discriminator") && union(schema).is_none()
}

/// What a value of the base may be: what is derived from it, what its mapping names, and itself
/// where the mapping or the list of its tag says so.
fn members_of(base: &str, all: &Node) -> Vec<String> {
    let mut found = Vec::new();
    derived(base, all, &mut found);
    if component(all, base).is_some_and(|schema| lists_itself(base, schema, all)) {
        found.push(base.to_owned());
    }
    let mapping = component(all, base).and_then(|schema| schema.pointer("/discriminator/mapping"));
    for entry in mapping.map(Node::members).unwrap_or_default() {
        let name = super::target_name(&entry.value).unwrap_or_default();
        let known = found.iter().any(|other| other == name);
        if !known && component(all, name).is_some_and(|schema| union(schema).is_none()) {
            found.push(name.to_owned());
        }
    }
    found
}

/// Whether the tag of a base may be the base's own name, which no mapping gives to another schema: it lists
/// the name, or is any string and no other value is mapped to the base.
fn lists_itself(base: &str, schema: &Node, all: &Node) -> bool {
    let mapping = schema.pointer("/discriminator/mapping").map(Node::members);
    let mapping = mapping.unwrap_or_default();
    let tag = schema.pointer("/discriminator/propertyName");
    let property = tag.and_then(|tag| schema.get("properties")?.get(tag.as_str()?));
    let is_mapped = || {
        let mut targets = mapping.iter().map(|entry| super::target_name(&entry.value));
        targets.any(|target| target == Some(base))
    };
    let may_be = |property: &Node| match listed(all, property) {
        Some(values) => values.iter().any(|value| value.as_str() == Some(base)),
        None => type_of(property) == Some("string") && !is_mapped(),
    };
    mapping.iter().all(|entry| entry.key != base) && property.is_some_and(may_be)
}

/// Everything composed of a schema, nearest first. Below a base of its own nothing is looked for:
/// it is a union by itself.
fn derived(base: &str, all: &Node, found: &mut Vec<String>) {
    for member in schemas(all) {
        let of_base = member.value.items_of(COMPOSED_OF).iter();
        let of_base = of_base.filter_map(Node::as_str).any(|name| name == base);
        if of_base && !found.contains(&member.key) && member.key != base {
            found.push(member.key.clone());
            if !is_base(&member.value) {
                derived(&member.key, all, found);
            }
        }
    }
}

/// Writes the union in the place of the base. Where the base is one of its own members, or another
/// name for it is, its properties become a schema of their own.
fn replace(root: &mut Node, base: &str, members: &[String], all: &Node, names: &mut Names) {
    let Some(schema) = component(all, base) else {
        return;
    };
    let span = schema.span;
    let itself =
        |name: &String| name == base || component(all, name).and_then(referred) == Some(base);
    let own = members
        .iter()
        .any(itself)
        .then(|| names.fresh(&format!("{base}Base")));
    let target = |name: &String| match &own {
        Some(own) if itself(name) => own.clone(),
        _ => name.clone(),
    };
    let mut alternatives: Vec<Node> = Vec::new();
    for name in members {
        let alternative = ref_to(&target(name), span);
        if !alternatives.contains(&alternative) {
            alternatives.push(alternative);
        }
    }
    let mut choice = Node::object(span);
    for member in schema
        .members()
        .iter()
        .filter(|one| is_annotation(&one.key))
    {
        if member.key != COMPOSED_OF {
            choice.insert(member.key.clone(), member.value.clone());
        }
    }
    choice.insert("oneOf", Node::array(alternatives, span));
    if let Some(discriminator) = schema.get("discriminator") {
        let mut discriminator = mapped(discriminator, &target);
        if let Some(own) = own.as_ref().filter(|_| lists_itself(base, schema, all)) {
            map_itself(&mut discriminator, base, own);
        }
        choice.insert("discriminator", discriminator);
    }
    let schemas = schemas_of(root);
    schemas.insert(base, choice);
    if let Some(own) = own {
        let mut object = schema.clone();
        object.remove("discriminator");
        schemas.insert(own, object);
    }
}

/// Says that the name of a base chooses the schema that its properties are in.
fn map_itself(discriminator: &mut Node, base: &str, own: &str) {
    let span = discriminator.span;
    if !discriminator.contains_key("mapping") {
        discriminator.insert("mapping", Node::object(span));
    }
    if let Some(mapping) = discriminator.get_mut("mapping") {
        mapping.insert(base, Node::string(to_component(own), span));
    }
}

/// The discriminator with its mapping led to where its targets are now.
fn mapped(discriminator: &Node, target: &dyn Fn(&String) -> String) -> Node {
    let mut out = discriminator.clone();
    let Some(mapping) = discriminator.get("mapping") else {
        return out;
    };
    let mut led = Node::object(mapping.span);
    for entry in mapping.members() {
        let name = super::target_name(&entry.value).unwrap_or_default();
        let reference = ref_to(&target(&name.to_owned()), entry.key_span);
        let text = reference.get("$ref").and_then(Node::as_str);
        debug_assert!(text.and_then(component_of).is_some());
        let text = text.unwrap_or_default();
        led.insert(entry.key.as_str(), Node::string(text, entry.key_span));
    }
    out.insert("mapping", led);
    out
}
