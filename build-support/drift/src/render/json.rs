//! For a program. `build-support/drift/schemas/drift-report.schema.json` describes the result.

use crate::report::{
    Change, CrateVerdict, DocumentInfo, DriftReport, Effect, Polarity, RustChange, Semver,
    Severity, Use,
};
use ::report::Summary;
use ::report::json::{PlaceJson, print};
use serde::Serialize;
use serde_json::Value;

/// One report as an object.
pub(super) fn one(report: &DriftReport) -> String {
    print(&Top::from(report))
}

/// Several reports as the list `pairs`, below the sums of all.
pub(super) fn many(reports: &[DriftReport]) -> String {
    print(&History {
        semver: reports
            .iter()
            .map(DriftReport::semver)
            .max()
            .unwrap_or(Semver::None),
        summary: sum(reports.iter().map(|it| it.summary().into())),
        pairs: reports.iter().map(Top::from).collect(),
    })
}

/// The severities that a change can have.
#[derive(Default, Serialize)]
struct Counts {
    breaking: usize,
    warning: usize,
    compatible: usize,
    undecided: usize,
}

impl From<Summary> for Counts {
    fn from(summary: Summary) -> Self {
        Self {
            breaking: summary.breaking,
            warning: summary.warning,
            compatible: summary.compatible,
            undecided: summary.undecided,
        }
    }
}

fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |sum, one| Counts {
        breaking: sum.breaking + one.breaking,
        warning: sum.warning + one.warning,
        compatible: sum.compatible + one.compatible,
        undecided: sum.undecided + one.undecided,
    })
}

#[derive(Serialize)]
struct History<'a> {
    summary: Counts,
    semver: Semver,
    pairs: Vec<Top<'a>>,
}

#[derive(Serialize)]
struct Top<'a> {
    summary: Counts,
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
    base: Option<PlaceJson<'a>>,
    revision: Option<PlaceJson<'a>>,
    used_by: Vec<UsedBy<'a>>,
    witness: Option<Shown<'a>>,
    rust: Vec<Item<'a>>,
    accepted: Option<&'a str>,
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

impl<'a> From<&'a DriftReport> for Top<'a> {
    fn from(report: &'a DriftReport) -> Self {
        Self {
            summary: report.summary().into(),
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
            rule: change.rule.id,
            severity: change.severity,
            polarity: change.polarity,
            effect: change.effect,
            message: &change.message,
            advice: change.advice.as_deref(),
            fingerprint: &change.fingerprint,
            base: change.base.as_ref().map(PlaceJson::from),
            revision: change.revision.as_ref().map(PlaceJson::from),
            used_by: change.used_by.iter().map(UsedBy::from).collect(),
            witness: change.witness.as_ref().map(|it| Shown {
                value: &it.value,
                base_accepts: it.base_accepts,
                revision_accepts: it.revision_accepts,
            }),
            rust: change.rust.iter().map(Item::from).collect(),
            accepted: change.accepted.as_ref().map(|it| it.reason.as_str()),
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
