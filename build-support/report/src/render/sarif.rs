//! SARIF 2.1.0, for code scanning: a run for each section, a result for each entry.

use super::words;
use crate::entry::path;
use crate::{Entry, Level, Report, Rule, Section, Side, Tool};
use contract::{Place, Span};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What relative paths are relative to: the root of the repository, as code scanning reads it.
const ROOT: &str = "%SRCROOT%";

/// The log. Places are taken from the report as it is, words from the one made visible.
pub(super) fn render(report: &Report, shown: &Report) -> String {
    let sections = report.sections.iter().zip(&shown.sections);
    let runs: Vec<Value> = sections
        .map(|(plain, shown)| run(report.tool, plain, shown))
        .collect();
    let log = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": runs});
    format!("{log:#}\n")
}

fn run(tool: &Tool, section: &Section, shown: &Section) -> Value {
    let used = section.entries.iter().map(|it| (it.rule.id, it.rule));
    let used: BTreeMap<&str, &Rule> = used.collect();
    let index = |id: &str| used.keys().position(|known| *known == id);
    let entries = section.entries.iter().zip(&shown.entries);
    let results: Vec<Value> = entries
        .map(|(plain, shown)| {
            let mut result = result(tool, plain, shown);
            result["ruleIndex"] = json!(index(plain.rule.id));
            result
        })
        .collect();
    // The runs of a log need categories of their own; the next run of one replaces it.
    let mut category = vec![tool.name.replace(' ', "-")];
    category.extend(section.category.iter().map(|it| uri(it)));
    let mut properties = section.properties.clone();
    properties.insert("verdict".to_owned(), json!(section.whole_verdict()));
    json!({
        "tool": {"driver": {
            "name": tool.name,
            "version": env!("CARGO_PKG_VERSION"),
            "rules": used.values().map(|it| rule(it)).collect::<Vec<_>>(),
        }},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": format!("{}/", category.join("/"))},
        "properties": properties,
        "results": results,
    })
}

fn rule(rule: &Rule) -> Value {
    let help = format!("{}\n\nExample: {}", rule.explanation, rule.example);
    let mut value = json!({
        "id": rule.id,
        "shortDescription": text(rule.title),
        "fullDescription": text(rule.explanation),
        "help": text(&help),
    });
    if let Some(severity) = rule.severity {
        value["defaultConfiguration"] = json!({"level": level(severity.level())});
    }
    value
}

fn result(tool: &Tool, entry: &Entry, shown: &Entry) -> Value {
    let mut lines = vec![shown.message.clone()];
    lines.extend(words::details(shown));
    let locations = entry.main_side().map(|(side, place)| main(side, place));
    let mut properties = entry.properties.clone();
    properties.insert("severity".to_owned(), json!(entry.severity));
    let mut result = json!({
        "ruleId": entry.rule.id,
        "level": level(entry.severity.level()),
        "message": text(&lines.join("\n")),
        "locations": Vec::from_iter(locations),
        "partialFingerprints": {tool.fingerprints: entry.fingerprint},
        "properties": properties,
    });
    if let Some(count) = entry.occurrences {
        result["occurrenceCount"] = json!(count);
    }
    // Of a single document there is nothing to say that the location does not.
    if entry.sides.len() > 1 {
        result["relatedLocations"] = related(entry, shown);
    }
    if let Some(accepted) = &shown.acceptance {
        result["suppressions"] = json!([{"kind": "external", "justification": accepted.reason}]);
    }
    result
}

/// The place that a reviewer sees. What is gone from an earlier text of a file has no line in it
/// any more.
fn main(side: &Side, place: &Place) -> Value {
    let Some(file) = &side.stands_in else {
        return location(side, place);
    };
    json!({
        "physicalLocation": {
            "artifactLocation": artifact(file),
            "region": {"startLine": 1, "startColumn": 1},
        },
        "logicalLocations": logical(place),
    })
}

fn related(entry: &Entry, shown: &Entry) -> Value {
    let sides = entry.sides.iter().zip(&shown.sides);
    let sides =
        sides.filter_map(|(side, shown)| Some((side, side.place.as_ref()?, shown.place.as_ref()?)));
    let locations = sides.enumerate().map(|(id, (side, place, shown))| {
        // The file that stands there now has other lines than an earlier text of it.
        let mut value = match side.stands_in {
            Some(_) => json!({"logicalLocations": logical(place)}),
            None => location(side, place),
        };
        value["id"] = json!(id);
        value["message"] = text(&format!("{} {}", side.label, words::place(shown)));
        value
    });
    locations.collect()
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn location(side: &Side, place: &Place) -> Value {
    let mut region = json!({"startLine": place.line, "startColumn": place.column});
    let (file, end) = (place.span.file, place.span.end());
    if end > place.span.start() && side.sources.text(file).len() >= end {
        let (line, column) = side.sources.position(Span::new(file, end, end));
        region["endLine"] = json!(line);
        region["endColumn"] = json!(column);
    }
    json!({
        "physicalLocation": {"artifactLocation": artifact(&place.file), "region": region},
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

/// Where a file is. A relative path is said to be one of the repository (3.4.4).
fn artifact(file: &str) -> Value {
    let file = path(file);
    if file.starts_with("http://") || file.starts_with("https://") {
        return json!({"uri": uri(file)});
    }
    match file.starts_with('/') {
        true => json!({"uri": format!("file://{}", uri(file))}),
        false => json!({"uri": uri(file), "uriBaseId": ROOT}),
    }
}

/// A path as a URI reference: what may not stand in one is percent-encoded.
fn uri(file: &str) -> String {
    let file = path(file);
    // Only of an absolute URI the part before a colon is a scheme.
    let is_absolute = file.starts_with("http://") || file.starts_with("https://");
    let mut out = String::new();
    for byte in file.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'/' | b'@' => out.push(char::from(byte)),
            b':' | b'?' | b'=' | b'&' if is_absolute => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
