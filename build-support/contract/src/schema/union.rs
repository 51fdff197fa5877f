//! Alternatives that a discriminator chooses from, as one check after another.

use crate::node::Node;
use crate::pointer;
use serde_json::{Map, Value, json};

/// What a discriminator chooses from.
pub(super) struct Chosen<'a> {
    /// The property whose value chooses.
    pub tag: &'a str,
    /// Its values, and the text of the reference that each leads to.
    pub targets: Vec<(&'a str, &'a str)>,
}

/// The choice of a `oneOf` whose discriminator has a mapping.
pub(super) fn chosen(schema: &Node) -> Option<Chosen<'_>> {
    schema.get("oneOf")?;
    let discriminator = schema.get("discriminator")?;
    let tag = discriminator.get("propertyName")?.as_str()?;
    let mapping = discriminator.get("mapping")?.as_object()?;
    let targets = mapping.iter();
    let targets = targets.map(|entry| Some((entry.key.as_str(), entry.value.as_str()?)));
    let mut targets = targets.collect::<Option<Vec<_>>>()?;
    // The order means nothing, and what is made from a schema should not depend on it.
    targets.sort_unstable();
    Some(Chosen { tag, targets })
}

/// The schema that a value of the tag leads to.
pub(super) struct Target<'a> {
    root: &'a Node,
    schema: Option<&'a Node>,
}

/// How many schemas are looked through for a tag.
const FAR: usize = 64;

impl<'a> Target<'a> {
    pub(super) fn new(root: &'a Node, reference: &str) -> Self {
        let schema = pointer::component_of(reference);
        Self {
            root,
            schema: schema.and_then(|name| root.component("schemas", name)),
        }
    }

    /// Whether the schema asks for the tag, by itself or through what it is made of.
    pub(super) fn requires(&self, tag: &str) -> bool {
        let Some(schema) = self.schema else {
            return true;
        };
        requires(self.root, schema, tag, FAR)
    }

    /// The value that stands as `text` in a mapping, whose keys are always texts: a number or a
    /// boolean where the schema says that the tag is one.
    pub(super) fn value_of_tag(&self, tag: &str, text: &str) -> Value {
        let schema = self.schema;
        let found = schema.and_then(|schema| value_of_tag(self.root, schema, tag, text, FAR));
        found.unwrap_or_else(|| json!(text))
    }
}

fn requires(root: &Node, schema: &Node, tag: &str, far: usize) -> bool {
    let Some(far) = far.checked_sub(1) else {
        return true;
    };
    let own = schema.items_of("required").iter();
    let mut own = own.filter_map(Node::as_str);
    let inner = |one: &Node| requires(root, one, tag, far);
    let choice = ["oneOf", "anyOf"].map(|key| schema.items_of(key));
    own.any(|name| name == tag)
        || referred(root, schema).is_some_and(inner)
        || schema.items_of("allOf").iter().any(inner)
        || choice
            .iter()
            .any(|all| !all.is_empty() && all.iter().all(inner))
}

fn value_of_tag(root: &Node, schema: &Node, tag: &str, text: &str, far: usize) -> Option<Value> {
    let far = far.checked_sub(1)?;
    if let Some(property) = schema.get("properties").and_then(|all| all.get(tag)) {
        return value_of(root, property, text, far);
    }
    let parts = ["allOf", "oneOf", "anyOf"].into_iter();
    let mut parts = parts
        .flat_map(|key| schema.items_of(key))
        .chain(referred(root, schema));
    parts.find_map(|part| value_of_tag(root, part, tag, text, far))
}

/// The value of a schema that is written as `text`.
fn value_of(root: &Node, schema: &Node, text: &str, far: usize) -> Option<Value> {
    let far = far.checked_sub(1)?;
    let listed = schema.items_of("enum").iter().chain(schema.get("const"));
    let mut listed = listed.map(Node::to_json);
    let found = listed.find(|value| match value.as_str() {
        Some(own) => own == text,
        None => format!("{value}") == text,
    });
    let typed = || match schema.get("type")?.as_str()? {
        "boolean" | "integer" | "number" => serde_json::from_str(text).ok(),
        _ => None,
    };
    found.or_else(typed).or_else(|| {
        let mut parts = schema
            .items_of("allOf")
            .iter()
            .chain(referred(root, schema));
        parts.find_map(|part| value_of(root, part, text, far))
    })
}

/// The component that a schema refers to.
fn referred<'a>(root: &'a Node, schema: &Node) -> Option<&'a Node> {
    let name = pointer::component_of(schema.get("$ref")?.as_str()?)?;
    root.component("schemas", name)
}

/// The check of the tag, and for each of its values that of the schema it leads to; `beside` is
/// what stands beside the alternatives. An object without a tag that is `optional` has to be one of
/// the alternatives.
pub(super) fn by_tag(
    tag: &str,
    cases: Vec<(Value, String)>,
    optional: bool,
    mut beside: Map<String, Value>,
) -> Map<String, Value> {
    let values: Vec<&Value> = cases.iter().map(|(value, _)| value).collect();
    let choices = cases.iter().map(|(value, target)| {
        json!({
            "if": { "properties": { tag: { "const": value } }, "required": [tag] },
            "then": { "$ref": target },
        })
    });
    let mut choices: Vec<Value> = choices.collect();
    let mut choice = Map::new();
    choice.insert("type".to_owned(), json!("object"));
    choice.insert("properties".to_owned(), json!({ tag: { "enum": values } }));
    if optional {
        let targets = cases.iter().map(|(_, target)| json!({ "$ref": target }));
        let targets: Vec<Value> = targets.collect();
        choices.push(json!({ "if": { "required": [tag] }, "else": { "anyOf": targets } }));
    } else {
        choice.insert("required".to_owned(), json!([tag]));
    }
    choice.insert("allOf".to_owned(), Value::Array(choices));
    let apart = beside.keys().all(|key| !choice.contains_key(key));
    if apart {
        choice.append(&mut beside);
        return choice;
    }
    match beside.get_mut("allOf") {
        Some(Value::Array(parts)) => parts.push(Value::Object(choice)),
        _ => drop(beside.insert("allOf".to_owned(), json!([choice]))),
    }
    beside
}
