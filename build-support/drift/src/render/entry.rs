//! A change becomes an entry of a report.

use crate::report::{Change, Directions, DocumentInfo, DriftReport, RustChange, Use, Witness};
use ::report::{Detail, Entry, Item, Severity, Side};
use contract::Place;
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The entry.
pub(super) fn of(report: &DriftReport, change: &Change, most_uses: usize) -> Entry {
    let base = Side {
        is_former: true,
        stands_in: stands_in(report, change.base.as_ref()),
        ..side("base", &report.base, &change.base)
    };
    let mut properties = Map::new();
    let directions = change.directions.map(directions);
    properties.insert("polarity".to_owned(), json!(directions));
    Entry {
        rule: change.rule,
        severity: change.severity,
        message: change.message.clone(),
        sides: vec![base, side("revision", &report.revision, &change.revision)],
        details: details(change, most_uses),
        fingerprint: change.fingerprint.clone(),
        acceptance: change.accepted.clone(),
        is_prose: is_prose(change),
        occurrences: None,
        properties,
    }
}

fn side(label: &'static str, document: &DocumentInfo, place: &Option<Place>) -> Side {
    Side {
        label,
        place: place.clone(),
        sources: document.sources.0.clone(),
        is_former: false,
        stands_in: None,
    }
}

/// A file as git has it is not the file that stands there now, which is the revision.
fn stands_in(report: &DriftReport, place: Option<&Place>) -> Option<String> {
    let is_past = place.is_some_and(|place| place.file.starts_with("git:"));
    is_past.then(|| report.revision.name.clone())
}

fn details(change: &Change, most_uses: usize) -> Vec<Detail> {
    let mut details = Vec::new();
    if !change.used_by.is_empty() {
        details.push(Detail::UsedBy {
            uses: uses(change.used_by.iter().take(most_uses)),
            more: change.used_by.len().saturating_sub(most_uses),
        });
    }
    details.extend(witness(change));
    if !change.rust.is_empty() {
        details.push(Detail::Items(change.rust.iter().map(item).collect()));
    }
    details.extend(change.advice.clone().map(Detail::Advice));
    details
}

/// Uses by operation, each with its sides, in the order of the names.
fn uses<'c>(uses: impl Iterator<Item = &'c Arc<Use>>) -> Vec<(String, Vec<String>)> {
    let mut by_operation = BTreeMap::<&str, Vec<String>>::new();
    for each in uses {
        let sides = by_operation.entry(&each.operation).or_default();
        sides.push(each.side.clone());
    }
    let uses = by_operation.into_iter();
    uses.map(|(operation, sides)| (operation.to_owned(), sides))
        .collect()
}

fn witness(change: &Change) -> Option<Detail> {
    match &change.witness {
        Some(witness) => Some(Detail::Witness {
            value: Some(witness.value.to_string()),
            said: shown(witness),
        }),
        None => lacks_witness(change).then(|| Detail::Witness {
            value: None,
            said: "none was found".to_owned(),
        }),
    }
}

/// What a value shows.
fn shown(witness: &Witness) -> String {
    let verb = |accepts| if accepts { "accepts" } else { "rejects" };
    let (base, revision) = (verb(witness.base_accepts), verb(witness.revision_accepts));
    format!("the base {base} it, the revision {revision} it")
}

/// Whether a reader may expect a witness and should be informed that there is none.
fn lacks_witness(change: &Change) -> bool {
    matches!(change.rule.area, "request" | "response" | "schema")
        && change.effect.is_some()
        && change.witness.is_none()
        && matches!(change.severity, Severity::Breaking | Severity::Warning)
}

/// A changed item.
pub(super) fn item(change: &RustChange) -> Item {
    Item {
        name: change.item.clone(),
        change: change.change.clone(),
        step: change.semver.as_str(),
    }
}

/// Whether a change is one of prose alone.
fn is_prose(change: &Change) -> bool {
    change.accepted.is_none()
        && change.severity == Severity::Compatible
        && change.directions.is_none()
        && change.effect.is_none()
        && change.rust.is_empty()
}

/// Who consumes what changed.
fn directions(directions: Directions) -> &'static str {
    match directions {
        Directions::Request => "request",
        Directions::Response => "response",
        Directions::Both => "both",
    }
}
