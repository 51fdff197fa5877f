//! What a schema is, asked by several passes and by the model.

pub use contract::pointer::component_of;
use contract::{Member, Node, vocabulary};

/// Whether a key of a schema restricts nothing.
#[must_use]
pub fn is_annotation(key: &str) -> bool {
    vocabulary::is_annotation(key) || key == "nullable"
}

/// Whether a schema itself says that null is among its values.
#[must_use]
pub fn is_nullable(schema: &Node) -> bool {
    schema.get("nullable").and_then(Node::as_bool) == Some(true)
}

/// The target of a `$ref`.
#[must_use]
pub fn reference(node: &Node) -> Option<&str> {
    node.get("$ref")?.as_str()
}

/// The component schema a node refers to, by `$ref` alone or by the form that carries annotations,
/// `allOf: [{$ref}]`.
#[must_use]
pub fn referred(node: &Node) -> Option<&str> {
    if let Some(target) = reference(node) {
        return component_of(target);
    }
    let [only] = node.get("allOf")?.items() else {
        return None;
    };
    let annotated = node
        .members()
        .iter()
        .all(|m| m.key == "allOf" || is_annotation(&m.key));
    annotated.then(|| component_of(reference(only)?)).flatten()
}

/// A component schema.
#[must_use]
pub fn component<'a>(root: &'a Node, name: &str) -> Option<&'a Node> {
    root.component("schemas", name)
}

/// Follows references until a schema that is none. `None` where they lead nowhere or in a circle.
#[must_use]
pub fn resolve<'a>(root: &'a Node, node: &'a Node) -> Option<&'a Node> {
    let mut at = node;
    for _ in 0..64 {
        match referred(at) {
            Some(name) => at = component(root, name)?,
            None => return Some(at),
        }
    }
    None
}

/// The values that a schema lists, by itself or beside what it refers to, else those of its target.
#[must_use]
pub fn listed<'a>(root: &'a Node, schema: &'a Node) -> Option<&'a [Node]> {
    let beside = schema.items_of("allOf").iter();
    let mut own = std::iter::once(schema).chain(beside);
    let list = own.find_map(|part| part.get("enum"));
    let list = list.or_else(|| resolve(root, schema)?.get("enum"));
    list.map(Node::items)
}

/// The `type` of a schema, where it is a single one.
#[must_use]
pub fn type_of(node: &Node) -> Option<&str> {
    node.get("type")?.as_str()
}

/// The members of `properties`.
#[must_use]
pub fn properties(node: &Node) -> &[Member] {
    node.members_of("properties")
}

/// The members of a union and the key they stand under.
#[must_use]
pub fn union(node: &Node) -> Option<(&'static str, &[Node])> {
    ["oneOf", "anyOf"]
        .into_iter()
        .find_map(|key| Some((key, node.get(key)?.as_array()?)))
}

/// Whether a schema describes objects with properties of their own, references followed.
#[must_use]
pub fn is_object(root: &Node, node: &Node) -> bool {
    is_object_within(root, node, 0)
}

fn is_object_within(root: &Node, node: &Node, depth: usize) -> bool {
    if depth > 64 {
        return false;
    }
    let deeper = |node| is_object_within(root, node, depth + 1);
    if let Some(name) = reference(node).and_then(component_of) {
        return component(root, name).is_some_and(deeper);
    }
    type_of(node) == Some("object")
        || node.contains_key("properties")
        || node.contains_key("additionalProperties")
        || node
            .get("allOf")
            .is_some_and(|all| all.items().iter().any(deeper))
}
