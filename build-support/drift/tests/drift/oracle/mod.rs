//! Pairs of schemas, held against an independent validator of JSON Schema 2020-12.
//!
//! Values are made for one side and validated against the other, by the crate `jsonschema` on the
//! schemas as they are written. Nothing of the comparison takes part in that. A report that says
//! nothing of a pair that a value tells apart fails, and so does one that says breaking where none
//! of the values breaks anything: the schemas are made so that the values that are tried tell them
//! apart.
//!
//! A run of 20,000 pairs: `cargo test -p drift --test drift oracle -- --ignored`. `ORACLE_PAIRS`,
//! `ORACLE_FIRST` and `ORACLE_SEED` change how many and which ones.

mod references;
mod schemas;
mod shapes;
mod values;

use crate::support::random::Random;
use drift::witness::{Direction, Finder, Sought, World};
use drift::{Change, Contract, Directions, DriftReport, Options, Severity, compare};
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

/// Two schemas.
struct Pair {
    base: Value,
    revision: Value,
}

/// What the values say of a direction.
#[derive(Debug, Clone, PartialEq)]
struct Evidence {
    /// A value that is sent and rejected.
    failing: Option<Value>,
}

#[test]
fn pairs_are_judged_as_values_say() {
    run(0..300, 1);
}

#[test]
#[ignore = "takes minutes"]
fn many_pairs_are_judged_as_values_say() {
    let first = number("ORACLE_FIRST", 0);
    run(
        first..first + number("ORACLE_PAIRS", 20_000),
        number("ORACLE_SEED", 7) as u64,
    );
}

#[expect(clippy::disallowed_methods, reason = "a long run is asked for by hand")]
fn number(name: &str, otherwise: usize) -> usize {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[expect(
    clippy::print_stdout,
    reason = "the share of verdicts that are decided is what the run shows"
)]
fn run(pairs: Range<usize>, seed: u64) {
    let mut wrong = Vec::new();
    let mut tally = Tally::default();
    for at in pairs.clone() {
        let mut random = Random::new(seed.wrapping_mul(1_000_003) + at as u64);
        let pair = schemas::pair(&mut random);
        let found = judge(&pair, &mut random, &mut tally);
        wrong.extend(found.map(|why| format!("pair {at} of seed {seed}: {why}")));
    }
    println!("{tally}");
    assert!(
        wrong.is_empty(),
        "{} verdicts are refuted; fix the engine:\n{}",
        wrong.len(),
        wrong
            .iter()
            .take(12)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert!(
        tally.telling * 4 > pairs.len(),
        "the pairs should differ more often: {tally:?}"
    );
    assert!(
        tally.decided() >= DECIDED,
        "too much is left to people: {tally}"
    );
}

/// The least share of verdicts, in per cent, that are not left to people.
const DECIDED: f64 = 95.0;

/// What was met, so that a run that shows nothing does not pass.
#[derive(Debug, Default)]
struct Tally {
    directions: usize,
    telling: usize,
    breaking: usize,
    undecided: usize,
}

impl Tally {
    /// The share of verdicts that are not left to people, in per cent.
    fn decided(&self) -> f64 {
        let decided = self.directions - self.undecided;
        100.0 * decided as f64 / self.directions.max(1) as f64
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            directions,
            telling,
            breaking,
            undecided,
        } = self;
        write!(
            f,
            "{directions} verdicts: {breaking} breaking, {undecided} undecided, {:.2} % decided; \
             values tell {telling} apart",
            self.decided()
        )
    }
}

/// What is wrong with the verdict on a pair.
fn judge(pair: &Pair, random: &mut Random, tally: &mut Tally) -> Option<String> {
    let both = (&pair.base, &pair.revision);
    let (base, revision) = (validator(both.0)?, validator(both.1)?);
    let values = values::of(&pair.base, &pair.revision);
    let documents = documents(pair, random);
    let report = compare(&documents.0, &documents.1, &Options::default());
    let mut wrong = None;
    for directions in [Directions::Request, Directions::Response] {
        let (sender, receiver) = sides(both, (&base, &revision), directions);
        let found = evidence(&values, sender, receiver);
        let worst = worst(&report, directions);
        tally.directions += 1;
        tally.telling += usize::from(found.failing.is_some());
        tally.breaking += usize::from(worst == Some(Severity::Breaking));
        tally.undecided += usize::from(worst == Some(Severity::Undecided));
        let failing = found.failing.clone().or_else(|| {
            // What witnesses are searched with finds values too. The validators judge them.
            let is_breaking = worst == Some(Severity::Breaking);
            let found = is_breaking
                .then(|| searched(&documents, directions))
                .flatten();
            evidence(found.as_slice(), sender, receiver).failing
        });
        let why = match (&failing, worst) {
            (Some(value), None | Some(Severity::Compatible)) => {
                format!("passes in silence, but `{value}` fails")
            }
            (None, Some(Severity::Breaking))
                if !is_open_member(pair, &report, directions)
                    && !is_shown_by_member(pair, directions) =>
            {
                "breaks, but no value shows it".to_owned()
            }
            _ => continue,
        };
        let said = crate::support::lines(&report).join("\n    ");
        wrong = Some(format!(
            "{directions:?} {why}\n  base     {}\n  revision {}\n    {said}",
            pair.base, pair.revision
        ));
    }
    wrong
}

/// Whether all that breaks is about other properties, or a member of a union of open objects. An open
/// object accepts nearly every other, and that is not what people mean.
fn is_open_member(pair: &Pair, report: &DriftReport, directions: Directions) -> bool {
    let is_open = schemas::names(&pair.base).is_some();
    let about = |change: &Change| matches!(change.directions, Some(of) if of == directions || of == Directions::Both);
    let mut breaking = report
        .changes
        .iter()
        .filter(|change| change.severity == Severity::Breaking && about(change));
    is_open
        && breaking.all(|change| {
            let open = [
                "alternative-",
                "additional-properties-",
                "property-names-",
                "unevaluated-",
            ];
            open.iter().any(|part| change.rule.id.contains(part))
        })
}

/// Whether a value shows the break where each member of a `oneOf` of open objects stands alone. By the
/// letter nearly every object fits several of them; people mean the member, and so says `POLICY.md`.
fn is_shown_by_member(pair: &Pair, directions: Directions) -> bool {
    const MOST: usize = 3;
    let shown = |at: usize| {
        let (base, revision) = (alone(&pair.base, at), alone(&pair.revision, at));
        if base == pair.base && revision == pair.revision {
            return None;
        }
        let (old, new) = (validator(&base)?, validator(&revision)?);
        let (sender, receiver) = sides((&base, &revision), (&old, &new), directions);
        evidence(&values::of(&base, &revision), sender, receiver).failing
    };
    (0..MOST).any(|at| shown(at).is_some())
}

/// A schema in which one member stands for each `oneOf` with open objects among its members.
fn alone(schema: &Value, at: usize) -> Value {
    let is_open = |member: &Value| {
        let closes = ["additionalProperties", "unevaluatedProperties"];
        member.get("type") == Some(&json!("object"))
            && !closes.iter().any(|key| member.get(*key).is_some())
    };
    match schema {
        Value::Object(members) => {
            let members = members.iter();
            let mut found: Map<String, Value> = members
                .map(|(key, member)| (key.clone(), alone(member, at)))
                .collect();
            let several = found.get("oneOf").and_then(Value::as_array).cloned();
            let several = several.filter(|several| several.iter().any(is_open));
            if let Some(one) = several.as_ref().and_then(|several| several.get(at)) {
                found.remove("oneOf");
                return json!({ "allOf": [found, one] });
            }
            Value::Object(found)
        }
        Value::Array(items) => items.iter().map(|item| alone(item, at)).collect(),
        other => other.clone(),
    }
}

/// Of two directions, the value that its sender may send and its receiver rejects.
fn evidence(
    values: &[Value],
    sender: (&Value, &Validator),
    receiver: (&Value, &Validator),
) -> Evidence {
    let names = schemas::names(sender.0);
    let sent = values.iter().filter(|value| {
        names
            .as_ref()
            .is_none_or(|names| values::has_only(value, names))
            && sender.1.is_valid(value)
    });
    // Any object fits an open one. That it fits several members for that reason is not meant.
    let lenient = validator(&lenient(receiver.0));
    let is_meant = |value: &Value| {
        let text = value.to_string();
        !text.contains('{') || lenient.as_ref().is_some_and(|one| !one.is_valid(value))
    };
    let mut failing = sent.filter(|value| !receiver.1.is_valid(value) && is_meant(value));
    Evidence {
        failing: failing.next().cloned(),
    }
}

/// A schema whose `oneOf` accepts what fits several members, where some are objects, unless two of those
/// that it fits speak of it.
fn lenient(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let members = members.iter();
            let mut found: Map<String, Value> = members
                .map(|(key, member)| (key.clone(), lenient(member)))
                .collect();
            let several = found.get("oneOf").map(Value::to_string);
            let is_of_objects = several.is_some_and(|text| text.contains("\"object\""));
            if is_of_objects && let Some(Value::Array(several)) = found.remove("oneOf") {
                let speaking: Vec<Value> = several.iter().map(speaking).collect();
                let pairs = speaking.iter().enumerate().flat_map(|(at, one)| {
                    let others = speaking[at + 1..].iter();
                    others.map(move |other| json!({ "not": { "allOf": [one, other] } }))
                });
                let pairs: Vec<Value> = pairs.collect();
                let all = [json!(found), json!({ "anyOf": several })].into_iter();
                return json!({ "allOf": all.chain(pairs).collect::<Vec<_>>() });
            }
            Value::Object(found)
        }
        Value::Array(items) => items.iter().map(lenient).collect(),
        other => other.clone(),
    }
}

/// A member of a `oneOf` for the values that it speaks of: objects with a property that it lists, if it
/// lists any.
fn speaking(member: &Value) -> Value {
    let mut names = BTreeSet::new();
    listed(member, &mut names);
    if names.is_empty() {
        return member.clone();
    }
    let named = names.iter().map(|name| json!({ "required": [name] }));
    let others = json!({ "not": { "type": "object" } });
    json!({ "allOf": [member, { "anyOf": named.chain([others]).collect::<Vec<_>>() }] })
}

/// The properties that a schema lists, with what it is composed of.
fn listed<'s>(schema: &'s Value, names: &mut BTreeSet<&'s String>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    names.extend(properties.into_iter().flat_map(Map::keys));
    for key in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.get(key).and_then(Value::as_array);
        parts
            .into_iter()
            .flatten()
            .for_each(|part| listed(part, names));
    }
}

fn validator(schema: &Value) -> Option<Validator> {
    jsonschema::draft202012::new(schema).ok()
}

fn worst(report: &DriftReport, directions: Directions) -> Option<Severity> {
    let here = report.changes.iter().filter(|change| {
        change.directions == Some(directions) || change.directions == Some(Directions::Both)
    });
    here.map(|change| change.severity).max()
}

/// Who sends and who receives in a direction.
fn sides<'p>(
    (base, revision): (&'p Value, &'p Value),
    (old, new): (&'p Validator, &'p Validator),
    directions: Directions,
) -> (Side<'p>, Side<'p>) {
    match directions {
        Directions::Response => ((revision, new), (base, old)),
        _ => ((base, old), (revision, new)),
    }
}

/// A schema and what judges by it.
type Side<'p> = (&'p Value, &'p Validator);

/// Where the schemas stand in the contracts.
const REQUEST: &str = "/paths/~1a/post/requestBody/content/application~1json/schema";
const RESPONSE: &str = "/paths/~1a/post/responses/200/content/application~1json/schema";

/// A value that is said to be sent and rejected, where the search of witnesses finds one.
fn searched(documents: &(Contract, Contract), directions: Directions) -> Option<Value> {
    let (pointer, direction) = match directions {
        Directions::Response => (RESPONSE, Direction::Response),
        _ => (REQUEST, Direction::Request),
    };
    let find = |world| {
        let mut finder = Finder::in_world(&documents.0, &documents.1, world);
        finder.search(pointer, pointer, direction, Sought::failing(direction))
    };
    let found = find(World::Closed).or_else(|| find(World::Open));
    found.map(|witness| witness.value)
}

/// Two contracts that say the same as the pair, with some parts in components.
fn documents(pair: &Pair, random: &mut Random) -> (Contract, Contract) {
    let mut document = |schema: &Value| {
        let (schema, components) = references::outlined(random, schema);
        let content = json!({ "application/json": { "schema": schema } });
        let document = json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "1" },
            "paths": { "/a": { "post": {
                "requestBody": { "required": true, "content": content },
                "responses": { "200": { "description": "", "content": content } },
            } } },
            "components": { "schemas": components },
        });
        Contract::read("pair.json", &document.to_string()).unwrap()
    };
    (document(&pair.base), document(&pair.revision))
}
