//! For a program. `build-support/drift/schemas/drift-report.schema.json` describes the result.

use super::section::listed_uses;
use crate::report::{
    Change, CrateVerdict, Directions, DocumentInfo, DriftReport, Effect, RustChange, Semver,
    Severity, Use,
};
use ::report::Summary;
use ::report::json::{PlaceJson, print};
use serde::Serialize;
use serde_json::Value;

/// One report as an object.
pub(super) fn one(report: &DriftReport) -> String {
    print(&ReportJson::from(report))
}

/// Several reports as the list `pairs`, below the sums of all.
pub(super) fn many(reports: &[DriftReport]) -> String {
    print(&HistoryJson {
        semver: reports
            .iter()
            .map(DriftReport::semver)
            .max()
            .unwrap_or(Semver::None),
        summary: sum(reports.iter().map(|it| it.summary().into())),
        pairs: reports.iter().map(ReportJson::from).collect(),
    })
}

/// The severities that a change can have.
#[derive(Default, Serialize)]
struct SummaryJson {
    breaking: usize,
    warning: usize,
    compatible: usize,
    undecided: usize,
}

impl From<Summary> for SummaryJson {
    fn from(summary: Summary) -> Self {
        Self {
            breaking: summary.breaking,
            warning: summary.warning,
            compatible: summary.compatible,
            undecided: summary.undecided,
        }
    }
}

fn sum(counts: impl Iterator<Item = SummaryJson>) -> SummaryJson {
    counts.fold(SummaryJson::default(), |sum, one| SummaryJson {
        breaking: sum.breaking + one.breaking,
        warning: sum.warning + one.warning,
        compatible: sum.compatible + one.compatible,
        undecided: sum.undecided + one.undecided,
    })
}

#[derive(Serialize)]
struct HistoryJson<'a> {
    summary: SummaryJson,
    semver: Semver,
    pairs: Vec<ReportJson<'a>>,
}

#[derive(Serialize)]
struct ReportJson<'a> {
    summary: SummaryJson,
    semver: Semver,
    verdict: String,
    accepted: usize,
    base: DocumentJson<'a>,
    revision: DocumentJson<'a>,
    changes: Vec<ChangeJson<'a>>,
    crates: Vec<CrateJson<'a>>,
}

#[derive(Serialize)]
struct DocumentJson<'a> {
    name: &'a str,
    version: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    rule: &'a str,
    severity: Severity,
    #[serde(rename = "polarity")]
    directions: Option<Directions>,
    effect: Option<Effect>,
    message: &'a str,
    advice: Option<&'a str>,
    fingerprint: &'a str,
    base: Option<PlaceJson<'a>>,
    revision: Option<PlaceJson<'a>>,
    used_by: Vec<UseJson<'a>>,
    further_uses: usize,
    witness: Option<WitnessJson<'a>>,
    rust: Vec<RustChangeJson<'a>>,
    accepted: Option<&'a str>,
}

#[derive(Serialize)]
struct UseJson<'a> {
    operation: &'a str,
    side: &'a str,
}

#[derive(Serialize)]
struct WitnessJson<'a> {
    value: &'a Value,
    base_accepts: bool,
    revision_accepts: bool,
}

#[derive(Serialize)]
struct RustChangeJson<'a> {
    item: &'a str,
    change: &'a str,
    semver: Semver,
}

#[derive(Serialize)]
struct CrateJson<'a> {
    name: &'a str,
    semver: Semver,
    note: Option<&'a str>,
    items: Vec<RustChangeJson<'a>>,
}

impl<'a> From<&'a DriftReport> for ReportJson<'a> {
    fn from(report: &'a DriftReport) -> Self {
        let most_uses = listed_uses(report);
        let changes = report.changes.iter();
        Self {
            summary: report.summary().into(),
            semver: report.semver(),
            verdict: report.verdict(),
            accepted: report.accepted(),
            base: (&report.base).into(),
            revision: (&report.revision).into(),
            changes: changes.map(|it| ChangeJson::of(it, most_uses)).collect(),
            crates: report.crates.iter().map(CrateJson::from).collect(),
        }
    }
}

impl<'a> From<&'a DocumentInfo> for DocumentJson<'a> {
    fn from(document: &'a DocumentInfo) -> Self {
        Self {
            name: &document.name,
            version: &document.version,
            sha256: &document.sha256,
        }
    }
}

impl<'a> ChangeJson<'a> {
    fn of(change: &'a Change, most_uses: usize) -> Self {
        let uses = change.used_by.iter().take(most_uses);
        Self {
            rule: change.rule.id,
            severity: change.severity,
            directions: change.directions,
            effect: change.effect,
            message: &change.message,
            advice: change.advice.as_deref(),
            fingerprint: &change.fingerprint,
            base: change.base.as_ref().map(PlaceJson::from),
            revision: change.revision.as_ref().map(PlaceJson::from),
            used_by: uses.map(|used| UseJson::from(&**used)).collect(),
            further_uses: change.used_by.len().saturating_sub(most_uses),
            witness: change.witness.as_ref().map(|it| WitnessJson {
                value: &it.value,
                base_accepts: it.base_accepts,
                revision_accepts: it.revision_accepts,
            }),
            rust: change.rust.iter().map(RustChangeJson::from).collect(),
            accepted: change.accepted.as_ref().map(|it| it.reason.as_str()),
        }
    }
}

impl<'a> From<&'a Use> for UseJson<'a> {
    fn from(used: &'a Use) -> Self {
        Self {
            operation: &used.operation,
            side: &used.side,
        }
    }
}

impl<'a> From<&'a RustChange> for RustChangeJson<'a> {
    fn from(change: &'a RustChange) -> Self {
        Self {
            item: &change.item,
            change: &change.change,
            semver: change.semver,
        }
    }
}

impl<'a> From<&'a CrateVerdict> for CrateJson<'a> {
    fn from(verdict: &'a CrateVerdict) -> Self {
        Self {
            name: &verdict.name,
            semver: verdict.semver,
            note: verdict.note.as_deref(),
            items: verdict.items.iter().map(RustChangeJson::from).collect(),
        }
    }
}
