//! SARIF 2.1.0, for code scanning: a run for each comparison, a result for each change.

use super::words;
use crate::report::{Change, DocumentInfo, Report, Severity};
use crate::rules;
use contract::Place;
use contract::Span;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One report as a log. Its category is the path alone, so that the next run replaces this one.
pub(super) fn one(report: &Report) -> String {
    log(vec![run(report, &uri(&report.revision.name))])
}

/// The reports of a history as one log. The runs of a log need categories of their own, so that
/// theirs tell the revision too.
pub(super) fn many(reports: &[Report]) -> String {
    let runs = reports.iter().map(|report| {
        let name = &report.revision.name;
        let revision = name.strip_prefix("git:").and_then(|it| it.split_once(':'));
        let category = match revision {
            Some((revision, _)) => format!("{}/{}", uri(name), uri(revision)),
            None => uri(name),
        };
        run(report, &category)
    });
    log(runs.collect())
}

fn log(runs: Vec<Value>) -> String {
    let log = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": runs});
    format!("{log:#}\n")
}

fn run(report: &Report, category: &str) -> Value {
    let used: BTreeSet<&str> = report.changes.iter().map(|change| change.rule).collect();
    let used: Vec<&str> = used.into_iter().collect();
    let changes = words::worst_first(report);
    let results: Vec<Value> = changes.iter().map(|it| result(report, it, &used)).collect();
    json!({
        "tool": {"driver": {
            "name": "contract drift",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": used.iter().map(|id| rule(id)).collect::<Vec<_>>(),
        }},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": format!("contract-drift/{category}/")},
        "properties": {
            "base": report.base.name,
            "revision": report.revision.name,
            "verdict": report.verdict(),
        },
        "results": results,
    })
}

fn rule(id: &str) -> Value {
    let Some(rule) = rules::find(id) else {
        return json!({"id": id});
    };
    let help = format!("{}\n\nExample: {}", rule.explanation, rule.example);
    json!({
        "id": id,
        "shortDescription": text(rule.title),
        "fullDescription": text(rule.explanation),
        "help": text(&help),
    })
}

fn result(report: &Report, change: &Change, used: &[&str]) -> Value {
    let sides = [
        (&report.base, &change.base, "base"),
        (&report.revision, &change.revision, "revision"),
    ];
    let related = sides
        .into_iter()
        .filter_map(|(document, place, word)| Some((document, place.as_ref()?, word)));
    let related: Vec<_> = related.collect();
    // The revision is what a reviewer sees; what vanished is only in the base.
    let main = related.last().map(|(document, place, word)| {
        match *word == "base" && words::is_past(place) {
            true => top(&report.revision, place),
            false => location(document, place),
        }
    });
    let related: Vec<Value> = related
        .iter()
        .enumerate()
        .map(|(id, (document, place, word))| {
            // The file that stands there now has other lines than an earlier revision of it.
            let mut value = match *word == "base" && words::is_past(place) {
                true => json!({"logicalLocations": logical(place)}),
                false => location(document, place),
            };
            value["id"] = json!(id);
            value["message"] = text(&format!("{word} {}", words::place(place)));
            value
        })
        .collect();
    let mut result = json!({
        "ruleId": change.rule,
        "ruleIndex": used.binary_search(&change.rule).unwrap_or_default(),
        "level": level(change.severity),
        "message": text(&message(change)),
        "locations": main.into_iter().collect::<Vec<_>>(),
        "relatedLocations": related,
        "partialFingerprints": {"contractDrift/v1": change.fingerprint},
        "properties": {
            "severity": change.severity,
            "polarity": change.polarity.map(words::polarity),
        },
    });
    if let Some(reason) = &change.accepted {
        result["suppressions"] = json!([{"kind": "external", "justification": reason}]);
    }
    result
}

fn message(change: &Change) -> String {
    let mut lines = vec![change.message.clone()];
    lines.extend(words::details(change));
    lines.join("\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking | Severity::Undecided => "error",
        Severity::Warning => "warning",
        Severity::Compatible => "note",
    }
}

fn location(document: &DocumentInfo, place: &Place) -> Value {
    let mut region = json!({"startLine": place.line, "startColumn": place.column});
    let sources = &document.sources.0;
    if place.span.end > place.span.start && sources.text(place.span.file).len() >= place.span.end {
        let end = Span::new(place.span.file, place.span.end, place.span.end);
        let (line, column) = sources.position(end);
        region["endLine"] = json!(line);
        region["endColumn"] = json!(column);
    }
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&place.file)},
            "region": region,
        },
        "logicalLocations": logical(place),
    })
}

/// The file as a whole, for what is no longer in it.
fn top(document: &DocumentInfo, place: &Place) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&document.name)},
            "region": {"startLine": 1, "startColumn": 1},
        },
        "logicalLocations": logical(place),
    })
}

fn logical(place: &Place) -> Value {
    json!([{"fullyQualifiedName": place.pointer, "kind": "member"}])
}

/// A message without arguments: braces, which would mark the places of some, are doubled (3.11.5).
fn text(words: &str) -> Value {
    json!({"text": words.replace('{', "{{").replace('}', "}}")})
}

/// A path as a URI reference: what may not stand in one is percent-encoded.
fn uri(file: &str) -> String {
    let mut out = String::new();
    for byte in words::path(file).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b'@' | b'?' | b'=' | b'&' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
