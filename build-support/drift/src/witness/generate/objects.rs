//! Objects: the least one, and one telling member at a time.

use super::super::pattern;
use super::view::{Part, View, same};
use super::{Found, Step, Task, inner_values, simplest};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// The most members that are added to show a limit.
const MOST_MEMBERS: usize = 100;

/// How many patterns a name is held against at the cost of one more part of a value.
const PATTERNS: usize = 16;

/// A name that no schema lists.
const STRANGER: &str = "unlisted";

/// Writes objects.
pub(super) fn make<'t>(task: &Task<'t>, view: &View<'t>, receiver: &View<'t>, found: &mut Found) {
    let patterns = |view: &View<'t>| view.names("patternProperties");
    let object = Object {
        task,
        view,
        receiver,
        patterns: (patterns(view), patterns(receiver)),
    };
    let required = view.texts("required");
    let least = object.with(&required);
    let shared: Vec<&str> = required
        .iter()
        .copied()
        .chain(receiver.texts("required"))
        .collect();
    let welcome = object.with(&shared);
    if found.width == 1 {
        found.extend(welcome.or(least).map(Value::Object));
        return;
    }
    let Some(least) = least else {
        return;
    };
    match task.focus.first() {
        Some(Step::Property(name)) => object.focused(name, &least, welcome.as_ref(), found),
        _ => object.around(&least, welcome.as_ref(), found),
    }
}

struct Object<'a, 't> {
    task: &'a Task<'t>,
    view: &'a View<'t>,
    receiver: &'a View<'t>,
    /// The patterns that names are held against, of the view and of the receiver.
    patterns: (Vec<&'t str>, Vec<&'t str>),
}

type Members = Map<String, Value>;

impl<'t> Object<'_, 't> {
    /// Objects that differ in one member only.
    fn focused(&self, name: &str, least: &Members, welcome: Option<&Members>, found: &mut Found) {
        let start = welcome.unwrap_or(least);
        let mut without = start.clone();
        without.remove(name);
        let missing = !self.view.texts("required").contains(&name);
        found.extend(missing.then_some(Value::Object(without)));
        for value in inner_values(&self.member(name)) {
            found.push(with(start, name, value));
        }
        for value in inner_values(&self.member(name)) {
            found.push(with(least, name, value));
        }
    }

    fn around(&self, least: &Members, welcome: Option<&Members>, found: &mut Found) {
        let start = welcome.unwrap_or(least);
        found.push(Value::Object(start.clone()));
        for name in self.receiver.texts("required") {
            if self.is_done(found) {
                return;
            }
            let mut without = start.clone();
            without.remove(name);
            found.push(Value::Object(without));
        }
        found.push(Value::Object(least.clone()));
        let names = self.names();
        let full: Vec<&str> = names
            .iter()
            .copied()
            .chain(start.keys().map(String::as_str))
            .collect();
        found.extend(self.with(&full).map(Value::Object));
        for name in &names {
            self.varied(start, name, found);
        }
        // What the receiver asks for in some alternative may be too much for the sender.
        for name in names.iter().filter(|_| start != least) {
            if self.is_done(found) {
                return;
            }
            let value = simplest(&self.member(name));
            found.extend(value.map(|value| with(least, name, value)));
        }
        self.strangers(start, found);
        if start != least {
            self.strangers(least, found);
        }
        self.dependents(start, found);
        self.crowds(start, found);
        // What a condition asks for may be missing where the condition holds.
        for missing in self.receiver.texts("required") {
            if self.is_done(found) {
                return;
            }
            let mut without = start.clone();
            if without.remove(missing).is_some() {
                for name in names.iter().filter(|name| **name != missing) {
                    self.varied(&without, name, found);
                }
            }
        }
    }

    /// One member runs through all its telling values where the sides differ about it; otherwise
    /// only its presence can show a difference.
    fn varied(&self, start: &Members, name: &str, found: &mut Found) {
        if self.is_done(found) {
            return;
        }
        let member = self.member(name);
        let values = match same(&member.sender, &member.receiver) {
            true => simplest(&member).into_iter().collect(),
            false => inner_values(&member),
        };
        for value in values {
            found.push(with(start, name, value));
        }
    }

    /// Names either side lists, those on which they differ first.
    fn names(&self) -> Vec<&'t str> {
        let own = self.view.names("properties");
        let foreign = self.receiver.names("properties");
        let sets: [HashSet<&str>; 2] =
            [&own, &foreign].map(|names| names.iter().copied().collect());
        let (shared, only): (Vec<&str>, _) =
            own.iter().copied().partition(|name| sets[1].contains(name));
        let missing = foreign.into_iter().filter(|name| !sets[0].contains(name));
        let mut names: Vec<&str> = only.into_iter().chain(missing).collect();
        names.extend(shared);
        names
    }

    /// An object of these members, each as simple as can be.
    fn with(&self, names: &[&str]) -> Option<Members> {
        let mut members = Map::new();
        for name in names {
            if members.contains_key(*name) {
                continue;
            }
            members.insert((*name).to_owned(), simplest(&self.member(name))?);
        }
        let (least, _) = self.view.range("minProperties", "maxProperties");
        for at in 0..least.min(MOST_MEMBERS) {
            if members.len() >= least {
                break;
            }
            let name = self.stranger(at)?;
            let value = simplest(&self.member(&name)).unwrap_or(json!("a"));
            members.entry(name).or_insert(value);
        }
        Some(members)
    }

    /// Members that no side lists: under a free name, and under one of each pattern.
    fn strangers(&self, start: &Members, found: &mut Found) {
        let patterns = self.view.names("patternProperties");
        let patterns = patterns
            .into_iter()
            .chain(self.receiver.names("patternProperties"));
        let named = patterns.flat_map(pattern::samples);
        let strangers = self.stranger(0).into_iter().chain([STRANGER.to_owned()]);
        for name in strangers.chain(named) {
            if self.is_done(found) {
                return;
            }
            self.varied(start, &name, found);
        }
        for name in [
            "",
            "A",
            "a b",
            "0",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            let value = simplest(&self.member(name));
            found.extend(value.map(|value| with(start, name, value)));
        }
    }

    /// A free name that the sender's rule for names takes.
    fn stranger(&self, at: usize) -> Option<String> {
        let named = self.view.schemas("propertyNames");
        if named.is_empty() {
            return Some(format!("{STRANGER}{}", at + 1));
        }
        let names = inner_values(&self.inside(named, self.receiver.schemas("propertyNames"), &[]));
        let names: Vec<String> = names
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        names.get(at % names.len().max(1)).cloned()
    }

    /// One member brings others with it, or should.
    fn dependents(&self, start: &Members, found: &mut Found) {
        for key in ["dependentRequired", "dependentSchemas"] {
            let names = self.view.names(key);
            for name in names.into_iter().chain(self.receiver.names(key)) {
                let own = self.view.named("dependentRequired", name);
                let needed = own
                    .iter()
                    .filter_map(|part| part.schema.as_array())
                    .flatten();
                let needed = needed.filter_map(Value::as_str);
                let names: Vec<&str> = start
                    .keys()
                    .map(String::as_str)
                    .chain([name])
                    .chain(needed)
                    .collect();
                found.extend(self.with(&names).map(Value::Object));
                for part in self.view.named("dependentSchemas", name) {
                    let mut sender = self.task.sender.clone();
                    sender.push(part);
                    let more = self.inside(sender, self.task.receiver.clone(), &[]);
                    if let Some(Value::Object(more)) = simplest(&more) {
                        found.extend(
                            simplest(&self.member(name)).map(|value| with(&more, name, value)),
                        );
                    }
                }
            }
        }
    }

    /// Objects with as many members as either side allows, and one more.
    fn crowds(&self, start: &Members, found: &mut Found) {
        let (_, most) = self.view.range("minProperties", "maxProperties");
        let foreign = self.receiver.range("minProperties", "maxProperties");
        let sizes = [
            foreign.0.saturating_sub(1),
            foreign.0,
            foreign.1,
            foreign.1.saturating_add(1),
            most,
        ];
        for size in sizes {
            if size > most || size > MOST_MEMBERS || size < start.len() {
                continue;
            }
            let mut members = start.clone();
            let fill = self.names().into_iter().map(str::to_owned);
            let fill = fill.chain((0..size).filter_map(|at| self.stranger(at)));
            for name in fill.collect::<Vec<_>>() {
                if members.len() >= size {
                    break;
                }
                if let Some(value) = simplest(&self.member(&name)) {
                    members.entry(name).or_insert(value);
                }
            }
            found.push(Value::Object(members));
        }
    }

    /// Whether as many were found as are wanted, or no more can be made.
    fn is_done(&self, found: &Found) -> bool {
        found.is_full() || self.task.fuel.get() == 0
    }

    fn member(&self, name: &str) -> Task<'t> {
        let focus = match self.task.focus.split_first() {
            Some((Step::Property(of), rest)) if of == name => rest,
            _ => &[],
        };
        let patterns = self.patterns.0.len() + self.patterns.1.len();
        let fuel = self.task.fuel.get();
        self.task.fuel.set(fuel.saturating_sub(patterns / PATTERNS));
        let sender = parts(self.view, &self.patterns.0, name);
        let receiver = parts(self.receiver, &self.patterns.1, name);
        self.inside(sender, receiver, focus)
    }

    fn inside(
        &self,
        sender: Vec<Part<'t>>,
        receiver: Vec<Part<'t>>,
        focus: &'t [Step],
    ) -> Task<'t> {
        self.task.inside(sender, receiver, focus)
    }
}

fn with(members: &Members, name: &str, value: Value) -> Value {
    let mut members = members.clone();
    members.insert(name.to_owned(), value);
    Value::Object(members)
}

/// What a side says of a member.
fn parts<'t>(view: &View<'t>, patterns: &[&'t str], name: &str) -> Vec<Part<'t>> {
    let mut said = view.named("properties", name);
    for pattern in patterns {
        if pattern::matches(pattern, name) {
            said.extend(view.named("patternProperties", pattern));
        }
    }
    if said.is_empty() {
        said = view.schemas("additionalProperties");
    }
    if said.is_empty() {
        said = view.schemas("unevaluatedProperties");
    }
    said
}
