//! Values that tell the schemas of the oracle apart: every small scalar, and arrays and objects at
//! the limits that the parts of two schemas draw.

use super::validator;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many values are tried in one place inside of another value.
const INNER: usize = 64;

/// How many values that stand in an array beside others are taken as they come.
const ALIKE: usize = 10;

/// How many values that a schema accepts are combined with others.
const FEW: usize = 4;

/// How deep values hold values.
const DEPTH: usize = 3;

/// Values for two schemas, each once.
pub fn of(base: &Value, revision: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for value in values(&[base, revision], DEPTH) {
        if seen.insert(value.to_string()) {
            found.push(value);
        }
    }
    found
}

/// Whether every object of a value has only these properties.
pub fn has_only(value: &Value, names: &BTreeSet<String>) -> bool {
    match value {
        Value::Object(members) => members
            .iter()
            .all(|(name, member)| names.contains(name) && has_only(member, names)),
        Value::Array(items) => items.iter().all(|item| has_only(item, names)),
        _ => true,
    }
}

fn values(schemas: &[&Value], depth: usize) -> Vec<Value> {
    let mut found = scalars();
    found.extend(mentioned(schemas));
    if depth > 0 {
        let simple = simple(schemas);
        found.extend(lists(&simple, depth - 1));
        for schema in &simple {
            found.extend(objects(schema, &simple, depth - 1));
        }
        found.extend([json!([]), json!({})]);
    }
    found
}

fn scalars() -> Vec<Value> {
    let mut found = vec![json!(null), json!(true), json!(false)];
    found.extend([0, 1, 2, 3, 4, 5, 6, 8, 9, 12, -1, -2, -3, -6].map(|number| json!(number)));
    found.extend([-1.5, -0.5, 0.25, 0.5, 0.75, 1.25, 1.5, 2.5, 3.5].map(|number| json!(number)));
    let texts = [
        "", "a", "b", "c", "ab", "ba", "bb", "cb", "ac", "abc", "aab", "ccc", "bbbb", "abab",
        "aaaa", "cccc",
    ];
    found.extend(texts.map(|text| json!(text)));
    found
}

/// The schemas of which these are composed, and they themselves.
fn simple<'s>(schemas: &[&'s Value]) -> Vec<&'s Map<String, Value>> {
    let mut found = Vec::new();
    let mut open = schemas.to_vec();
    while let Some(schema) = open.pop() {
        let Some(members) = schema.as_object() else {
            continue;
        };
        if found.contains(&members) {
            continue;
        }
        found.push(members);
        for key in ["oneOf", "anyOf", "allOf"] {
            open.extend(listed(members, key));
        }
        for key in ["not", "if", "then", "else"] {
            open.extend(members.get(key));
        }
        open.extend(named(members, "dependentSchemas").map(|(_, part)| part));
    }
    found
}

/// The values that schemas list.
fn mentioned(schemas: &[&Value]) -> Vec<Value> {
    let simple = simple(schemas);
    let each = simple.iter().flat_map(|members| {
        let only = members.get("const").into_iter();
        only.chain(listed(members, "enum"))
    });
    let composite = each.filter(|value| value.is_array() || value.is_object());
    composite.cloned().collect()
}

fn listed<'s>(
    members: &'s Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'s Value> + use<'s> {
    members
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn named<'s>(
    members: &'s Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = (&'s String, &'s Value)> + use<'s> {
    members
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// What some of these schemas accept and others reject, one value of each such kind first, and then
/// the rest of them.
fn telling(schemas: &[&Value], depth: usize) -> Vec<Value> {
    let judges: Vec<_> = schemas
        .iter()
        .filter_map(|schema| validator(schema))
        .collect();
    let mut seen = BTreeSet::new();
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for value in values(schemas, depth) {
        let verdicts: Vec<bool> = judges.iter().map(|judge| judge.is_valid(&value)).collect();
        // Objects of other properties are of another kind: not all are sent.
        let names = value.as_object();
        let names: Option<Vec<String>> = names.map(|of| of.keys().cloned().collect());
        let kind = (
            names,
            value.is_array(),
            value.is_string(),
            value.is_number(),
        );
        match seen.insert((verdicts, kind)) {
            true => first.push(value),
            false => rest.push(value),
        }
    }
    let accepting = |value: &Value| judges.iter().filter(|judge| judge.is_valid(value)).count();
    rest.sort_by_key(|value| std::cmp::Reverse(accepting(value)));
    first.sort_by_key(|value| std::cmp::Reverse(accepting(value)));
    // Some of what each accepts, so that arrays can hold different ones.
    for judge in &judges {
        let accepted = rest.extract_if(.., |value| judge.is_valid(value));
        first.extend(accepted.take(2));
    }
    first.extend(rest);
    first.truncate(INNER);
    first
}

fn lists(simple: &[&Map<String, Value>], depth: usize) -> Vec<Value> {
    let mut parts = Vec::new();
    for members in simple {
        parts.extend(members.get("items"));
        parts.extend(members.get("unevaluatedItems"));
        parts.extend(members.get("contains"));
        parts.extend(listed(members, "prefixItems"));
    }
    if parts.is_empty() {
        let few = [
            json!([0]),
            json!(["b"]),
            json!([null]),
            json!([0, 1]),
            json!([0, 0]),
        ];
        return few.into();
    }
    let all = telling(&parts, depth);
    let mut found: Vec<Value> = all.iter().map(|one| json!([one])).collect();
    let few = various(&parts, &all);
    for one in &few {
        for two in &few {
            found.push(json!([one, two]));
            found.push(json!([one, two, one]));
            found.push(json!([one, two, two]));
            found.push(json!([one, two, two, two]));
        }
    }
    found.extend(few.windows(3).map(|three| json!(three)));
    found
}

/// Some of several values: of those that the same schemas accept a few, and the first of all.
fn various<'v>(schemas: &[&Value], all: &'v [Value]) -> Vec<&'v Value> {
    let judges = schemas.iter().filter_map(|schema| validator(schema));
    let judges: Vec<_> = judges.collect();
    let mut counts: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    let mut found: Vec<&Value> = all.iter().take(ALIKE).collect();
    for value in all.iter().skip(ALIKE) {
        let verdicts = judges.iter().map(|judge| judge.is_valid(value)).collect();
        let count = counts.entry(verdicts).or_default();
        *count += 1;
        if *count <= 2 {
            found.push(value);
        }
    }
    found.truncate(2 * ALIKE);
    found
}

/// Objects around those that one schema accepts, with values that any of the schemas asks for.
fn objects(own: &Map<String, Value>, simple: &[&Map<String, Value>], depth: usize) -> Vec<Value> {
    let is_about = own.contains_key("properties") || own.contains_key("required");
    if !is_about {
        return Vec::new();
    }
    let mut names: BTreeSet<&str> = BTreeSet::from(["a", "b", "c", "d", "ad", "bb"]);
    names.extend(
        simple
            .iter()
            .flat_map(|one| named(one, "properties"))
            .map(|(name, _)| name.as_str()),
    );
    let places: Vec<Place> = names
        .into_iter()
        .map(|name| place(name, own, simple, depth))
        .collect();
    let required: Vec<&str> = listed(own, "required").filter_map(Value::as_str).collect();
    let build = |keep: &dyn Fn(&Place) -> bool| -> Map<String, Value> {
        let kept = places.iter().filter(|place| keep(place));
        kept.filter_map(|place| Some((place.name.to_owned(), place.fitting.first()?.clone())))
            .collect()
    };
    let listed = |place: &Place| {
        own.get("properties")
            .is_some_and(|of| of.get(place.name).is_some())
    };
    let least = build(&|place| required.contains(&place.name));
    let full = build(&|place| required.contains(&place.name) || listed(place));
    let wide = build(&|_| true);
    let mut found = vec![least.clone(), full.clone(), wide.clone()];
    for start in [&least, &full, &wide] {
        for place in &places {
            let with = |value: &Value| {
                let mut object = start.clone();
                object.insert(place.name.to_owned(), value.clone());
                object
            };
            found.extend(place.all.iter().map(with));
            let mut without = start.clone();
            without.remove(place.name);
            found.push(without);
        }
    }
    found.extend(combined(&places));
    found.into_iter().map(Value::Object).collect()
}

/// A property, the values to try for it, and some that the schema accepts.
struct Place<'s> {
    name: &'s str,
    all: Vec<Value>,
    fitting: Vec<Value>,
}

fn place<'s>(
    name: &'s str,
    own: &Map<String, Value>,
    simple: &[&Map<String, Value>],
    depth: usize,
) -> Place<'s> {
    let of = |members: &Map<String, Value>| -> Vec<Value> {
        let declared = named(members, "properties").filter(|(key, _)| *key == name);
        let declared: Vec<Value> = declared.map(|(_, part)| part.clone()).collect();
        let others = ["additionalProperties", "unevaluatedProperties"];
        let others = others
            .iter()
            .filter_map(|key| members.get(*key).filter(|_| declared.is_empty()));
        let met = |pattern: &str| match pattern {
            "^a" => name.starts_with('a'),
            "^[ab]$" => ["a", "b"].contains(&name),
            "b$" => name.ends_with('b'),
            other => panic!("add the names that `{other}` meets"),
        };
        let patterns = named(members, "patternProperties").filter(|(key, _)| met(key));
        let extra: Vec<Value> = others
            .chain(patterns.map(|(_, part)| part))
            .cloned()
            .collect();
        declared.into_iter().chain(extra).collect()
    };
    let parts: Vec<Value> = simple.iter().flat_map(|members| of(members)).collect();
    let parts: Vec<&Value> = parts.iter().filter(|part| part.is_object()).collect();
    let all = match parts.is_empty() {
        true => vec![json!("a"), json!(1)],
        false => telling(&parts, depth),
    };
    let judge = validator(&json!({ "allOf": of(own) }));
    let fits = |value: &&Value| judge.as_ref().is_none_or(|judge| judge.is_valid(value));
    let fitting = all.iter().filter(fits).take(FEW).cloned().collect();
    Place { name, all, fitting }
}

/// Some properties and some of what fits each, in every combination of three.
fn combined(places: &[Place]) -> Vec<Map<String, Value>> {
    let mut found = vec![Map::new()];
    for place in places.iter().take(4) {
        let with = found.iter().flat_map(|object| {
            place.fitting.iter().take(3).map(move |value| {
                let mut object = object.clone();
                object.insert(place.name.to_owned(), value.clone());
                object
            })
        });
        let with: Vec<Map<String, Value>> = with.collect();
        found.extend(with);
    }
    found
}
