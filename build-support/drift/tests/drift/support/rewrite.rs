//! Ways to write the same contract otherwise. Each changes some places that it could, by chance.

use super::random::Random;
use super::walk::{Kind, Place, places, schemas};
use serde_json::{Map, Value, json};

/// A rewriter.
pub type Rewriter = fn(&mut Value, &mut Random);

/// Every rewriter by name.
pub const ALL: [(&str, Rewriter); 9] = [
    ("reorder", reorder),
    ("inline", inline),
    ("extract", extract),
    ("wrap", wrap),
    ("parent", parent),
    ("rename", rename),
    ("item parameters", parameters_up),
    ("operation parameters", parameters_down),
    ("null", null),
];

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Lists whose order says nothing.
pub fn reorder(document: &mut Value, random: &mut Random) {
    for place in places(document) {
        let Some(object) = document.pointer_mut(&place.pointer) else {
            continue;
        };
        let keys: &[&str] = match place.kind {
            Kind::Schema => &["required", "enum", "type", "allOf", "anyOf", "oneOf"],
            Kind::Operation => &["parameters", "tags", "security"],
            Kind::PathItem => &["parameters"],
            Kind::Document => &["security", "servers", "tags"],
            _ => &[],
        };
        for key in keys {
            if let Some(Value::Array(items)) = object.get_mut(*key) {
                random.shuffle(items);
            }
        }
    }
}

/// What a reference leads to stands in its place.
pub fn inline(document: &mut Value, random: &mut Random) {
    let original = document.clone();
    let named = named_by_discriminators(&original);
    for place in places(&original).into_iter().rev() {
        let object = original.pointer(&place.pointer).unwrap();
        let Some(reference) = object.get("$ref").and_then(Value::as_str) else {
            continue;
        };
        if named.contains(&reference.to_owned()) || random.once_in(3) {
            continue;
        }
        let Some(target) = reference
            .strip_prefix('#')
            .and_then(|to| original.pointer(to))
        else {
            continue;
        };
        let is_old = is_old(&original);
        let place_now = document.pointer_mut(&place.pointer).unwrap();
        let siblings = place_now.as_object().unwrap().len() > 1;
        *place_now = match (siblings && !is_old, place.kind) {
            (true, Kind::Schema) => beside(place_now, target.clone()),
            (true, _) => continue,
            (false, _) => target.clone(),
        };
    }
}

/// A schema with others beside a reference keeps them.
fn beside(schema: &Value, target: Value) -> Value {
    let mut schema = schema.clone();
    let members = schema.as_object_mut().unwrap();
    members.remove("$ref");
    match members.get_mut("allOf") {
        Some(Value::Array(parts)) => parts.push(target),
        _ => {
            members.insert("allOf".to_owned(), json!([target]));
        }
    }
    schema
}

/// An inline schema becomes a component.
pub fn extract(document: &mut Value, random: &mut Random) {
    let chosen: Vec<Place> = movable(document, random, 4);
    for (at, place) in chosen.into_iter().enumerate().rev() {
        let schema = document.pointer_mut(&place.pointer).unwrap();
        if schema.get("$ref").is_some() {
            continue;
        }
        let name = format!("Extracted{at}x{}", random.below(1_000_000));
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        let moved = std::mem::replace(schema, reference);
        component(document, &name, moved);
    }
}

/// A schema stands as the only part of an `allOf`.
pub fn wrap(document: &mut Value, random: &mut Random) {
    for place in movable(document, random, 4).into_iter().rev() {
        let schema = document.pointer_mut(&place.pointer).unwrap();
        let inner = std::mem::take(schema);
        *schema = json!({ "allOf": [inner] });
    }
}

/// Properties move to a component that `allOf` names.
pub fn parent(document: &mut Value, random: &mut Random) {
    let closed = [
        "additionalProperties",
        "allOf",
        "discriminator",
        "patternProperties",
        "unevaluatedProperties",
        "$ref",
    ];
    let pointers: Vec<String> = schemas(document)
        .into_iter()
        .map(|place| place.pointer)
        .collect();
    let inner = entered(document);
    for (at, pointer) in pointers.iter().enumerate().rev() {
        let entry = format!("#{pointer}/");
        if inner.iter().any(|reference| reference.starts_with(&entry)) {
            continue;
        }
        let Some(Value::Object(schema)) = document.pointer_mut(pointer) else {
            continue;
        };
        let fits = !closed.iter().any(|key| schema.contains_key(*key));
        let Some(Value::Object(properties)) = schema.get("properties") else {
            continue;
        };
        if !fits || properties.len() < 2 || !random.once_in(3) {
            continue;
        }
        let properties = properties.clone();
        let (moved, kept): (Map<_, _>, Map<_, _>) =
            properties.into_iter().partition(|_| random.once_in(2));
        let required = schema.get("required").and_then(Value::as_array).cloned();
        let (up, down): (Vec<Value>, Vec<Value>) = required
            .unwrap_or_default()
            .into_iter()
            .partition(|name| moved.contains_key(name.as_str().unwrap_or_default()));
        let name = format!("Parent{at}x{}", random.below(1_000_000));
        let mut above = json!({ "properties": moved });
        if schema.get("type") == Some(&json!("object")) {
            above["type"] = json!("object");
        }
        schema.insert("properties".to_owned(), Value::Object(kept));
        schema.remove("required");
        if !down.is_empty() {
            schema.insert("required".to_owned(), Value::Array(down));
        }
        if !up.is_empty() {
            above["required"] = Value::Array(up);
        }
        let reference = format!("#/components/schemas/{name}");
        schema.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
        component(document, &name, above);
    }
}

/// Components have other names.
pub fn rename(document: &mut Value, random: &mut Random) {
    let named = named_by_discriminators(document);
    let mark = format!("R{}", random.below(1000));
    let sections = document
        .get("components")
        .and_then(Value::as_object)
        .cloned();
    let mut renamed: Vec<(String, String)> = Vec::new();
    for (section, members) in sections.unwrap_or_default() {
        let Value::Object(members) = members else {
            continue;
        };
        if section == "securitySchemes" || section == "examples" {
            continue;
        }
        let fresh = members.into_iter().map(|(name, value)| {
            let from = format!("#/components/{section}/{name}");
            if named.contains(&from) {
                return (name, value);
            }
            let fresh = format!("{name}{mark}");
            renamed.push((from, format!("#/components/{section}/{fresh}")));
            (fresh, value)
        });
        let fresh: Map<String, Value> = fresh.collect();
        document["components"][&section] = Value::Object(fresh);
    }
    follow(document, &renamed);
}

fn follow(value: &mut Value, renamed: &[(String, String)]) {
    match value {
        Value::String(text) => {
            let moved = renamed.iter().find_map(|(from, to)| {
                let rest = text.strip_prefix(from.as_str())?;
                (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
            });
            *text = moved.unwrap_or_else(|| text.clone());
        }
        Value::Array(items) => items.iter_mut().for_each(|item| follow(item, renamed)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| follow(member, renamed)),
        _ => {}
    }
}

/// Parameters that all operations of a path share are written once, on the path.
pub fn parameters_up(document: &mut Value, _: &mut Random) {
    for_path_items(document, |item| {
        let methods: Vec<&str> = METHODS
            .iter()
            .copied()
            .filter(|one| item.contains_key(*one))
            .collect();
        let lists: Vec<Vec<Value>> = methods.iter().map(|method| list(&item[*method])).collect();
        let Some(first) = lists.first() else {
            return;
        };
        let shared: Vec<Value> = first
            .iter()
            .filter(|one| lists.iter().all(|list| list.contains(one)))
            .cloned()
            .collect();
        if shared.is_empty() || item.contains_key("parameters") {
            return;
        }
        for (method, list) in methods.iter().zip(lists) {
            let rest: Vec<Value> = list
                .into_iter()
                .filter(|one| !shared.contains(one))
                .collect();
            item[*method]["parameters"] = Value::Array(rest);
        }
        item.insert("parameters".to_owned(), Value::Array(shared));
    });
}

/// Parameters of a path are written on each of its operations.
pub fn parameters_down(document: &mut Value, _: &mut Random) {
    let original = document.clone();
    let identity = move |parameter: &Value| {
        let reference = parameter.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| original.pointer(reference.strip_prefix('#')?));
        let parameter = target.unwrap_or(parameter);
        (parameter["name"].clone(), parameter["in"].clone())
    };
    for_path_items(document, |item| {
        let Some(Value::Array(shared)) = item.remove("parameters") else {
            return;
        };
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else {
                continue;
            };
            let mut own = list(operation);
            let known: Vec<_> = own.iter().map(&identity).collect();
            let more = shared.iter().filter(|one| !known.contains(&identity(one)));
            own.extend(more.cloned());
            operation["parameters"] = Value::Array(own);
        }
    });
}

fn list(operation: &Value) -> Vec<Value> {
    let list = operation.get("parameters").and_then(Value::as_array);
    list.cloned().unwrap_or_default()
}

fn for_path_items(document: &mut Value, mut change: impl FnMut(&mut Map<String, Value>)) {
    let items: Vec<Place> = places(document);
    for place in items.iter().filter(|place| place.kind == Kind::PathItem) {
        if let Some(Value::Object(item)) = document.pointer_mut(&place.pointer) {
            change(item);
        }
    }
}

/// The spellings of "or null": a list of types, a `oneOf`, an `anyOf`.
pub fn null(document: &mut Value, random: &mut Random) {
    if is_old(document) {
        return;
    }
    for place in schemas(document).into_iter().rev() {
        let Some(Value::Object(schema)) = document.pointer_mut(&place.pointer) else {
            continue;
        };
        let Some(Value::Array(types)) = schema.get("type") else {
            continue;
        };
        let rest: Vec<Value> = types
            .iter()
            .filter(|one| *one != &json!("null"))
            .cloned()
            .collect();
        let lists_values = schema.contains_key("enum") || schema.contains_key("const");
        if rest.len() != 1 || types.len() != 2 || lists_values {
            continue;
        }
        // What is said of the value as a whole stays outside.
        let (outside, mut other): (Map<_, _>, Map<_, _>) = schema
            .clone()
            .into_iter()
            .partition(|(key, _)| is_annotation(key));
        other.insert("type".to_owned(), rest[0].clone());
        let key = random.choose(&["oneOf", "anyOf"]);
        let mut choices = vec![json!({ "type": "null" }), Value::Object(other)];
        random.shuffle(&mut choices);
        let mut spelled = outside;
        spelled.insert((*key).to_owned(), Value::Array(choices));
        *schema = spelled;
    }
}

/// Whether a keyword accepts or rejects nothing.
pub fn is_annotation(key: &str) -> bool {
    const ALL: [&str; 11] = [
        "default",
        "deprecated",
        "description",
        "example",
        "examples",
        "externalDocs",
        "readOnly",
        "summary",
        "title",
        "writeOnly",
        "xml",
    ];
    ALL.contains(&key) || key.starts_with("x-")
}

fn component(document: &mut Value, name: &str, schema: Value) {
    if document.get("components").is_none() {
        document["components"] = json!({});
    }
    if document["components"].get("schemas").is_none() {
        document["components"]["schemas"] = json!({});
    }
    document["components"]["schemas"][name] = schema;
}

/// Schemas that can be put behind something else, one in so many: not those that a discriminator
/// tells apart by name.
fn movable(document: &Value, random: &mut Random, once_in: usize) -> Vec<Place> {
    let mut found = schemas(document);
    let inner = entered(document);
    found.retain(|place| {
        let entry = format!("#{}/", place.pointer);
        if inner.iter().any(|reference| reference.starts_with(&entry)) {
            return false;
        }
        let schema = document.pointer(&place.pointer).unwrap();
        let parent = document.pointer(place.parent()).unwrap();
        let apart = parent.get("discriminator").is_some() && place.through != "properties";
        let holds = schema.get("discriminator").is_some();
        schema.is_object() && !apart && !holds && random.once_in(once_in)
    });
    found
}

/// Every reference; those that lead into a schema keep it where it is.
fn entered(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![document];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                found.extend(reference.map(str::to_owned));
                waiting.extend(members.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    found
}

/// References whose names are values on the wire: a discriminator's alternatives, and what stands
/// below a schema with one.
fn named_by_discriminators(document: &Value) -> Vec<String> {
    let mut named = Vec::new();
    let places = schemas(document);
    for place in &places {
        let schema = document.pointer(&place.pointer).unwrap();
        if schema.get("discriminator").is_none() {
            continue;
        }
        named.push(format!("#{}", place.pointer));
        for key in ["oneOf", "anyOf"] {
            let choices = schema
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let references = choices.filter_map(|one| one.get("$ref")?.as_str());
            named.extend(references.map(str::to_owned));
        }
        let mapped = schema["discriminator"]
            .get("mapping")
            .and_then(Value::as_object);
        for target in mapped.into_iter().flat_map(|mapping| mapping.values()) {
            let target = target.as_str().unwrap_or_default();
            named.push(target.to_owned());
            named.push(format!("#/components/schemas/{target}"));
        }
    }
    // A schema built on a named one is known by its own name.
    loop {
        let below = places.iter().filter_map(|place| {
            let parts = document.pointer(&place.pointer)?.get("allOf")?.as_array()?;
            let references = parts.iter().filter_map(|part| part.get("$ref")?.as_str());
            let own = format!("#{}", place.pointer);
            let is_below = references
                .into_iter()
                .any(|to| named.iter().any(|one| one == to));
            (is_below && !named.contains(&own)).then_some(own)
        });
        let below: Vec<String> = below.collect();
        if below.is_empty() {
            return named;
        }
        named.extend(below);
    }
}

/// Whether a document is of OpenAPI 3.0.
pub fn is_old(document: &Value) -> bool {
    document["openapi"]
        .as_str()
        .is_some_and(|version| version.starts_with("3.0"))
}
