//! Simplifies `oneOf` and `anyOf`: one alternative is not a choice, alternatives that only differ
//! in what is required narrow an object, and enums beside each other are one enum.

use crate::lower::shape::{is_annotation, properties, reference, type_of, union};
use crate::lower::{checked, context::Context, walk};
use contract::Node;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        only_required(schema, context);
        enums(schema);
        single(schema);
    });
}

/// `anyOf: [{required: [a]}, {required: [b]}]` says which properties come together.
fn only_required(schema: &mut Node, context: &mut Context<'_>) {
    let Some((key, members)) = union(schema) else {
        return;
    };
    let narrowing = |node: &Node| {
        let mut keys = node.members().iter().map(|member| member.key.as_str());
        keys.all(|key| key == "required" || key == "type" || is_annotation(key))
            && node.contains_key("required")
    };
    if members.is_empty() || !members.iter().all(narrowing) {
        return;
    }
    let what = "any combination of properties is accepted";
    let span = members[0].span;
    let message = match keep_for_servers(schema, key) {
        true => format!("`{key}` is checked by servers alone: elsewhere {what}"),
        false => format!("`{key}` is not enforced: {what}"),
    };
    context.warn("lower::not-enforced", message, span);
    schema.remove(key);
}

/// Requests do not carry what is `readOnly`, so that a choice which asks for it is not checked.
fn keep_for_servers(schema: &mut Node, key: &str) -> bool {
    let is_read_only = |name: &Node| {
        let mut own = properties(schema).iter();
        let own = own.find(|member| Some(member.key.as_str()) == name.as_str());
        own.and_then(|member| member.value.get("readOnly"))
            .is_some_and(|flag| flag.as_bool() == Some(true))
    };
    let members = schema.items_of(key).iter();
    let mut names = members.flat_map(|member| member.items_of("required"));
    if names.any(is_read_only) {
        return false;
    }
    let Some(choice) = schema.get(key).cloned() else {
        return false;
    };
    let mut said = Node::object(schema.span);
    said.insert(key, choice);
    checked::keep(schema, said)
}

/// Alternatives of listed strings become one list.
fn enums(schema: &mut Node) {
    let Some((key, members)) = union(schema) else {
        return;
    };
    let listed = |node: &Node| {
        type_of(node) == Some("string")
            && node.contains_key("enum")
            && !node.contains_key("nullable")
    };
    if members.len() < 2 || !members.iter().all(listed) || schema.contains_key("type") {
        return;
    }
    let mut values: Vec<Node> = Vec::new();
    for value in members.iter().flat_map(|node| node.items_of("enum")) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    let span = members[0].span;
    schema.remove(key);
    schema.remove("discriminator");
    schema.insert("type", Node::string("string", span));
    schema.insert("enum", Node::array(values, span));
}

/// A union of one is that one.
fn single(schema: &mut Node) {
    let Some((key, [only])) = union(schema) else {
        return;
    };
    let only = only.clone();
    let alone = schema.members().iter().all(|member| {
        member.key == key || member.key == "discriminator" || is_annotation(&member.key)
    });
    let span = schema.span;
    schema.remove("discriminator");
    if reference(&only).is_some() || !alone {
        schema.remove(key);
        let mut all = schema
            .remove("allOf")
            .map(|all| all.items().to_vec())
            .unwrap_or_default();
        if only
            .members()
            .iter()
            .any(|member| !is_annotation(&member.key))
        {
            all.push(only);
        }
        if all.is_empty() {
            return;
        }
        schema.insert("allOf", Node::array(all, span));
        return;
    }
    schema.remove(key);
    for member in only.members() {
        if !schema.contains_key(&member.key) {
            schema.insert(member.key.clone(), member.value.clone());
        }
    }
}
