//! Writes `$dynamicRef` and `$recursiveRef` as a plain `$ref` where the document has only one
//! schema they can lead to. Others are left for the pass that reports what has no lowering.

use crate::lower::shape::reference;
use crate::lower::{context::Context, walk};
use contract::Node;
use contract::pointer::to_component;

/// Runs the pass.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let mut anchors = Anchors::default();
    for member in root.components("schemas") {
        let name = contract::pointer::escape(&member.key);
        anchors.look(&member.value, &to_component(&name), 0);
    }
    walk::schemas_mut(root, &mut |schema| {
        for key in ["$dynamicRef", "$recursiveRef"] {
            let Some(target) = schema.get(key).and_then(Node::as_str) else {
                continue;
            };
            if let Some(only) = anchors.only(key, target) {
                let span = schema.span;
                schema.remove(key);
                if reference(schema).is_none() {
                    schema.insert("$ref", Node::string(only, span));
                }
            }
        }
    });
    walk::schemas_mut(root, &mut |schema| drop(schema.remove("$dynamicAnchor")));
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
