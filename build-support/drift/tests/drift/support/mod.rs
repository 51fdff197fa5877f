//! What the tests of comparing share.

pub mod contracts;
pub mod print;
pub mod random;
pub mod rewrite;
pub mod synthetic;
pub mod versions;
pub mod walk;

use drift::{Change, Contract, DriftReport, Options, compare};
use serde_json::Value;

/// Reads a JSON value as a contract.
pub fn contract(name: &str, document: &Value) -> Contract {
    let text = document.to_string();
    Contract::read(name, &text).unwrap_or_else(|errors| panic!("{errors}\n{text}"))
}

/// Compares with the default options.
pub fn report(base: &Contract, revision: &Contract) -> DriftReport {
    compare(base, revision, &Options::default())
}

/// Compares two JSON values.
pub fn report_of(base: &Value, revision: &Value) -> DriftReport {
    report(
        &contract("base.json", base),
        &contract("revision.json", revision),
    )
}

/// One line for each change.
pub fn lines(report: &DriftReport) -> Vec<String> {
    report.changes.iter().map(line).collect()
}

fn line(change: &Change) -> String {
    let pointer = |place: &Option<_>| {
        let place: &Option<contract::Place> = place;
        place
            .as_ref()
            .map_or("-", |place| &place.pointer)
            .to_owned()
    };
    let severity = change.severity.as_str();
    format!(
        "{severity} {} {:?} {:?} {} {} ({})",
        change.rule.id,
        change.directions,
        change.effect,
        pointer(&change.base),
        pointer(&change.revision),
        change.message
    )
}
