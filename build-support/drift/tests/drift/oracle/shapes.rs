//! Shapes of schemas that are hard to compare: what is composed, counted, named by patterns, left
//! unevaluated, or cannot be met.

use super::schemas::{Make, NAMES, Others, array, number, object, schema, some, text};
use serde_json::{Value, json};

/// One of the shapes.
pub fn shape(random: &mut Make<'_>, depth: usize) -> Value {
    match random.below(13) {
        0 => chain(random, depth),
        1 => tuple(random, depth),
        2 => counted(random),
        3 => dependent(random, depth),
        4 => guarded(random),
        5 => named(random),
        6 => patterned(random, depth),
        7 => mixed(random, depth),
        8 => unmet(random, depth),
        9 => negated(random, depth),
        10 => beside(random, depth),
        11 => overlapping(random),
        _ => literal(random, depth),
    }
}

/// Values that hold others.
pub fn listed(random: &mut Make<'_>) -> Value {
    let all = [
        json!([]),
        json!([0]),
        json!(["a", 1]),
        json!({}),
        json!({ "a": 1 }),
        json!({ "a": "a", "b": 0 }),
        json!(1),
        json!("a"),
    ];
    match random.below(3) {
        0 => json!({ "const": random.choose(&all) }),
        1 => json!({ "enum": some(random, &all) }),
        _ => json!({ "type": ["array", "string"], "enum": [[], [0], "a", ["a", 1]] }),
    }
}

/// Schemas that all hold, one within another.
fn chain(random: &mut Make<'_>, depth: usize) -> Value {
    // What is closed to a property beside it is read as people mean it.
    let part = |random: &mut Make<'_>| {
        let mut found = open(random, depth);
        if random.others == Others::Stated {
            found["additionalProperties"] = json!(true);
        }
        found
    };
    let first = match random.below(3) {
        0 => text(random),
        1 => number(random),
        _ => part(random),
    };
    let like = |random: &mut Make<'_>| match first["type"].as_str() {
        Some("string") => text(random),
        Some("object") => part(random),
        _ => number(random),
    };
    let second = like(random);
    match random.below(3) {
        0 => json!({ "allOf": [first, second] }),
        1 => {
            let third = like(random);
            json!({ "allOf": [{ "allOf": [first, second] }, third] })
        }
        _ => {
            let mut found = second;
            found["allOf"] = json!([first]);
            found
        }
    }
}

/// An object that says nothing of other properties, or gives them a schema, so that it can be
/// composed with others.
fn open(random: &mut Make<'_>, depth: usize) -> Value {
    let mut found = object(random, depth);
    for key in ["additionalProperties", "unevaluatedProperties"] {
        if found[key] == json!(false)
            && let Some(members) = found.as_object_mut()
        {
            members.remove(key);
        }
    }
    if random.others == Others::Stated && found.get("additionalProperties").is_none() {
        found["additionalProperties"] = json!(true);
    }
    found
}

/// An array with items of its own at the beginning, and what is said of those left over.
fn tuple(random: &mut Make<'_>, depth: usize) -> Value {
    let first = schema(random, depth);
    let mut found = json!({ "type": "array", "prefixItems": [first] });
    if random.once_in(2) {
        let second = schema(random, 0);
        found["prefixItems"] = json!([found["prefixItems"][0], second]);
    }
    let rest = match random.below(3) {
        0 => json!(false),
        1 => json!(true),
        _ => schema(random, 0),
    };
    match random.below(3) {
        0 => found["items"] = rest,
        1 => found["unevaluatedItems"] = rest,
        _ => {}
    }
    for (key, most) in [("minItems", 3), ("maxItems", 4)] {
        if random.once_in(4) {
            found[key] = json!(random.below(most));
        }
    }
    match random.once_in(3) {
        true => json!({ "allOf": [found], "type": "array", "unevaluatedItems": schema(random, 0) }),
        false => found,
    }
}

/// An array that counts some of its items.
fn counted(random: &mut Make<'_>) -> Value {
    let mut found = array(random, 0);
    found["contains"] = schema(random, 0);
    if random.once_in(2) {
        found["minContains"] = json!(random.below(3));
    }
    if random.once_in(2) {
        found["maxContains"] = json!(random.below(3));
    }
    found
}

/// An object in which one property says what the others are.
fn dependent(random: &mut Make<'_>, depth: usize) -> Value {
    let mut found = open(random, depth);
    let (one, other) = (*random.choose(&NAMES), *random.choose(&NAMES));
    let part = schema(random, 0);
    match random.below(3) {
        0 => found["dependentRequired"] = json!({ one: [other] }),
        1 => found["dependentSchemas"] = json!({ one: { "properties": { other: part } } }),
        _ => {
            let inner = json!({ "required": [other], "properties": { other: part } });
            found["dependentSchemas"] = json!({ one: inner });
        }
    }
    known(&mut found);
    found
}

/// Lists each property that a keyword names, because the values that are tried hold listed properties
/// only.
fn known(found: &mut Value) {
    for name in NAMES {
        if let Some(members) = found["properties"].as_object_mut() {
            members.entry(name).or_insert(json!({ "type": "string" }));
        }
    }
}

/// An object with a condition on one of its properties.
fn guarded(random: &mut Make<'_>) -> Value {
    let mut found = open(random, 0);
    let (one, other) = (*random.choose(&NAMES), *random.choose(&NAMES));
    let part = schema(random, 0);
    found["if"] = json!({ "properties": { one: part }, "required": [one] });
    let part = schema(random, 0);
    found["then"] = match random.once_in(2) {
        true => json!({ "required": [other] }),
        false => json!({ "properties": { other: part } }),
    };
    if random.once_in(2) {
        found["else"] = json!({ "required": [random.choose(&NAMES)] });
    }
    known(&mut found);
    found
}

/// An object whose names must meet a schema.
fn named(random: &mut Make<'_>) -> Value {
    let mut found = open(random, 0);
    // Whether names that are never sent are accepted is not seen.
    if random.others == Others::Unlisted {
        return found;
    }
    found["propertyNames"] = match random.below(4) {
        0 => json!({ "maxLength": random.below(2) + 1 }),
        1 => json!({ "pattern": "^[ab]" }),
        2 => json!({ "enum": some(random, &NAMES) }),
        _ => json!({ "not": { "const": random.choose(&NAMES) } }),
    };
    found
}

/// An object whose patterns meet names that it lists.
fn patterned(random: &mut Make<'_>, depth: usize) -> Value {
    let mut found = object(random, depth);
    let part = schema(random, 0);
    found["patternProperties"] = match random.below(3) {
        0 => json!({ "^a": part }),
        1 => json!({ "^[ab]$": part }),
        _ => json!({ "^a": part, "b$": schema(random, 0) }),
    };
    found
}

/// Several types, with keywords of each.
fn mixed(random: &mut Make<'_>, depth: usize) -> Value {
    let mut found = match random.once_in(2) {
        true => array(random, depth),
        false => object(random, depth),
    };
    let own = found["type"].clone();
    let other = match random.once_in(2) {
        true => text(random),
        false => number(random),
    };
    for (key, value) in other.as_object().into_iter().flatten() {
        let is_list = key == "enum";
        if key != "type" && !is_list {
            found[key] = value.clone();
        }
    }
    found["type"] = match random.once_in(3) {
        true => json!([own, other["type"], "null"]),
        false => json!([own, other["type"]]),
    };
    found
}

/// A schema of which a part cannot be met, or all of it.
fn unmet(random: &mut Make<'_>, depth: usize) -> Value {
    let never = match random.below(5) {
        0 => json!(false),
        1 => json!({ "type": "integer", "minimum": 3, "maximum": 1 }),
        2 => json!({ "type": "string", "minLength": 2, "maxLength": 1 }),
        3 => json!({ "allOf": [{ "type": "string" }, { "type": "integer" }] }),
        _ => json!({ "type": "string", "enum": ["a"], "not": { "const": "a" } }),
    };
    let other = schema(random, depth);
    match random.below(5) {
        0 => json!({ "anyOf": [never, other] }),
        1 => json!({ "oneOf": [other, never] }),
        2 => json!({ "type": "array", "items": never }),
        3 => json!({ "type": "array", "prefixItems": [other], "items": never }),
        _ => {
            let mut found = json!({ "type": "object", "properties": { "a": other, "b": never } });
            found["additionalProperties"] = json!(false);
            found
        }
    }
}

/// What is excluded is composed.
fn negated(random: &mut Make<'_>, depth: usize) -> Value {
    let inner = match random.below(5) {
        0 => json!({ "not": schema(random, depth) }),
        1 => json!({ "anyOf": [schema(random, 0), schema(random, 0)] }),
        2 => json!({ "allOf": [schema(random, 0), schema(random, 0)] }),
        3 => json!({ "required": [random.choose(&NAMES)], "type": "object" }),
        _ => schema(random, depth),
    };
    match random.once_in(2) {
        true => {
            let mut found = open(random, 0);
            known(&mut found);
            found["not"] = inner;
            found
        }
        false => {
            let mut found = schema(random, 0);
            found["not"] = inner;
            found
        }
    }
}

/// Alternatives beside keywords of their own.
fn beside(random: &mut Make<'_>, depth: usize) -> Value {
    let key = *random.choose(&["oneOf", "anyOf"]);
    match random.below(3) {
        0 => {
            let mut found = open(random, depth);
            known(&mut found);
            let (one, other) = (*random.choose(&NAMES), *random.choose(&NAMES));
            let first = json!({ "type": "object", "required": [one] });
            let second = json!({ "type": "object", "required": [other] });
            found[key] = match one == other {
                true => json!([first, { "type": "object", "maxProperties": 1 }]),
                false => json!([first, second]),
            };
            found
        }
        1 => {
            let mut found = number(random);
            let (one, other) = (number(random), number(random));
            found[key] = json!([one, other]);
            found
        }
        _ => {
            let mut found = text(random);
            let (one, other) = (text(random), text(random));
            found[key] = json!([one, other]);
            found
        }
    }
}

/// A `oneOf` whose members share values.
fn overlapping(random: &mut Make<'_>) -> Value {
    let mut number_from = |low: i64| {
        let (first, size) = (random.below(3) as i64, random.below(4) as i64);
        json!({ "type": "integer", "minimum": first + low, "maximum": first + low + size })
    };
    let (one, other) = (number_from(0), number_from(2));
    let third = text(random);
    match random.below(3) {
        0 => json!({ "oneOf": [one, other] }),
        1 => json!({ "oneOf": [one, third, other] }),
        _ => json!({ "oneOf": [{ "oneOf": [one, third] }, other] }),
    }
}

/// A schema that says nothing, or everything, where others stand.
fn literal(random: &mut Make<'_>, depth: usize) -> Value {
    let any = random.choose(&[json!(true), json!({})]).clone();
    let other = schema(random, depth);
    match random.below(4) {
        0 => json!({ "type": "array", "items": any }),
        1 => json!({ "allOf": [any, other] }),
        2 => {
            let mut found = json!({ "type": "object", "properties": { "a": any, "b": other } });
            found["additionalProperties"] = json!(false);
            found
        }
        _ => json!({ "type": "array", "contains": any, "items": other }),
    }
}
