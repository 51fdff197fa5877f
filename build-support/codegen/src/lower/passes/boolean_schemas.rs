//! Writes `true` as the schema of any value and takes `false` out where nothing can stand.

use crate::lower::{checked, context::Context, walk};
use contract::vocabulary::ObjectKind;
use contract::{Members, Node, Value};

/// Runs the pass. `additionalProperties` keeps its boolean, which OpenAPI 3.0 has too.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| match kind {
        ObjectKind::Schema => {
            properties(node, context);
            items(node);
            alternatives(node, context);
        }
        ObjectKind::Header | ObjectKind::MediaType | ObjectKind::Parameter => {
            any(node.get_mut("schema"), context);
        }
        ObjectKind::Components => {
            let schemas = node.get_mut("schemas").and_then(Node::as_object_mut);
            schemas
                .into_iter()
                .flatten()
                .for_each(|member| any(Some(&mut member.value), context));
        }
        _ => {}
    });
}

fn any(schema: Option<&mut Node>, context: &mut Context<'_>) {
    let Some(schema) = schema else { return };
    match schema.value {
        Value::Bool(true) => schema.value = Value::Object(Members::default()),
        Value::Bool(false) => {
            let message = "a schema of `false` has no values; taken as any value";
            context.warn("lower::no-values", message, schema.span);
            schema.value = Value::Object(Members::default());
        }
        _ => {}
    }
}

/// A property of `false` must be absent: it is left out, and servers alone reject it.
fn properties(schema: &mut Node, context: &mut Context<'_>) {
    let forbidden = schema.members_of("properties").iter();
    let forbidden = forbidden.filter(|member| member.value.as_bool() == Some(false));
    for member in forbidden.cloned().collect::<Vec<_>>() {
        let span = member.value.span;
        let mut absent = Node::object(span);
        absent.insert(member.key, member.value);
        let mut said = Node::object(span);
        said.insert("properties", absent);
        checked::add(schema, vec![said]);
    }
    let Some(properties) = schema.get_mut("properties").and_then(Node::as_object_mut) else {
        return;
    };
    properties.retain(|member| {
        let forbidden = member.value.as_bool() == Some(false);
        if forbidden {
            let message = format!("`{}` is forbidden, which servers alone check", member.key);
            context.warn("lower::not-enforced", message, member.value.span);
        }
        !forbidden
    });
    for member in properties {
        any(Some(&mut member.value), context);
    }
}

/// `items: false` allows only the empty list.
fn items(schema: &mut Node) {
    let Some(items) = schema.get_mut("items") else {
        return;
    };
    let Some(allowed) = items.as_bool() else {
        return;
    };
    items.value = Value::Object(Members::default());
    let span = items.span;
    if !allowed && !schema.contains_key("maxItems") {
        schema.insert("maxItems", Node::number(0, span));
    }
}

/// `true` adds nothing to `allOf`, `false` nothing to `anyOf` and `oneOf`.
fn alternatives(schema: &mut Node, context: &mut Context<'_>) {
    for (key, idle) in [("allOf", true), ("anyOf", false), ("oneOf", false)] {
        let Some(members) = schema.get_mut(key).and_then(Node::as_array_mut) else {
            continue;
        };
        members.retain(|member| member.as_bool() != Some(idle));
        members
            .iter_mut()
            .for_each(|member| any(Some(member), context));
        if members.is_empty() {
            schema.remove(key);
        }
    }
}
