//! One cause that shows in many operations: a header that every operation asks for now, a status
//! that every one of them may respond with. It becomes one entry with all its uses.

use super::{Causes, Key, List, Lists, Side};
use crate::compared::Contract;
use crate::kind::Kind;
use crate::report::{Directions, Effect, Severity};
use contract::Span;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// In how many operations something has to change in the same way until one cause is assumed.
const FEWEST: usize = 3;

/// What makes changes of several operations one: all that is said of them.
type Signature = (
    Kind,
    String,
    Vec<(Option<Directions>, Severity, String, Option<Effect>)>,
);

/// Joins the causes that show in many operations, and those that stand in one place that several
/// paths refer to. The one that comes first stays, so that the entry shows one place of them.
pub(super) fn join(causes: &mut Causes, lists: &mut Lists, base: &Contract, revision: &Contract) {
    let mut groups: BTreeMap<Signature, Vec<Key>> = BTreeMap::new();
    for (key, sides) in causes.iter() {
        let Some(content) = content(key, base, revision) else {
            continue;
        };
        let said = sides.iter().map(|(directions, side)| {
            let finding = &side.finding;
            (
                *directions,
                side.severity,
                finding.message.clone(),
                finding.effect,
            )
        });
        let signature = (key.0, content, said.collect());
        groups.entry(signature).or_default().push(key.clone());
    }
    for keys in groups.into_values() {
        let is_once = || {
            let mut spans = keys.iter().map(|key| spans(key, base, revision));
            let first = spans.next();
            first.is_some_and(|first| spans.all(|one| one == first))
        };
        if keys.len() > 1 && (operations(causes, lists, &keys) >= FEWEST || is_once()) {
            merge(causes, &keys);
        }
    }
}

/// What is said where something is added to or removed from operations, whatever it holds there.
fn is_of_operations(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::StatusAdded
            | Kind::StatusRemoved
            | Kind::MediaTypeAdded
            | Kind::MediaTypeRemoved
            | Kind::SecurityNarrowed
            | Kind::SecurityWidened
            | Kind::TagsChanged
            | Kind::BodyRemoved
            | Kind::BodyBecameRequired
            | Kind::BodyBecameOptional
            | Kind::ServerAdded
            | Kind::ServerRemoved
    )
}

/// What is said where a parameter or a header is added or removed, wherever it stands in the list.
fn is_of_parameters(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ParameterAdded
            | Kind::RequiredParameterAdded
            | Kind::ParameterRemoved
            | Kind::HeaderAdded
            | Kind::HeaderRemoved
    )
}

/// What stands where something changed, so that only the same changes are joined: where in the
/// operation it is, and what it says. `None` where the change is not one of operations.
fn content(key: &Key, base: &Contract, revision: &Contract) -> Option<String> {
    let (kind, old, new) = key;
    if is_of_operations(*kind) {
        return Some(String::new());
    }
    if is_of_parameters(*kind) {
        let (contract, pointer) = match kind {
            Kind::ParameterRemoved | Kind::HeaderRemoved => (base, old),
            _ => (revision, new),
        };
        return Some(text(contract, pointer.as_deref()));
    }
    let (one, other) = (
        inside(base, old.as_deref())?,
        inside(revision, new.as_deref())?,
    );
    // Where one side lacks it, what is around it there says nothing.
    let depth = |place: &str| place.split('/').filter(|step| !step.is_empty()).count();
    let (deep, other_deep) = (depth(&one), depth(&other));
    let said = match deep.cmp(&other_deep) {
        Ordering::Less => text(revision, new.as_deref()),
        Ordering::Greater => text(base, old.as_deref()),
        Ordering::Equal => [text(base, old.as_deref()), text(revision, new.as_deref())].concat(),
    };
    Some(format!("{one}\n{other}\n{said}"))
}

fn text(contract: &Contract, pointer: Option<&str>) -> String {
    let node = pointer.and_then(|pointer| contract.root().pointer(pointer));
    node.map(|node| node.to_json().to_string())
        .unwrap_or_default()
}

/// Where in an operation a pointer leads, with the names of parameters in place of their numbers.
/// The empty text where there is no pointer. `None` for a place outside of operations, and for a whole
/// operation.
fn inside(contract: &Contract, pointer: Option<&str>) -> Option<String> {
    let Some(pointer) = pointer else {
        return Some(String::new());
    };
    let mut steps = pointer.split('/').skip(1);
    let section = steps.next()?;
    if !matches!(section, "paths" | "webhooks") {
        return None;
    }
    let (path, method) = (steps.next()?, steps.next()?);
    let rest: Vec<&str> = steps.collect();
    if let ["parameters", at, inner @ ..] = rest.as_slice() {
        let place = format!("/{section}/{path}/{method}/parameters/{at}");
        let parameter = contract.root().pointer(&place)?;
        let of = |key| parameter.get(key).map(|node| node.to_json().to_string());
        let (name, location) = (of("name")?, of("in")?);
        return Some(format!("{name} {location} {}", inner.join("/")));
    }
    Some(rest.join("/"))
}

/// Where two places are written.
fn spans(key: &Key, base: &Contract, revision: &Contract) -> [Option<Span>; 2] {
    let of = |contract: &Contract, pointer: &Option<Rc<str>>| {
        let node = pointer.as_deref();
        let node = node.and_then(|pointer| contract.root().pointer(pointer));
        node.map(|node| node.span)
    };
    [of(base, &key.1), of(revision, &key.2)]
}

fn operations(causes: &Causes, lists: &mut Lists, keys: &[Key]) -> usize {
    let sides = keys.iter().filter_map(|key| causes.get(key));
    let used = sides
        .flat_map(BTreeMap::values)
        .flat_map(|side| &side.used_by);
    let used: BTreeSet<List> = used.copied().collect();
    let uses = lists.uses(&used);
    let names: BTreeSet<&str> = uses.iter().map(|one| one.operation.as_str()).collect();
    names.len()
}

fn merge(causes: &mut Causes, keys: &[Key]) {
    let Some((first, others)) = keys.split_first() else {
        return;
    };
    let others: Vec<BTreeMap<Option<Directions>, Side>> =
        others.iter().filter_map(|key| causes.remove(key)).collect();
    let Some(sides) = causes.get_mut(first) else {
        return;
    };
    for (directions, side) in others.into_iter().flatten() {
        if let Some(known) = sides.get_mut(&directions) {
            known.used_by.extend(side.used_by);
        }
    }
}
