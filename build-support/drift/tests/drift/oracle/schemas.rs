//! Schemas whose differences a small set of values shows.
//!
//! Where common usage differs from the specification, the schemas do not go: every one has a type,
//! and every object says what it does with other properties, or is read by the properties that its
//! sender lists. What is composed of others stands in `shapes`.

use super::{Pair, shapes};
use crate::support::random::Random;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

pub(super) const NAMES: [&str; 3] = ["a", "b", "c"];
const TEXTS: [&str; 5] = ["", "a", "b", "ab", "abc"];
const PATTERNS: [&str; 5] = ["^a", "b$", "^[ab]*$", "^.{2}$", "^a?$"];

/// How deep schemas hold schemas.
const DEPTH: usize = 2;

/// A schema and what became of it: one part changed, or the schema written otherwise.
pub fn pair(random: &mut Random) -> Pair {
    // Either every object says what its other properties are, or none has any.
    let others = match random.once_in(3) {
        true => Others::Stated,
        false => Others::Unlisted,
    };
    let make = &mut Make { random, others };
    let base = schema(make, DEPTH);
    let revision = match make.below(8) {
        0 => schema(make, DEPTH),
        // An object that closes itself to what stands beside it is read as people mean it.
        1 if !is_listed(&base) && !base.to_string().contains("dditionalProperties") => {
            json!({ "allOf": [base, text_or_number(make)] })
        }
        2 => json!({ "anyOf": [base, schema(make, 1)] }),
        _ => changed(make, &base),
    };
    let random = &mut *make.random;
    match random.once_in(2) {
        true => Pair { base, revision },
        false => Pair {
            base: revision,
            revision: base,
        },
    }
}

/// What objects say of properties that they do not list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    Stated,
    Unlisted,
}

/// What schemas are made with.
pub(super) struct Make<'r> {
    random: &'r mut Random,
    pub others: Others,
}

impl Deref for Make<'_> {
    type Target = Random;

    fn deref(&self) -> &Random {
        self.random
    }
}

impl DerefMut for Make<'_> {
    fn deref_mut(&mut self) -> &mut Random {
        self.random
    }
}

pub(super) fn text_or_number(random: &mut Make<'_>) -> Value {
    match random.once_in(2) {
        true => text(random),
        false => number(random),
    }
}

/// A schema of some type, or a combination of schemas.
pub(super) fn schema(random: &mut Make<'_>, depth: usize) -> Value {
    let compound = depth > 0;
    match random.below(if compound { 30 } else { 10 }) {
        0..=2 => text(random),
        3..=5 => number(random),
        6 => json!({ "type": "boolean" }),
        7 => listed(random),
        8 => several(random),
        9 => shapes::listed(random),
        10..=12 => array(random, depth - 1),
        13..=16 => object(random, depth - 1),
        17 => json!({ "oneOf": members(random, depth - 1) }),
        18 => json!({ "anyOf": members(random, depth - 1) }),
        19 => excluding(random, depth - 1),
        20 => conditional(random, depth - 1),
        _ => shapes::shape(random, depth - 1),
    }
}

/// Members of a union, each once.
pub(super) fn members(random: &mut Make<'_>, depth: usize) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for _ in 0..2 + random.below(2) {
        let member = schema(random, depth);
        if !found.contains(&member) {
            found.push(member);
        }
    }
    found
}

/// Whether a schema lists values: of other types than it says, they are what is meant.
fn is_listed(schema: &Value) -> bool {
    schema.get("enum").is_some() || schema.get("const").is_some()
}

pub(super) fn text(random: &mut Make<'_>) -> Value {
    let mut found = json!({ "type": "string" });
    if random.once_in(3) {
        found["minLength"] = json!(random.below(3));
    }
    if random.once_in(3) {
        found["maxLength"] = json!(1 + random.below(3));
    }
    if random.once_in(5) {
        found["pattern"] = json!(random.choose(&PATTERNS));
    }
    if random.once_in(5) {
        found["enum"] = json!(some(random, &TEXTS));
    }
    found
}

pub(super) fn number(random: &mut Make<'_>) -> Value {
    let mut found = json!({ "type": random.choose(&["integer", "number"]) });
    let keys = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
    for key in keys {
        if random.once_in(4) {
            found[key] = json!(random.below(5) as i64 - 1);
        }
    }
    if random.once_in(5) {
        let steps = [json!(1), json!(2), json!(3), json!(0.5), json!(1.5)];
        found["multipleOf"] = random.choose(&steps).clone();
    }
    found
}

/// Values of any type, with a type or without one.
fn listed(random: &mut Make<'_>) -> Value {
    let all = [
        json!(0),
        json!(1),
        json!(2),
        json!("a"),
        json!("ab"),
        json!(null),
        json!(true),
    ];
    match random.below(3) {
        0 => json!({ "const": random.choose(&all) }),
        1 => json!({ "enum": some(random, &all) }),
        _ => json!({ "type": ["string", "null"], "enum": ["a", "ab", null] }),
    }
}

fn several(random: &mut Make<'_>) -> Value {
    json!({ "type": some(random, &["string", "integer", "boolean", "null"]) })
}

pub(super) fn array(random: &mut Make<'_>, depth: usize) -> Value {
    let mut found = json!({ "type": "array", "items": schema(random, depth) });
    if random.once_in(4) {
        found["minItems"] = json!(random.below(3));
    }
    if random.once_in(4) {
        found["maxItems"] = json!(random.below(4));
    }
    if random.once_in(5) {
        found["uniqueItems"] = json!(random.once_in(2));
    }
    if random.once_in(5) {
        found["contains"] = schema(random, 0);
        if random.once_in(3) {
            found["minContains"] = json!(random.below(3));
        }
        if random.once_in(4) {
            found["maxContains"] = json!(1 + random.below(2));
        }
    }
    if random.once_in(6) {
        found["prefixItems"] = json!([schema(random, 0)]);
        if random.once_in(2) {
            found["items"] = json!(false);
        }
    }
    found
}

pub(super) fn object(random: &mut Make<'_>, depth: usize) -> Value {
    let mut properties = Map::new();
    for name in some(random, &NAMES) {
        properties.insert(name.to_owned(), schema(random, depth));
    }
    let names: Vec<String> = properties.keys().cloned().collect();
    let required: Vec<&String> = names.iter().filter(|_| random.once_in(2)).collect();
    let mut found = json!({ "type": "object", "required": required, "properties": properties });
    match (random.others, random.below(4)) {
        (_, 0 | 1) => found["additionalProperties"] = json!(false),
        (Others::Stated, _) => found["additionalProperties"] = schema(random, 0),
        (_, 2) => found["unevaluatedProperties"] = json!(false),
        _ => {}
    }
    let (one, other) = (random.choose(&names).clone(), random.choose(&names).clone());
    let is_stated = random.others == Others::Stated;
    match random.below(12) {
        0 if is_stated => found["minProperties"] = json!(random.below(3)),
        1 if is_stated => found["maxProperties"] = json!(required.len() + 1),
        2 if depth == 0 => found["dependentRequired"] = json!({ one: [other] }),
        3 if depth == 0 => found["dependentSchemas"] = json!({ one: { "required": [other] } }),
        4 if is_stated => found["patternProperties"] = json!({ "^a": schema(random, 0) }),
        5 if is_stated => found["propertyNames"] = json!({ "enum": some(random, &NAMES) }),
        _ => {}
    }
    found
}

fn excluding(random: &mut Make<'_>, depth: usize) -> Value {
    let mut found = schema(random, depth.min(1));
    found["not"] = schema(random, depth);
    found
}

fn conditional(random: &mut Make<'_>, depth: usize) -> Value {
    let mut found = schema(random, depth.min(1));
    found["if"] = schema(random, depth);
    found["then"] = schema(random, 0);
    if random.once_in(2) {
        found["else"] = schema(random, 0);
    }
    found
}

/// Some of several, at least one.
pub(super) fn some<T: Clone>(random: &mut Make<'_>, all: &[T]) -> Vec<T> {
    let mut found: Vec<T> = all.iter().filter(|_| random.once_in(2)).cloned().collect();
    if found.is_empty() {
        found.push(random.choose(all).clone());
    }
    found
}

/// The same with one part of it changed.
fn changed(random: &mut Make<'_>, schema: &Value) -> Value {
    let mut changed = schema.clone();
    let mut places = Vec::new();
    collect(schema, String::new(), &mut places);
    let place = random.choose(&places).clone();
    if let Some(part) = changed.pointer_mut(&place) {
        change(random, part);
    }
    changed
}

/// The pointers of a schema and those in it.
fn collect(schema: &Value, at: String, places: &mut Vec<String>) {
    for key in [
        "items",
        "contains",
        "not",
        "if",
        "then",
        "else",
        "additionalProperties",
        "unevaluatedItems",
        "propertyNames",
    ] {
        if let Some(part) = schema.get(key).filter(|part| part.is_object()) {
            collect(part, format!("{at}/{key}"), places);
        }
    }
    for key in ["oneOf", "anyOf", "allOf", "prefixItems"] {
        for (index, part) in schema
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            collect(part, format!("{at}/{key}/{index}"), places);
        }
    }
    for key in ["properties", "patternProperties", "dependentSchemas"] {
        for (name, part) in schema
            .get(key)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            collect(part, format!("{at}/{key}/{name}"), places);
        }
    }
    places.push(at);
}

fn change(random: &mut Make<'_>, part: &mut Value) {
    let Some(members) = part.as_object_mut() else {
        *part = schema(random, 0);
        return;
    };
    let stays = |key: &String| {
        ["type", "properties"].contains(&key.as_str()) || key.contains("dditionalProperties")
    };
    let keys: Vec<String> = members.keys().filter(|key| !stays(key)).cloned().collect();
    match random.below(4) {
        // Without a type `properties` and `items` are read as people mean them, so that both stay.
        0 if !keys.is_empty() => {
            members.remove(random.choose(&keys).as_str());
        }
        1 => *part = schema(random, 1),
        2 => {
            let other = schema(random, 1);
            let same = other.get("type") == members.get("type");
            for (key, value) in other.as_object().into_iter().flatten().filter(|_| same) {
                members.insert(key.clone(), value.clone());
            }
        }
        _ => {
            let number = keys.iter().find(|key| members[*key].is_u64());
            match number {
                Some(key) => members[key.as_str()] = json!(random.below(4)),
                None => *part = schema(random, 1),
            }
        }
    }
}

/// The properties that a schema names anywhere; `None` where its objects have others too.
pub fn names(schema: &Value) -> Option<BTreeSet<String>> {
    let text = schema.to_string();
    let is_open = text.contains("\"additionalProperties\":{")
        || text.contains("patternProperties")
        || text.contains("\"additionalProperties\":true");
    let mut found = BTreeSet::new();
    gather(schema, &mut found);
    (!is_open).then_some(found)
}

fn gather(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            for (key, member) in members {
                let listed = match key.as_str() {
                    "properties" | "const" => vec![member],
                    "enum" => member.as_array().into_iter().flatten().collect(),
                    _ => Vec::new(),
                };
                let objects = listed.into_iter().filter_map(Value::as_object);
                found.extend(objects.flat_map(Map::keys).cloned());
                gather(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        _ => {}
    }
}
