//! SARIF 2.1.0, for code scanning: a result for each finding.

use super::words;
use crate::report::{Finding, Report, Severity};
use crate::rules::Rule;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn render(report: &Report) -> String {
    let used = report.findings.iter().map(|it| (it.rule.id, it.rule));
    let used: BTreeMap<&str, &Rule> = used.collect();
    let index = |id: &str| used.keys().position(|known| *known == id);
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| result(finding, index(finding.rule.id).unwrap_or_default()))
        .collect();
    let log = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [{
        "tool": {"driver": {
            "name": "contract conformance",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": used.values().map(|it| rule(it)).collect::<Vec<_>>(),
        }},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": "contract-conformance/"},
        "properties": {"subject": report.subject, "verdict": report.verdict()},
        "results": results,
    }]});
    format!("{log:#}\n")
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "help": {"text": rule.help},
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

fn result(finding: &Finding, index: usize) -> Value {
    let mut lines = vec![finding.message.clone()];
    lines.extend(words::details(finding));
    let place = &finding.place;
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": index,
        "level": level(finding.rule.severity),
        "message": {"text": lines.join("\n")},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(&place.file)},
                "region": {"startLine": place.line, "startColumn": place.column},
            },
            "logicalLocations": [{"fullyQualifiedName": place.pointer, "kind": "member"}],
        }],
        "occurrenceCount": finding.count,
        "partialFingerprints": {"contractConformance/v1": finding.fingerprint},
        "properties": {"severity": finding.rule.severity, "operations": finding.operations},
    });
    if finding.accepted {
        result["suppressions"] =
            json!([{"kind": "external", "justification": "known to the baseline"}]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as a URI reference: what may not stand in one is percent-encoded.
fn uri(file: &str) -> String {
    let mut out = String::new();
    for byte in file.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
