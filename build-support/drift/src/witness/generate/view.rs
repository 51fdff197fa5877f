//! Several schemas that hold at once, seen as one.

use crate::witness::converted::Converted;
use serde_json::{Map, Value};
use std::cell::Cell;
use std::collections::HashSet;

/// A schema and the converted ones its references lead into.
#[derive(Debug, Clone, Copy)]
pub(in crate::witness) struct Part<'t> {
    pub converted: &'t Converted,
    pub schema: &'t Value,
}

impl<'t> Part<'t> {
    /// What it leads to, where it is nothing but a reference.
    pub fn target(self) -> &'t Value {
        let members = self.schema.as_object().filter(|members| members.len() == 1);
        let reference = members.and_then(|members| members.get("$ref")?.as_str());
        let target = reference.and_then(|reference| self.converted.target(reference));
        target.unwrap_or(self.schema)
    }
}

/// Schemas without composition, all of which hold.
#[derive(Debug, Clone, Default)]
pub(super) struct View<'t> {
    parts: Vec<(&'t Converted, &'t Map<String, Value>)>,
    /// Whether one of them accepts nothing.
    empty: bool,
}

/// How many ways through alternatives are followed.
const MOST_WAYS: usize = 24;

/// How many schemas are read for one value; more is a circle.
const MOST_PARTS: usize = 64;

/// How many schemas are added to ways for one value. Alternatives that lead into one another have more ways
/// than anyone waits for.
const MOST_STEPS: usize = 4_000;

/// Each way through the alternatives, with the references followed, and how many schemas were added to
/// find them.
pub(super) fn views<'t>(parts: &[Part<'t>]) -> (Vec<View<'t>>, usize) {
    let steps = Cell::new(MOST_STEPS);
    let mut ways = vec![View::default()];
    for part in parts {
        ways = conjoin(ways, *part, &steps);
    }
    ways.retain(|way| !way.empty);
    (ways, MOST_STEPS - steps.get())
}

fn conjoin<'t>(ways: Vec<View<'t>>, part: Part<'t>, steps: &Cell<usize>) -> Vec<View<'t>> {
    let Value::Object(schema) = part.schema else {
        let nothing = part.schema == &Value::Bool(false);
        let mark = |mut way: View<'t>| {
            way.empty |= nothing;
            way
        };
        return ways.into_iter().map(mark).collect();
    };
    // A schema that holds already adds nothing, whether it is meant twice or leads back to itself.
    let holds = |way: &View<'t>| {
        let mut held = way.parts.iter();
        held.any(|(_, held)| std::ptr::eq(*held, schema))
    };
    let (settled, mut ways): (Vec<View<'t>>, _) = ways.into_iter().partition(holds);
    if ways.is_empty() {
        return settled;
    }
    let left = steps.get().checked_sub(ways.len());
    steps.set(left.unwrap_or(0));
    for way in &mut ways {
        way.empty |= left.is_none() || way.parts.len() >= MOST_PARTS;
        way.parts.push((part.converted, schema));
    }
    if ways.iter().any(|way| !way.empty) {
        ways = composed(ways, schema, part, steps);
    }
    ways.extend(settled);
    ways
}

/// The ways with what a schema is composed of.
fn composed<'t>(
    ways: Vec<View<'t>>,
    schema: &'t Map<String, Value>,
    part: Part<'t>,
    steps: &Cell<usize>,
) -> Vec<View<'t>> {
    let mut ways = ways;
    let with = |ways, schema| conjoin(ways, Part { schema, ..part }, steps);
    let target = schema.get("$ref").and_then(Value::as_str);
    let target = target.and_then(|target| part.converted.target(target));
    for every in target.into_iter().chain(list(schema, "allOf")) {
        ways = with(ways, every);
    }
    for key in ["oneOf", "anyOf"] {
        let choices: Vec<&Value> = list(schema, key).collect();
        if !choices.is_empty() {
            let each = choices.iter().flat_map(|choice| with(ways.clone(), choice));
            ways = each.filter(|way| !way.empty).take(MOST_WAYS).collect();
        }
    }
    let (then, other) = (schema.get("then"), schema.get("else"));
    if let Some(test) = schema.get("if").filter(|_| then.or(other).is_some()) {
        let met = with(ways.clone(), test);
        let met = match then {
            Some(then) => with(met, then),
            None => met,
        };
        let unmet = match other {
            Some(other) => with(ways, other),
            None => ways,
        };
        ways = met.into_iter().chain(unmet).take(MOST_WAYS).collect();
    }
    ways
}

fn list<'t>(
    schema: &'t Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'t Value> + use<'t> {
    schema
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// How many values are looked at to see whether two sides say the same. Where there are more, values
/// are made and show it.
const MOST_LOOKED_AT: usize = 5_000;

/// What was compared so far.
#[derive(Default)]
struct Met {
    /// Targets that are being compared.
    targets: HashSet<(*const Value, *const Value)>,
    values: usize,
}

/// Whether two sides say the same word for word, as far as references lead.
pub(in crate::witness) fn same<'t>(ones: &[Part<'t>], others: &[Part<'t>]) -> bool {
    let mut met = Met::default();
    let mut pairs = ones.iter().zip(others);
    ones.len() == others.len() && pairs.all(|(one, other)| is_same(*one, *other, &mut met))
}

fn is_same<'t>(one: Part<'t>, other: Part<'t>, met: &mut Met) -> bool {
    met.values += 1;
    if met.values > MOST_LOOKED_AT {
        return false;
    }
    let at = |side: Part<'t>, schema: &'t Value| Part { schema, ..side };
    match (one.schema, other.schema) {
        (Value::Object(members), Value::Object(others)) => {
            members.len() == others.len()
                && members
                    .iter()
                    .zip(others)
                    .all(|((key, value), (other_key, other_value))| {
                        let inside = (at(one, value), at(other, other_value));
                        key == other_key
                            && match key.as_str() {
                                "$ref" => same_target(inside.0, inside.1, met),
                                _ => is_same(inside.0, inside.1, met),
                            }
                    })
        }
        (Value::Array(items), Value::Array(others)) => {
            items.len() == others.len()
                && items
                    .iter()
                    .zip(others)
                    .all(|(item, other_item)| is_same(at(one, item), at(other, other_item), met))
        }
        (value, other_value) => value == other_value,
    }
}

/// References are the same where what they lead to is; a pair that was met before is being looked
/// at already.
fn same_target<'t>(one: Part<'t>, other: Part<'t>, met: &mut Met) -> bool {
    let (Some(reference), Some(other_reference)) = (one.schema.as_str(), other.schema.as_str())
    else {
        return one.schema == other.schema;
    };
    let targets = (
        one.converted.target(reference),
        other.converted.target(other_reference),
    );
    let (Some(target), Some(other_target)) = targets else {
        return false;
    };
    let pair = (std::ptr::from_ref(target), std::ptr::from_ref(other_target));
    if !met.targets.insert(pair) {
        return true;
    }
    let one = Part {
        schema: target,
        ..one
    };
    is_same(
        one,
        Part {
            schema: other_target,
            ..other
        },
        met,
    )
}

impl<'t> View<'t> {
    /// All that is said anywhere, in every alternative and what is denied too: good for limits,
    /// not for truth.
    pub fn everything(parts: &[Part<'t>]) -> Self {
        let mut all = Self::default();
        let mut waiting: Vec<Part<'t>> = parts.iter().rev().copied().collect();
        while let Some(part) = waiting.pop() {
            let Value::Object(schema) = part.schema else {
                continue;
            };
            let known = all
                .parts
                .iter()
                .any(|(_, known)| std::ptr::eq(*known, schema));
            if known || all.parts.len() >= MOST_PARTS {
                continue;
            }
            all.parts.push((part.converted, schema));
            let target = schema.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|target| part.converted.target(target));
            let single = ["not", "if", "then", "else"];
            let single = single.iter().filter_map(|key| schema.get(*key));
            let listed = ["allOf", "oneOf", "anyOf"]
                .iter()
                .flat_map(|key| list(schema, key));
            let inner = target.into_iter().chain(single).chain(listed);
            waiting.extend(inner.map(|schema| Part { schema, ..part }));
        }
        all
    }

    /// The values of a keyword, one for each schema that has it.
    pub fn all<'k>(&'k self, key: &'k str) -> impl Iterator<Item = &'t Value> + use<'k, 't> {
        self.parts
            .iter()
            .filter_map(move |(_, schema)| schema.get(key))
    }

    /// The schemas a keyword holds.
    pub fn schemas(&self, key: &str) -> Vec<Part<'t>> {
        let held = self.parts.iter();
        held.filter_map(|(converted, schema)| {
            Some(Part {
                converted,
                schema: schema.get(key)?,
            })
        })
        .collect()
    }

    /// The schemas that `properties`, or another keyword of that kind, holds under a name.
    pub fn named(&self, key: &str, name: &str) -> Vec<Part<'t>> {
        let held = self.schemas(key).into_iter();
        held.filter_map(|part| {
            Some(Part {
                schema: part.schema.get(name)?,
                ..part
            })
        })
        .collect()
    }

    /// The schemas at a position of a list of schemas.
    pub fn placed(&self, key: &str, at: usize) -> Vec<Part<'t>> {
        let held = self.schemas(key).into_iter();
        held.filter_map(|part| {
            Some(Part {
                schema: part.schema.get(at)?,
                ..part
            })
        })
        .collect()
    }

    /// The keys of objects under a keyword, in order, each once.
    pub fn names(&self, key: &str) -> Vec<&'t str> {
        let held = self.all(key).filter_map(Value::as_object);
        each_once(held.flat_map(Map::keys).map(String::as_str))
    }

    /// The texts of lists under a keyword, each once.
    pub fn texts(&self, key: &str) -> Vec<&'t str> {
        let listed = self.all(key).filter_map(Value::as_array).flatten();
        each_once(listed.filter_map(Value::as_str))
    }

    /// Counts under a keyword.
    pub fn counts(&self, key: &str) -> Vec<usize> {
        let counts = self.all(key).filter_map(Value::as_f64);
        counts.map(|count| count.clamp(0.0, 1e9) as usize).collect()
    }

    /// The greatest of the least counts, and the least of the greatest.
    pub fn range(&self, least: &str, most: &str) -> (usize, usize) {
        let least = self.counts(least).into_iter().max();
        let most = self.counts(most).into_iter().min();
        (least.unwrap_or(0), most.unwrap_or(usize::MAX))
    }

    /// The values that `enum` and `const` leave, each once.
    pub fn listed(&self) -> Option<Vec<&'t Value>> {
        let enums = self.all("enum").filter_map(Value::as_array);
        let mut lists = enums
            .map(|list| list.iter().collect::<Vec<_>>())
            .chain(self.all("const").map(|one| vec![one]));
        let mut left = lists.next()?;
        for list in lists {
            let list: HashSet<&Value> = list.into_iter().collect();
            left.retain(|value| list.contains(value));
        }
        let mut seen = HashSet::new();
        left.retain(|value| seen.insert(*value));
        Some(left)
    }

    /// Every value that `enum` or `const` names anywhere.
    pub fn mentioned(&self) -> impl Iterator<Item = &'t Value> {
        let enums = self.all("enum").filter_map(Value::as_array).flatten();
        enums.chain(self.all("const"))
    }

    /// Whether `type` leaves a kind of value; a number may be whole where only whole ones are.
    pub fn allows(&self, kind: &str) -> bool {
        self.all("type")
            .all(|written| types(written).any(|one| fits(kind, one)))
    }

    /// Whether a `type` names a kind.
    pub fn names_kind(&self, kind: &str) -> bool {
        self.all("type")
            .any(|written| types(written).any(|one| one == kind))
    }

    /// Whether some keyword is about a kind of value.
    pub fn speaks_of(&self, kind: &str) -> bool {
        let mut keywords = contract::vocabulary::about(kind);
        keywords.any(|keyword| self.all(keyword).next().is_some())
    }
}

fn each_once<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut seen = HashSet::new();
    texts.filter(|text| seen.insert(*text)).collect()
}

fn types(written: &Value) -> impl Iterator<Item = &str> {
    let listed = written.as_array().into_iter().flatten();
    listed
        .chain(written.as_str().map(|_| written))
        .filter_map(Value::as_str)
}

fn fits(kind: &str, written: &str) -> bool {
    kind == written || (kind == "integer" && written == "number")
}
