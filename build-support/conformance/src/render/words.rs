//! What several formats say in the same words.

use crate::report::{Finding, Report};

/// How many operations a line names before it only counts.
const MOST_NAMES: usize = 6;

/// `openapi/offblocks.yaml:12:3`.
pub(super) fn place(finding: &Finding) -> String {
    let place = &finding.place;
    format!("{}:{}:{}", place.file, place.line, place.column)
}

/// `seen 3 times at getCard, getCards`.
pub(super) fn seen(finding: &Finding) -> String {
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
    format!("seen {times} at {names}{more}")
}

/// `GET https://… answered 200, at /status`.
pub(super) fn example(finding: &Finding) -> String {
    let example = &finding.example;
    let (method, url, status) = (&example.method, &example.url, example.status);
    let mut words = format!("{method} {url} answered {status}");
    if let Some(at) = example.at.as_deref().filter(|at| !at.is_empty()) {
        words.push_str(&format!(", at {at}"));
    }
    if let Some(origin) = &example.origin {
        words.push_str(&format!(" ({origin})"));
    }
    words
}

/// Everything beside the message, a line each.
pub(super) fn details(finding: &Finding) -> Vec<String> {
    let mut lines = vec![
        seen(finding),
        format!("for example: {}", example(finding)),
        format!("contract: {}", place(finding)),
        format!("help: {}", finding.rule.help),
        format!("fingerprint: {}", finding.fingerprint),
    ];
    if finding.accepted {
        lines.push("known to the baseline".to_owned());
    }
    lines.push("repeat it:".to_owned());
    lines.extend(
        finding
            .example
            .repeat
            .lines()
            .map(|line| format!("  {line}")),
    );
    lines
}

/// `OffBlocks API 1.0 (openapi/offblocks.yaml)`.
pub(super) fn contract(report: &Report) -> String {
    format!("{} ({})", report.contract, report.file)
}

/// How the commands are meant.
pub(super) const HOW_TO_REPEAT: &str = "\
The commands are for bash. OFFBLOCKS_TOKEN is a token from POST /auth/token; `offblocks keys sign` \
signs at the moment of sending, with the key in OFFBLOCKS_SIGNING_KEY under the id in \
OFFBLOCKS_KEY_ID.";

/// XML 1.0 has no way to write most control characters, so they become a sign.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            other if other.is_control() || matches!(other, '\u{fffe}' | '\u{ffff}') => {
                out.push('\u{fffd}');
            }
            other => out.push(other),
        }
    }
    out
}
