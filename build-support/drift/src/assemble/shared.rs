//! One cause that shows in many operations: a header that every operation asks for now, a status
//! that every one of them may respond with. It becomes one entry with all its uses.

use super::{Causes, Key, Side};
use crate::compared::Contract;
use crate::kind::Kind;
use crate::report::{Effect, Polarity, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// In how many operations something has to change in the same way until one cause is assumed.
const FEWEST: usize = 3;

/// What makes changes of several operations one: all that is said of them.
type Signature = (
    Kind,
    String,
    Vec<(Option<Polarity>, Severity, String, Option<Effect>)>,
);

/// Joins the causes that show in many operations. The one that comes first stays, so that the entry
/// shows one place of them.
pub(super) fn join(causes: &mut Causes, base: &Contract, revision: &Contract) {
    let mut groups: BTreeMap<Signature, Vec<Key>> = BTreeMap::new();
    for (key, sides) in causes.iter().filter(|(key, _)| is_shared(key.0)) {
        let said = sides.iter().map(|(polarity, side)| {
            let finding = &side.finding;
            (
                *polarity,
                side.severity,
                finding.message.clone(),
                finding.effect,
            )
        });
        let signature = (key.0, content(key, base, revision), said.collect());
        groups.entry(signature).or_default().push(key.clone());
    }
    for keys in groups.into_values() {
        if operations(causes, &keys) >= FEWEST {
            merge(causes, &keys);
        }
    }
}

/// Kinds whose changes operations have in common.
fn is_shared(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ParameterAdded
            | Kind::RequiredParameterAdded
            | Kind::ParameterRemoved
            | Kind::HeaderAdded
            | Kind::HeaderRemoved
            | Kind::StatusAdded
            | Kind::StatusRemoved
            | Kind::MediaTypeAdded
            | Kind::MediaTypeRemoved
            | Kind::SecurityNarrowed
            | Kind::SecurityWidened
            | Kind::TagsChanged
    )
}

/// What a parameter or header says, so that others of the same name are told apart. What a status or
/// a media type holds differs from operation to operation.
fn content((kind, old, new): &Key, base: &Contract, revision: &Contract) -> String {
    let (contract, pointer) = match kind {
        Kind::ParameterAdded | Kind::RequiredParameterAdded | Kind::HeaderAdded => (revision, new),
        Kind::ParameterRemoved | Kind::HeaderRemoved => (base, old),
        _ => return String::new(),
    };
    let node = pointer
        .as_ref()
        .and_then(|pointer| contract.root().pointer(pointer));
    node.map(|node| node.to_json().to_string())
        .unwrap_or_default()
}

fn operations(causes: &Causes, keys: &[Key]) -> usize {
    let sides = keys.iter().filter_map(|key| causes.get(key));
    let uses = sides
        .flat_map(BTreeMap::values)
        .flat_map(|side| &side.used_by);
    let names: BTreeSet<&str> = uses.map(|one| one.operation.as_str()).collect();
    names.len()
}

fn merge(causes: &mut Causes, keys: &[Key]) {
    let Some((first, others)) = keys.split_first() else {
        return;
    };
    let others: Vec<BTreeMap<Option<Polarity>, Side>> =
        others.iter().filter_map(|key| causes.remove(key)).collect();
    let Some(sides) = causes.get_mut(first) else {
        return;
    };
    for (polarity, side) in others.into_iter().flatten() {
        if let Some(known) = sides.get_mut(&polarity) {
            known.used_by.extend(side.used_by);
        }
    }
}
