//! Moves what `allOf` members merely say outwards: `allOf: [{$ref}, {description}]` is a reference
//! with a description. Beside an object, keywords about strings, numbers and arrays say nothing and
//! go.

use crate::lower::extensions::{CHECKED, IMPLIED_TYPE};
use crate::lower::shape::{is_annotation, is_object};
use crate::lower::{checked, context::Context, walk};
use contract::{Node, vocabulary};

/// Runs the pass. What the schema says itself counts more.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let all = root.clone();
    walk::schemas_mut(root, &mut |schema| hoist(schema, &all));
}

fn hoist(schema: &mut Node, all: &Node) {
    let Some(members) = schema.get_mut("allOf").and_then(Node::as_array_mut) else {
        return;
    };
    let object = members.iter().any(|member| is_object(all, member));
    let idle = |node: &Node| {
        let implied = node.contains_key(IMPLIED_TYPE);
        let mut keys = node.members().iter().map(|member| member.key.as_str());
        keys.all(|key| {
            is_annotation(key) || object && (is_foreign(key) || implied && key == "type")
        })
    };
    let (idle, rest): (Vec<Node>, Vec<Node>) = members.drain(..).partition(idle);
    *members = rest;
    let empty = members.is_empty();
    for member in idle.iter().flat_map(Node::members) {
        let said = is_annotation(&member.key) && member.key != IMPLIED_TYPE;
        if member.key == CHECKED {
            checked::add(schema, member.value.items().to_vec());
        } else if said && !schema.contains_key(&member.key) {
            schema.insert(member.key.clone(), member.value.clone());
        }
    }
    if empty {
        schema.remove("allOf");
    }
}

/// Whether a keyword is about values that are not objects.
fn is_foreign(key: &str) -> bool {
    let kinds = ["string", "number", "array"].into_iter();
    kinds
        .flat_map(vocabulary::about)
        .any(|keyword| keyword == key)
}
