//! One random change to a schema, judged by the comparison and by values: what a validator accepts
//! of the one and rejects of the other must not come as a surprise.

use crate::support::contracts::all;
use crate::support::random::Random;
use crate::support::walk::{Kind, places, schemas};
use crate::support::{contract, lines, report};
use drift::witness::{Direction, Finder, Sought};
use drift::{Change, Contract, Directions, DriftReport, Effect};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// Changes one schema in one way.
fn mutate(document: &mut Value, random: &mut Random) -> String {
    let places = schemas(document);
    if places.is_empty() {
        return "there is nothing to change".to_owned();
    }
    for _ in 0..40 {
        let place = random.choose(&places).pointer.clone();
        let old = document.pointer(&place).unwrap().clone();
        let mut new = old.clone();
        alter(&mut new, random);
        if new != old && !is_impossible(&new) {
            let told = format!("{place}: {old} → {new}");
            *document.pointer_mut(&place).unwrap() = new;
            return told;
        }
    }
    "nothing was changed".to_owned()
}

/// Whether an object must hold what it may not.
fn is_impossible(schema: &Value) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    let mut required = required.into_iter().flatten().filter_map(Value::as_str);
    let closed = schema.get("additionalProperties") == Some(&json!(false));
    closed && required.any(|name| schema["properties"].get(name).is_none())
}

fn alter(schema: &mut Value, random: &mut Random) {
    let Value::Object(members) = schema else {
        return;
    };
    let removable: Vec<String> = members
        .keys()
        .filter(|key| !matches!(key.as_str(), "discriminator" | "description" | "title"))
        .cloned()
        .collect();
    match random.below(5) {
        0 if !removable.is_empty() => {
            members.remove(random.choose(&removable));
        }
        1 => shorten(members.values_mut(), random),
        2 => {
            let (key, value) = random.choose(&ADDED);
            members.insert((*key).to_owned(), serde_json::from_str(value).unwrap());
        }
        3 => {
            let number = members.values_mut().filter(|value| value.is_number());
            let mut numbers: Vec<_> = number.collect();
            if !numbers.is_empty() {
                let at = random.below(numbers.len());
                let changed = numbers[at].as_f64().unwrap() + *random.choose(&[-1.0, 1.0, 7.0]);
                *numbers[at] = json!(changed.max(1.0) as i64);
            }
        }
        _ => {
            let wrapped = schema.clone();
            *schema = match random.below(3) {
                0 => json!({ "oneOf": [wrapped, { "type": "null" }] }),
                1 => json!({ "anyOf": [wrapped, { "type": "boolean" }] }),
                _ => json!({ "allOf": [wrapped, { "type": ["object", "string"] }] }),
            };
        }
    }
}

/// A list or an object loses a part.
fn shorten<'a>(values: impl Iterator<Item = &'a mut Value>, random: &mut Random) {
    let mut held: Vec<&mut Value> = values
        .filter(|value| value.is_array() || value.is_object())
        .collect();
    if held.is_empty() {
        return;
    }
    let at = random.below(held.len());
    match &mut *held[at] {
        Value::Array(items) if items.len() > 1 => {
            items.remove(random.below(items.len()));
        }
        Value::Object(members) if members.len() > 1 => {
            let keys: Vec<String> = members.keys().cloned().collect();
            members.remove(random.choose(&keys));
        }
        _ => {}
    }
}

const ADDED: [(&str, &str); 26] = [
    ("type", r#""string""#),
    ("type", r#""integer""#),
    ("type", r#"["string", "null"]"#),
    ("type", r#""object""#),
    ("format", r#""uuid""#),
    ("format", r#""int32""#),
    ("format", r#""date""#),
    ("enum", r#"["a", "b"]"#),
    ("enum", r#"["a", 1, null]"#),
    ("const", r#""a""#),
    ("minLength", "3"),
    ("maxLength", "5"),
    ("pattern", r#""^[a-z]+$""#),
    ("minimum", "3"),
    ("exclusiveMaximum", "8"),
    ("multipleOf", "2"),
    ("minItems", "2"),
    ("maxItems", "3"),
    ("uniqueItems", "true"),
    ("required", r#"["id", "added"]"#),
    ("additionalProperties", "false"),
    ("additionalProperties", r#"{"type": "string"}"#),
    ("maxProperties", "2"),
    ("properties", r#"{"added": {"type": "integer"}}"#),
    ("readOnly", "true"),
    ("not", r#"{"type": "boolean"}"#),
];

/// What values say of the bodies: whose, and what became of what they accept.
fn sampled(base: &Contract, revision: &Contract, document: &Value) -> Vec<Sample> {
    let mut finder = Finder::new(base, revision);
    let mut samples = Vec::new();
    for (pointer, direction) in bodies(document) {
        for sought in [Sought::Narrowed, Sought::Widened] {
            let found = finder.search(&pointer, &pointer, direction, sought);
            samples.extend(found.map(|witness| Sample {
                direction,
                sought,
                told: format!("{pointer}: {}", witness.value),
            }));
        }
    }
    samples
}

#[derive(Debug)]
struct Sample {
    direction: Direction,
    sought: Sought,
    told: String,
}

/// The schemas of request and response bodies.
fn bodies(document: &Value) -> Vec<(String, Direction)> {
    let all = places(document);
    let operations = all.iter().filter(|place| place.kind == Kind::Operation);
    let operations = operations.filter(|place| {
        place.pointer.starts_with("/paths/") && !place.pointer.contains("/callbacks/")
    });
    let prefixes: Vec<String> = operations
        .map(|place| format!("{}/", place.pointer))
        .collect();
    let mut found = Vec::new();
    for place in all.iter().filter(|place| place.kind == Kind::MediaType) {
        let schema = format!("{}/schema", place.pointer);
        let is_json = place.pointer.ends_with("json");
        if !is_json || document.pointer(&schema).is_none() {
            continue;
        }
        for prefix in &prefixes {
            let Some(rest) = place.pointer.strip_prefix(prefix.as_str()) else {
                continue;
            };
            if rest.starts_with("requestBody/content/") {
                found.push((schema.clone(), Direction::Request));
            } else if rest.starts_with("responses/") && !rest.contains("/headers/") {
                found.push((schema.clone(), Direction::Response));
            }
        }
    }
    found
}

/// Whether a report knows of what a sample shows.
fn is_told(report: &DriftReport, sample: &Sample) -> bool {
    let directions = match sample.direction {
        Direction::Request => Directions::Request,
        Direction::Response => Directions::Response,
    };
    let effect = match sample.sought {
        Sought::Narrowed => Effect::Narrowed,
        Sought::Widened => Effect::Widened,
    };
    report.changes.iter().any(|change| {
        let same_way =
            change.directions == Some(directions) || change.directions == Some(Directions::Both);
        let effects = [Some(effect), Some(Effect::Both), Some(Effect::Undecided)];
        same_way && effects.contains(&change.effect)
    })
}

fn check(document: &Value, seed: u64) -> Result<usize, String> {
    let mut mutated = document.clone();
    let told = mutate(&mut mutated, &mut Random::new(seed));
    let (base, revision) = (
        contract("base.json", document),
        contract("revision.json", &mutated),
    );
    let report = report(&base, &revision);
    // Alternatives are read as such: a value that two of them accept is rejected by the letter of
    // `oneOf`, which no comparison of alternatives one by one can see.
    let (plain, plain_mutated) = (alternatives(document), alternatives(&mutated));
    let plain = (
        contract("b.json", &plain),
        contract("r.json", &plain_mutated),
    );
    let samples = sampled(&plain.0, &plain.1, document);
    for sample in &samples {
        if !is_told(&report, sample) {
            return Err(format!(
                "{told}\nvalues of a {:?} show {:?}: {}\nthe report says\n  {}",
                sample.direction,
                sample.sought,
                sample.told,
                lines(&report).join("\n  ")
            ));
        }
    }
    Ok(samples.len())
}

fn alternatives(document: &Value) -> Value {
    let mut read = document.clone();
    for place in schemas(document).into_iter().rev() {
        let schema = read.pointer_mut(&place.pointer);
        if let Some(Value::Object(schema)) = schema
            && !schema.contains_key("anyOf")
            && let Some(choices) = schema.remove("oneOf")
        {
            schema.insert("anyOf".to_owned(), choices);
        }
    }
    read
}

/// Whether a change was found by a value. Only values that fail are searched for, so that the way back
/// shows nothing of them.
fn is_searched(change: &Change) -> bool {
    let several = [
        "fits several alternatives now",
        "fitted several alternatives",
    ];
    change.rule.id.contains("-values-") || several.iter().any(|part| change.message.contains(part))
}

/// A report on the way back says the opposite of the one on the way there.
fn mirrored(effect: Option<Effect>) -> Option<Effect> {
    effect.map(|effect| match effect {
        Effect::Narrowed => Effect::Widened,
        Effect::Widened => Effect::Narrowed,
        same => same,
    })
}

fn check_mirror(document: &Value, seed: u64) -> Result<(), String> {
    let mut mutated = document.clone();
    let told = mutate(&mut mutated, &mut Random::new(seed));
    let (base, revision) = (
        contract("base.json", document),
        contract("revision.json", &mutated),
    );
    let there = report(&base, &revision);
    let back = report(&revision, &base);
    let pointer =
        |place: &Option<contract::Place>| place.as_ref().map(|place| place.pointer.clone());
    let mut forward: Vec<String> = there
        .changes
        .iter()
        .filter(|change| !is_searched(change))
        .map(|change| {
            let places = (pointer(&change.base), pointer(&change.revision));
            format!("{:?} {:?} {places:?}", change.directions, change.effect)
        })
        .collect();
    let mut backward: Vec<String> = back
        .changes
        .iter()
        .filter(|change| !is_searched(change))
        .map(|change| {
            let places = (pointer(&change.revision), pointer(&change.base));
            format!(
                "{:?} {:?} {places:?}",
                change.directions,
                mirrored(change.effect)
            )
        })
        .collect();
    forward.sort();
    backward.sort();
    if forward == backward {
        return Ok(());
    }
    Err(format!(
        "{told}\nthere:\n  {}\nback:\n  {}",
        lines(&there).join("\n  "),
        lines(&back).join("\n  ")
    ))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn verdicts_agree_with_values(which in any::<Index>(), seed in any::<u64>()) {
        let documents = all();
        let (name, document) = which.get(&documents);
        check(document, seed).map_err(|error| TestCaseError::fail(format!("{name}: {error}")))?;
    }

    #[test]
    fn the_way_back_is_the_mirror(which in any::<Index>(), seed in any::<u64>()) {
        let documents = all();
        let (name, document) = which.get(&documents);
        let checked = check_mirror(document, seed);
        checked.map_err(|error| TestCaseError::fail(format!("{name}: {error}")))?;
    }
}

#[test]
fn samples_show_many_mutations() {
    let mut shown = 0;
    for (name, document) in all() {
        for seed in 0..5 {
            let samples = check(&document, seed).unwrap_or_else(|error| panic!("{name}: {error}"));
            shown += usize::from(samples > 0);
        }
    }
    assert!(shown > 8, "values should show more than {shown} mutations");
}
