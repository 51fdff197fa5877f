//! What a schema says that OpenAPI 3.0 has no words for, kept beside it for servers to check.

use super::extensions::{CHECKED, CLOSED};
use super::shape::{component_of, is_annotation};
use contract::schema::{Options, convert, validator};
use contract::{Node, SpecVersion, Value};

/// Keywords by which a value that a schema rejects becomes valid, or one that it accepts invalid. What
/// lowering leaves out of a schema that these refer to would turn into a restriction.
const TURNING: [&str; 6] = [
    "if",
    "maxContains",
    "not",
    "oneOf",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords whose meaning depends on where they stand.
const BOUND: [&str; 6] = [
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$recursiveAnchor",
    "$recursiveRef",
];

/// Keeps what a schema says for servers, where a validator can be made of it beside the lowered schema.
/// Whether it was kept.
pub fn keep(schema: &mut Node, said: Node) -> bool {
    if !can_be_checked(&said) {
        return false;
    }
    add(schema, vec![said]);
    true
}

/// Adds what is to be checked to what there is.
pub fn add(schema: &mut Node, more: Vec<Node>) {
    let span = schema.span;
    if !schema.contains_key(CHECKED) {
        schema.insert(CHECKED, Node::array(Vec::new(), span));
    }
    let Some(all) = schema.get_mut(CHECKED).and_then(Node::as_array_mut) else {
        return;
    };
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// Whether a keyword of a schema is kept for servers.
#[must_use]
pub fn is_kept(schema: &Node, key: &str) -> bool {
    let Some(own) = schema.get(key) else {
        return false;
    };
    let kept = schema.items_of(CHECKED).iter();
    let mut kept = kept
        .filter_map(|said| said.get(key))
        .chain(schema.get(CLOSED));
    kept.any(|value| value.span == own.span)
}

fn can_be_checked(said: &Node) -> bool {
    let mut found = Found::default();
    found.look(said);
    let options = Options::new(SpecVersion::V3_0);
    let alone = convert(said, said, options, &mut |_| Ok("#".to_owned()));
    let stands_alone = !(found.bound || found.refers && found.turns);
    stands_alone && alone.is_ok_and(|one| validator(&one).is_ok())
}

/// What there is in a schema.
#[derive(Debug, Default)]
struct Found {
    refers: bool,
    turns: bool,
    bound: bool,
}

impl Found {
    fn look(&mut self, node: &Node) {
        match &node.value {
            Value::Array(items) => items.iter().for_each(|item| self.look(item)),
            Value::Object(members) => {
                for member in members {
                    self.turns |= TURNING.contains(&member.key.as_str());
                    self.bound |= BOUND.contains(&member.key.as_str());
                    if let Some(target) = member.value.as_str().filter(|_| member.key == "$ref") {
                        let mut beside = members.iter().filter(|one| one.key != "$ref");
                        self.refers = true;
                        self.bound |= component_of(target).is_none();
                        self.bound |= beside.any(|one| !is_annotation(&one.key));
                    }
                    self.look(&member.value);
                }
            }
            _ => {}
        }
    }
}
