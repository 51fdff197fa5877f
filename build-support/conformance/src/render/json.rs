//! For a program.

use crate::report::{ConformanceReport, Finding, OperationCoverage, Outcome};
use ::report::FailOn;
use ::report::json::{AcceptanceJson, PlaceJson, print};
use serde_json::{Value, json};

pub(super) fn render(report: &ConformanceReport, fail_on: FailOn) -> String {
    let (seen, documented) = report.coverage.statuses();
    let operations: Vec<Value> = report.coverage.operations.iter().map(operation).collect();
    let outcome = match report.outcome(fail_on) {
        Outcome::Clean => "clean",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Findings => "findings",
    };
    print(&json!({
        "summary": summary(report),
        "outcome": outcome,
        "inconclusive": report.inconclusive,
        "subject": report.subject,
        "contract": {"title": report.contract, "file": report.file, "sha256": report.sha256},
        "exchanges": report.exchanges,
        "outside": report.outside,
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "coverage": {
            "operations": {"seen": report.coverage.seen(), "documented": operations.len()},
            "statuses": {"seen": seen, "documented": documented},
            "byOperation": operations,
        },
        "notes": report.notes,
    }))
}

/// The severities that a finding can have.
fn summary(report: &ConformanceReport) -> Value {
    let summary = report.summary();
    json!({
        "breaking": summary.breaking,
        "warning": summary.warning,
        "note": summary.note,
        "accepted": summary.accepted,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule.id,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "fingerprint": finding.fingerprint,
        "accepted": finding.accepted.is_some(),
        "acceptance": finding.accepted.as_ref().map(AcceptanceJson::from),
        "contract": PlaceJson::from(&finding.place),
        "operations": finding.operations,
        "count": finding.count,
        "example": {
            "method": finding.example.method,
            "url": finding.example.url,
            "status": finding.example.status,
            "at": finding.example.at,
            "origin": finding.example.origin,
            "repeat": finding.example.repeat,
        },
    })
}

fn operation(operation: &OperationCoverage) -> Value {
    json!({
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "seen": operation.is_seen(),
        "implemented": !operation.is_unimplemented(),
        "documented": operation.documented,
        "further": operation.further,
    })
}
