//! What a check of freshness found, one entry for each cause.

use super::fact::place;
use super::{blank, sort};
use contract::Place;
use contract::Span;
use drift::report::{Change, DriftReport};
use files::{self, Outcome, Verdict};

/// Adds what a check of freshness found. Files that are not valid Rust are reported already.
/// All those that differ only in the hash of the contract are one entry.
pub fn add_stale(report: &mut DriftReport, outcome: &Outcome) {
    let (header, rest): (Vec<_>, Vec<_>) = outcome.changes.iter().partition(|it| is_header(it));
    let stale = rest.into_iter().filter(|it| !is_unreadable(report, it));
    let mut found: Vec<Change> = stale.map(|it| stale_file(report, it)).collect();
    found.extend(stale_headers(report, &header));
    report.changes.extend(found);
    sort(report);
}

fn is_unreadable(report: &DriftReport, change: &files::Change) -> bool {
    let mut unreadable = report
        .changes
        .iter()
        .filter(|it| it.rule.id == "code-unreadable");
    unreadable.any(|it| {
        it.revision
            .as_ref()
            .is_some_and(|at| at.file == change.path)
    })
}

/// Whether nothing differs but the line that names the contract's hash.
fn is_header(change: &files::Change) -> bool {
    let line = |sign| {
        let mut body = change.diff.lines().skip(2);
        body.find_map(|line| line.strip_prefix(sign))
            .map(without_hash)
    };
    change.verdict == Verdict::Stale
        && (change.added, change.removed) == (1, 1)
        && line('-') == line('+')
}

/// A line without words that are as long as a SHA-256.
fn without_hash(line: &str) -> String {
    let words = line.split_inclusive(|it: char| !it.is_ascii_hexdigit());
    let is_hash = |word: &str| {
        word.trim_end_matches(|it: char| !it.is_ascii_hexdigit())
            .len()
            == 64
    };
    words.filter(|word| !is_hash(word)).collect()
}

fn stale_file(report: &DriftReport, change: &files::Change) -> Change {
    let word = change.verdict.as_str();
    let lines = format!("+{} -{} lines", change.added, change.removed);
    let mut found = stale(&change.path);
    found.message = format!("the generated file `{}` is {word} ({lines})", change.path);
    found.revision = top(report, &change.path);
    found
}

fn stale_headers(report: &DriftReport, changes: &[&files::Change]) -> Option<Change> {
    let first = changes.first()?;
    let mut found = stale("the contract's hash");
    let subject = match changes.len() {
        1 => format!("the generated file `{}` differs", first.path),
        count => format!("{count} generated files differ"),
    };
    found.message = format!("{subject} in nothing but the hash of the contract");
    found.revision = top(report, &first.path);
    Some(found)
}

fn stale(subject: &str) -> Change {
    let mut found = blank("code-stale", subject);
    found.advice = Some("run `cargo xtask regenerate` and commit what it changes".to_owned());
    found
}

fn top(report: &DriftReport, path: &str) -> Option<Place> {
    let sources = &report.revision.sources.0;
    let file = sources.files().find(|file| sources.name(*file) == path)?;
    Some(place(sources, "", Span::new(file, 0, 0)))
}
