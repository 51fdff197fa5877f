//! A finding becomes an entry of a report.

use crate::report::{Example, Finding};
use ::report::{Detail, Entry, Side, SourceTexts};
use serde_json::{Map, json};

/// How many operations a line names before it only counts.
const MOST_NAMES: usize = 6;

/// The entry.
pub(super) fn of(finding: &Finding, sources: &SourceTexts) -> Entry {
    let mut properties = Map::new();
    properties.insert("operations".to_owned(), json!(finding.operations));
    Entry {
        rule: finding.rule,
        severity: finding.severity,
        message: finding.message.clone(),
        sides: vec![Side {
            label: "contract",
            place: Some(finding.place.clone()),
            sources: sources.0.clone(),
            is_former: false,
            stands_in: None,
        }],
        details: details(finding),
        fingerprint: finding.fingerprint.clone(),
        acceptance: finding.accepted.clone(),
        is_prose: false,
        occurrences: Some(finding.count),
        properties,
    }
}

fn details(finding: &Finding) -> Vec<Detail> {
    let fact = |label, text| Detail::Fact {
        label,
        text,
        is_brief: true,
    };
    vec![
        fact("seen", seen(finding)),
        fact("example", example(&finding.example)),
        Detail::Advice(finding.help.to_owned()),
        Detail::Commands {
            label: "repeat it",
            text: finding.example.repeat.clone(),
        },
    ]
}

/// `3 times at getCard, getCards`.
fn seen(finding: &Finding) -> String {
    let times = match finding.count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let names = finding.operations.iter().take(MOST_NAMES);
    let names = names.map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = match finding.operations.len().saturating_sub(MOST_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{times} at {names}{more}")
}

/// `GET https://…: response 200, at /status`.
fn example(example: &Example) -> String {
    let (method, url, status) = (&example.method, &example.url, example.status);
    let mut words = format!("{method} {url}: response {status}");
    if let Some(at) = example.at.as_deref().filter(|at| !at.is_empty()) {
        words.push_str(&format!(", at {at}"));
    }
    if let Some(origin) = &example.origin {
        words.push_str(&format!(" ({origin})"));
    }
    words
}
