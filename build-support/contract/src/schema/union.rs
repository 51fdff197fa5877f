//! Alternatives that a discriminator chooses from, as one check after another.

use crate::node::Node;
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

/// The check of the tag, and for each of its values that of the schema it leads to; `beside` is
/// what stands beside the alternatives.
pub(super) fn by_tag(
    tag: &str,
    cases: Vec<(&str, String)>,
    mut beside: Map<String, Value>,
) -> Map<String, Value> {
    let values: Vec<&str> = cases.iter().map(|(value, _)| *value).collect();
    let choices = cases.iter().map(|(value, target)| {
        json!({
            "if": { "properties": { tag: { "const": value } }, "required": [tag] },
            "then": { "$ref": target },
        })
    });
    let mut choice = Map::new();
    choice.insert("type".to_owned(), json!("object"));
    choice.insert("required".to_owned(), json!([tag]));
    choice.insert("properties".to_owned(), json!({ tag: { "enum": values } }));
    choice.insert("allOf".to_owned(), Value::Array(choices.collect()));
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
