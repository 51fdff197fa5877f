//! Walking a contract by its grammar: which key of which object holds what.

use super::extensions::RECEIVERS;
use contract::vocabulary::{Holds, ObjectKind, Part, parts};
use contract::{Node, Value};

pub use contract::vocabulary::METHODS;

/// The key that lowering adds to the contract's own: the operations that the server calls.
const RECEIVERS_PART: Part = Part {
    key: Some(RECEIVERS),
    holds: Holds::Named,
    kind: ObjectKind::PathItem,
};

fn all_parts(kind: ObjectKind) -> impl Iterator<Item = &'static Part> {
    let receivers = (kind == ObjectKind::Document).then_some(&RECEIVERS_PART);
    parts(kind).iter().chain(receivers)
}

/// Whether a key holds what keys without a part of their own hold.
fn is_other(key: &str, kind: ObjectKind) -> bool {
    !key.starts_with("x-") && !parts(kind).iter().any(|part| part.key == Some(key))
}

/// Visits a node and everything below it, parents first.
pub fn visit<'a>(node: &'a Node, kind: ObjectKind, f: &mut dyn FnMut(ObjectKind, &'a Node)) {
    f(kind, node);
    for part in all_parts(kind) {
        let Some(key) = part.key else {
            let others = node.members().iter();
            let others = others.filter(|member| is_other(&member.key, kind));
            others.for_each(|member| visit(&member.value, part.kind, f));
            continue;
        };
        let Some(child) = node.get(key) else { continue };
        match part.holds {
            Holds::One => visit(child, part.kind, f),
            Holds::List => {
                let items = child.items().iter();
                items.for_each(|item| visit(item, part.kind, f));
            }
            Holds::Named => {
                let members = child.members().iter();
                members.for_each(|member| visit(&member.value, part.kind, f));
            }
        }
    }
}

/// Visits a node and everything below it to change it, children first, so that what a visit makes
/// of a node is not visited again.
pub fn visit_mut(node: &mut Node, kind: ObjectKind, f: &mut dyn FnMut(ObjectKind, &mut Node)) {
    for part in all_parts(kind) {
        let Some(key) = part.key else {
            let members = node.as_object_mut().map(Vec::as_mut_slice);
            let others = members.unwrap_or_default().iter_mut();
            let others = others.filter(|member| is_other(&member.key, kind));
            others.for_each(|member| visit_mut(&mut member.value, part.kind, f));
            continue;
        };
        let Some(child) = node.get_mut(key) else {
            continue;
        };
        match (part.holds, &mut child.value) {
            (Holds::One, _) => visit_mut(child, part.kind, f),
            (Holds::List, Value::Array(items)) => {
                let items = items.iter_mut();
                items.for_each(|item| visit_mut(item, part.kind, f));
            }
            (Holds::Named, Value::Object(members)) => {
                let members = members.iter_mut();
                members.for_each(|member| visit_mut(&mut member.value, part.kind, f));
            }
            _ => {}
        }
    }
    f(kind, node);
}

/// Visits every schema, children first.
pub fn schemas_mut(root: &mut Node, f: &mut dyn FnMut(&mut Node)) {
    visit_mut(root, ObjectKind::Document, &mut |kind, node| {
        if kind == ObjectKind::Schema {
            f(node);
        }
    });
}

/// Visits every schema, parents first.
pub fn schemas<'a>(root: &'a Node, f: &mut dyn FnMut(&'a Node)) {
    visit(root, ObjectKind::Document, &mut |kind, node| {
        if kind == ObjectKind::Schema {
            f(node);
        }
    });
}

/// An operation and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// `paths`, or [`RECEIVERS`].
    pub section: &'static str,
    /// The path template, or a receiver's key.
    pub path: &'a str,
    /// The method, lowercase.
    pub method: &'a str,
    /// The operation.
    pub node: &'a Node,
}

/// Visits every operation of paths and receivers, in document order.
pub fn operations<'a>(root: &'a Node, f: &mut dyn FnMut(Site<'a>)) {
    for section in ["paths", RECEIVERS] {
        for item in root.members_of(section) {
            for member in item.value.members() {
                if METHODS.contains(&member.key.as_str()) {
                    f(Site {
                        section,
                        path: &item.key,
                        method: &member.key,
                        node: &member.value,
                    });
                }
            }
        }
    }
}

/// Visits every operation of paths and receivers to change it: section, path, method, operation.
pub fn operations_mut(root: &mut Node, f: &mut dyn FnMut(&str, &str, &str, &mut Node)) {
    for section in ["paths", RECEIVERS] {
        let Some(items) = root.get_mut(section).and_then(Node::as_object_mut) else {
            continue;
        };
        for item in items {
            let members = item.value.as_object_mut().map(Vec::as_mut_slice);
            for member in members.unwrap_or_default() {
                if METHODS.contains(&member.key.as_str()) {
                    f(section, &item.key, &member.key, &mut member.value);
                }
            }
        }
    }
}
