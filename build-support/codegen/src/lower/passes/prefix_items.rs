//! Turns tuples into lists: OpenAPI 3.0 cannot give each place of a list its own schema.

use crate::lower::passes::media_types::is_json;
use crate::lower::shape::{component_of, reference, type_of};
use crate::lower::{checked, context::Context, walk};
use contract::vocabulary::ObjectKind;
use contract::{Members, Node, Span, Value};
use std::collections::BTreeSet;

/// Runs the pass. Where the contract says what may follow, an item is what any of the places may be,
/// else it is any value. Servers check the places of what comes as JSON. The text of a parameter does
/// not say of which type it is: there an item is what the places are, all of the time.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let in_texts = in_texts(root);
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| {
        if matches!(kind, ObjectKind::Parameter | ObjectKind::Header) {
            node.get_mut("schema").into_iter().for_each(go_on);
        }
    });
    walk::schemas_mut(root, &mut |schema| {
        if let Some(prefix) = schema.remove("prefixItems") {
            let is_text = in_texts.contains(&prefix.span);
            to_list(schema, &prefix, is_text, context);
        }
    });
}

/// Keeps a tuple for servers. Whether that was possible.
fn keep(schema: &mut Node, prefix: &Node) -> bool {
    let mut said = Node::object(schema.span);
    said.insert("prefixItems", prefix.clone());
    if let Some(rest) = schema.get("items") {
        said.insert("items", rest.clone());
    }
    checked::keep(schema, said)
}

/// The tuples that parameters, headers and bodies other than JSON lead to.
fn in_texts(root: &Node) -> BTreeSet<Span> {
    let mut texts = Texts::default();
    walk::visit(root, ObjectKind::Document, &mut |kind, node| {
        if matches!(kind, ObjectKind::Parameter | ObjectKind::Header) {
            texts.add(node, kind);
        }
        let bodies = node.members_of("content").iter();
        for body in bodies.filter(|body| !is_json(&body.key)) {
            texts.add(&body.value, ObjectKind::MediaType);
        }
    });
    while let Some(name) = texts.left.pop() {
        let components = root.components("schemas").iter();
        let named = components.filter(|member| member.key == name);
        named.for_each(|member| texts.add(&member.value, ObjectKind::Schema));
    }
    texts.tuples
}

/// What is found of tuples in texts.
#[derive(Default)]
struct Texts {
    tuples: BTreeSet<Span>,
    components: BTreeSet<String>,
    /// The components that are not looked into yet.
    left: Vec<String>,
}

impl Texts {
    fn add(&mut self, node: &Node, kind: ObjectKind) {
        walk::visit(node, kind, &mut |_, node| {
            self.tuples
                .extend(node.get("prefixItems").map(|it| it.span));
            let target = reference(node).and_then(component_of);
            if let Some(target) = target.filter(|name| !self.components.contains(*name)) {
                self.components.insert(target.to_owned());
                self.left.push(target.to_owned());
            }
        });
    }
}

/// Says that a tuple of scalars that may go on does so with what its places are.
fn go_on(schema: &mut Node) {
    let scalar = ["string", "integer", "number", "boolean"];
    let is_scalar = |place: &Node| type_of(place).is_some_and(|kind| scalar.contains(&kind));
    let places = schema.items_of("prefixItems");
    if places.is_empty() || schema.contains_key("items") || !places.iter().all(is_scalar) {
        return;
    }
    let items = any_of(places.iter().collect());
    schema.insert("items", items);
}

fn to_list(schema: &mut Node, prefix: &Node, is_text: bool, context: &mut Context<'_>) {
    let count = u64::try_from(prefix.items().len()).unwrap_or(u64::MAX);
    let ends = schema.get("maxItems").and_then(Node::as_number);
    let ends = ends.and_then(serde_json::Number::as_u64);
    let closed = schema.get("items").and_then(Node::as_bool) == Some(false);
    let rest = schema.get("items").cloned();
    let rest = rest.filter(|items| items.as_bool().is_none());
    let known = closed || rest.is_some() || ends.is_some_and(|most| most <= count);
    let places: Vec<&Node> = prefix.items().iter().chain(&rest).collect();
    let same = places.windows(2).all(|pair| pair[0] == pair[1]);
    if !known || !same {
        let which = match known {
            true => "an item may be what any of the places may be",
            false => "items of any type are accepted in every place",
        };
        let message = match !is_text && keep(schema, prefix) {
            true => format!("`prefixItems` is checked by servers alone: elsewhere {which}"),
            false => format!("`prefixItems` is not enforced: {which}"),
        };
        context.warn("lower::not-enforced", message, prefix.span);
    }
    let items = match known && !places.is_empty() {
        true => any_of(places),
        false => Node::new(Value::Object(Members::default()), prefix.span),
    };
    schema.insert("items", items);
    if closed && ends.is_none() {
        schema.insert("maxItems", Node::number(count, prefix.span));
    }
}

/// What any of some schemas allow; those that are choices of this kind are taken apart.
fn any_of(schemas: Vec<&Node>) -> Node {
    let mut distinct: Vec<Node> = Vec::new();
    for schema in schemas {
        let inner = match schema.members() {
            [only] if only.key == "anyOf" => only.value.items(),
            _ => std::slice::from_ref(schema),
        };
        for one in inner {
            if !distinct.contains(one) {
                distinct.push(one.clone());
            }
        }
    }
    if let [only] = distinct.as_slice() {
        return only.clone();
    }
    let span = distinct.first().map(|first| first.span).unwrap_or_default();
    let mut choice = Node::object(span);
    choice.insert("anyOf", Node::array(distinct, span));
    choice
}
