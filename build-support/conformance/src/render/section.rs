//! A run becomes a section of a report.

use super::entry;
use crate::report::{ConformanceReport, OperationCoverage};
use ::report::{Covered, Level, Note, Section, Severity};
use serde_json::{Map, json};

/// How the commands of findings are meant.
const COMMANDS: &str = "\
The commands are for bash. OFFBLOCKS_TOKEN is a token from POST /auth/token; `offblocks keys sign` \
signs at the moment of sending, with the key in OFFBLOCKS_SIGNING_KEY under the id in \
OFFBLOCKS_SIGNING_KEY_ID.";

/// The section.
pub(super) fn of(report: &ConformanceReport) -> Section {
    let mut properties = Map::new();
    properties.insert("subject".to_owned(), json!(report.subject));
    let findings = report.findings.iter();
    let coverage = report.coverage.operations.iter();
    Section {
        title: report.subject.clone(),
        about: Some(format!("{} ({})", report.contract, report.file)),
        headline: headline(report),
        entries: findings.map(|it| entry::of(it, &report.sources)).collect(),
        commands: Some(COMMANDS),
        coverage: coverage.map(|it| covered(report, it)).collect(),
        notes: notes(report),
        inconclusive: report.inconclusive.clone(),
        verdict: report.verdict(),
        level: level(report),
        warns: report.inconclusive.is_some(),
        properties,
        ..Section::default()
    }
}

/// A run without a result is never shown as a good one.
fn level(report: &ConformanceReport) -> Option<Level> {
    let unknown = report.inconclusive.as_ref().map(|_| Level::Warning);
    report.worst().map(Severity::level).max(unknown)
}

fn headline(report: &ConformanceReport) -> String {
    let worst = report.worst().map(Severity::as_str);
    let unknown = report.inconclusive.as_ref().map(|_| "inconclusive");
    worst.or(unknown).unwrap_or("none").to_owned()
}

fn covered(report: &ConformanceReport, operation: &OperationCoverage) -> Covered {
    let documented = operation.documented.iter().filter(|(_, count)| **count > 0);
    let documented = documented.map(|(status, _)| status.clone());
    let further = operation.further.keys().map(|status| format!("({status})"));
    let is_documented = operation.documented.contains_key("501");
    let skipped = match (operation.is_unimplemented(), operation.is_seen()) {
        (true, _) if !is_documented => Some("not implemented: 501"),
        (true, _) | (_, true) => None,
        (false, false) => Some("not seen"),
    };
    let mut findings = report.findings.iter();
    Covered {
        name: operation.id.clone(),
        seen: documented.chain(further).collect::<Vec<_>>().join(" "),
        unseen: operation.unseen().collect::<Vec<_>>().join(" "),
        skipped: skipped.map(str::to_owned),
        has_entries: findings.any(|it| it.operations.contains(&operation.id)),
    }
}

fn notes(report: &ConformanceReport) -> Vec<Note> {
    let outside = match report.outside {
        0 => None,
        1 => Some("1 call lay outside the API".to_owned()),
        more => Some(format!("{more} calls lay outside the API")),
    };
    let notes = report.notes.iter().cloned().chain(outside);
    notes
        .map(|text| Note {
            subject: String::new(),
            text,
        })
        .collect()
}
