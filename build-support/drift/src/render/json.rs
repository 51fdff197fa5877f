//! For a program. `build-support/drift/schemas/drift-report.schema.json` describes the result.

use crate::report::{
    Change, CrateVerdict, DocumentInfo, Effect, Polarity, Report, RustChange, Semver, Severity,
    Summary, Use,
};
use contract::Place;
use serde::Serialize;
use serde_json::Value;

/// One report as an object.
pub(super) fn one(report: &Report) -> String {
    print(&Top::from(report))
}

/// Several reports as the list `pairs`, below the sums of all.
pub(super) fn many(reports: &[Report]) -> String {
    print(&History {
        semver: reports
            .iter()
            .map(Report::semver)
            .max()
            .unwrap_or(Semver::None),
        summary: sum(reports.iter().map(Report::summary)),
        pairs: reports.iter().map(Top::from).collect(),
    })
}

fn print(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value);
    let mut text = text.expect("keys are strings and no value refuses to be written");
    text.push('\n');
    text
}

fn sum(summaries: impl Iterator<Item = Summary>) -> Summary {
    summaries.fold(Summary::default(), |sum, one| Summary {
        breaking: sum.breaking + one.breaking,
        warning: sum.warning + one.warning,
        compatible: sum.compatible + one.compatible,
        undecided: sum.undecided + one.undecided,
    })
}

#[derive(Serialize)]
struct History<'a> {
    summary: Summary,
    semver: Semver,
    pairs: Vec<Top<'a>>,
}

#[derive(Serialize)]
struct Top<'a> {
    summary: Summary,
    semver: Semver,
    verdict: String,
    accepted: usize,
    base: Document<'a>,
    revision: Document<'a>,
    changes: Vec<Entry<'a>>,
    crates: Vec<Crate<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    name: &'a str,
    version: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    severity: Severity,
    polarity: Option<Polarity>,
    effect: Option<Effect>,
    message: &'a str,
    advice: Option<&'a str>,
    fingerprint: &'a str,
    base: Option<Spot<'a>>,
    revision: Option<Spot<'a>>,
    used_by: Vec<UsedBy<'a>>,
    witness: Option<Shown<'a>>,
    rust: Vec<Item<'a>>,
    accepted: Option<&'a str>,
}

#[derive(Serialize)]
struct Spot<'a> {
    pointer: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct UsedBy<'a> {
    operation: &'a str,
    side: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    value: &'a Value,
    base_accepts: bool,
    revision_accepts: bool,
}

#[derive(Serialize)]
struct Item<'a> {
    item: &'a str,
    change: &'a str,
    semver: Semver,
}

#[derive(Serialize)]
struct Crate<'a> {
    name: &'a str,
    semver: Semver,
    note: Option<&'a str>,
    items: Vec<Item<'a>>,
}

impl<'a> From<&'a Report> for Top<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            summary: report.summary(),
            semver: report.semver(),
            verdict: report.verdict(),
            accepted: report.accepted(),
            base: (&report.base).into(),
            revision: (&report.revision).into(),
            changes: report.changes.iter().map(Entry::from).collect(),
            crates: report.crates.iter().map(Crate::from).collect(),
        }
    }
}

impl<'a> From<&'a DocumentInfo> for Document<'a> {
    fn from(document: &'a DocumentInfo) -> Self {
        Self {
            name: &document.name,
            version: &document.version,
            sha256: &document.sha256,
        }
    }
}

impl<'a> From<&'a Change> for Entry<'a> {
    fn from(change: &'a Change) -> Self {
        Self {
            rule: change.rule,
            severity: change.severity,
            polarity: change.polarity,
            effect: change.effect,
            message: &change.message,
            advice: change.advice.as_deref(),
            fingerprint: &change.fingerprint,
            base: change.base.as_ref().map(Spot::from),
            revision: change.revision.as_ref().map(Spot::from),
            used_by: change.used_by.iter().map(UsedBy::from).collect(),
            witness: change.witness.as_ref().map(|it| Shown {
                value: &it.value,
                base_accepts: it.base_accepts,
                revision_accepts: it.revision_accepts,
            }),
            rust: change.rust.iter().map(Item::from).collect(),
            accepted: change.accepted.as_deref(),
        }
    }
}

impl<'a> From<&'a Place> for Spot<'a> {
    fn from(place: &'a Place) -> Self {
        Self {
            pointer: &place.pointer,
            file: &place.file,
            line: place.line,
            column: place.column,
        }
    }
}

impl<'a> From<&'a Use> for UsedBy<'a> {
    fn from(used: &'a Use) -> Self {
        Self {
            operation: &used.operation,
            side: &used.side,
        }
    }
}

impl<'a> From<&'a RustChange> for Item<'a> {
    fn from(change: &'a RustChange) -> Self {
        Self {
            item: &change.item,
            change: &change.change,
            semver: change.semver,
        }
    }
}

impl<'a> From<&'a CrateVerdict> for Crate<'a> {
    fn from(verdict: &'a CrateVerdict) -> Self {
        Self {
            name: &verdict.name,
            semver: verdict.semver,
            note: verdict.note.as_deref(),
            items: verdict.items.iter().map(Item::from).collect(),
        }
    }
}
