//! Writes `$dynamicRef` and `$recursiveRef` as a plain `$ref` where the document has only one
//! schema they can lead to. Others are reported, and can be any value.

use crate::lower::shape::reference;
use crate::lower::{context::Context, walk};
use contract::Node;
use contract::pointer::to_component;
use contract::vocabulary::ObjectKind;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let mut anchors = Anchors::default();
    for member in root.components("schemas") {
        let name = contract::pointer::escape(&member.key);
        anchors.look(&member.value, &to_component(&name), 0);
    }
    let components = super::schemas_of(root).as_object_mut();
    for member in components.into_iter().flatten() {
        let own = to_component(&contract::pointer::escape(&member.key));
        walk::visit_mut(&mut member.value, ObjectKind::Schema, &mut |kind, node| {
            if kind == ObjectKind::Schema {
                lead(node, &anchors, Some(&own), context);
            }
        });
    }
    walk::schemas_mut(root, &mut |schema| {
        lead(schema, &anchors, None, context);
        schema.remove("$dynamicAnchor");
    });
}

/// Writes the references of a schema as plain ones, where it is known which component it is in.
fn lead(schema: &mut Node, anchors: &Anchors, own: Option<&str>, context: &mut Context<'_>) {
    for key in ["$dynamicRef", "$recursiveRef"] {
        let Some(member) = schema.member(key) else {
            continue;
        };
        let target = member.value.as_str().unwrap_or_default();
        // Without anchors the root of a schema is what it has inside.
        let root = own.filter(|_| key == "$recursiveRef" && target == "#");
        let root = root.filter(|_| anchors.recursive.is_empty());
        let only = anchors.only(key, target).or(root.map(str::to_owned));
        if only.is_none() {
            let message = format!(
                "which schema `{key}` leads to depends on who refers to this one: taken as any value"
            );
            context.warn("lower::dynamic-reference", message, member.key_span);
        }
        let span = schema.span;
        schema.remove(key);
        if let Some(only) = only.filter(|_| reference(schema).is_none()) {
            schema.insert("$ref", Node::string(only, span));
        }
    }
}

/// Where the anchors of component schemas and their definitions are.
#[derive(Default)]
struct Anchors {
    /// Name and pointer of each `$dynamicAnchor`.
    dynamic: Vec<(String, String)>,
    /// The pointer of each schema with `$recursiveAnchor: true`.
    recursive: Vec<String>,
}

impl Anchors {
    fn look(&mut self, schema: &Node, pointer: &str, depth: usize) {
        if let Some(name) = schema.get("$dynamicAnchor").and_then(Node::as_str) {
            self.dynamic.push((name.to_owned(), pointer.to_owned()));
        }
        if schema.get("$recursiveAnchor").and_then(Node::as_bool) == Some(true) {
            self.recursive.push(pointer.to_owned());
        }
        if depth == 16 {
            return;
        }
        for member in schema.members_of("$defs") {
            let name = contract::pointer::escape(&member.key);
            self.look(&member.value, &format!("{pointer}/$defs/{name}"), depth + 1);
        }
    }

    /// The only schema that a reference can lead to.
    fn only(&self, key: &str, target: &str) -> Option<String> {
        if key == "$recursiveRef" {
            return match self.recursive.as_slice() {
                [only] if target == "#" => Some(only.clone()),
                _ => None,
            };
        }
        if target.starts_with("#/") {
            return Some(target.to_owned());
        }
        let name = target.strip_prefix('#')?;
        let mut named = self.dynamic.iter().filter(|(known, _)| known == name);
        let (_, only) = named.next()?;
        named.next().is_none().then(|| only.clone())
    }
}
