//! For a program.

use crate::report::{FailOn, Finding, OperationCoverage, Outcome, Report};
use serde_json::{Value, json};

pub(super) fn render(report: &Report, fail_on: FailOn) -> String {
    let (seen, documented) = report.coverage.statuses();
    let operations: Vec<Value> = report.coverage.operations.iter().map(operation).collect();
    let outcome = match report.outcome(fail_on) {
        Outcome::Clean => "clean",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Findings => "findings",
    };
    let value = json!({
        "summary": report.summary(),
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
    });
    format!("{value:#}\n")
}

fn finding(finding: &Finding) -> Value {
    let place = &finding.place;
    json!({
        "rule": finding.rule.id,
        "severity": finding.rule.severity,
        "message": finding.message,
        "help": finding.rule.help,
        "fingerprint": finding.fingerprint,
        "accepted": finding.accepted,
        "contract": {
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "pointer": place.pointer,
        },
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
