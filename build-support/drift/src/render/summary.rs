//! A report in one paragraph, for a release note: what to do, and for whom.

use crate::report::{Change, Directions, DriftReport, Semver, Severity};
use ::report::visible;
use std::collections::{BTreeMap, BTreeSet};

/// How many operations a sentence names before it only counts.
const MOST_NAMES: usize = 3;

/// How many sentences say what to do before the rest is only counted.
const MOST_TASKS: usize = 6;

/// The paragraph, without a line break. Accepted changes are only counted.
#[must_use]
pub fn summary(report: &DriftReport) -> String {
    let open = || report.changes.iter().filter(|it| it.accepted.is_none());
    let breaking = open()
        .filter(|it| it.severity == Severity::Breaking)
        .count();
    let undecided = open()
        .filter(|it| it.severity == Severity::Undecided)
        .count();
    let (from, to) = (
        version(&report.base.version),
        version(&report.revision.version),
    );
    let mut sentences = vec![match (breaking, undecided) {
        (0, 0) => format!("From {from} to {to} nothing breaks."),
        (0, count) => format!(
            "From {from} to {to} nothing is known to break; {} to be judged by a person.",
            verb(count, "change has", "changes have")
        ),
        (count, _) => format!(
            "From {from} to {to} {} existing clients.",
            verb(count, "change breaks", "changes break")
        ),
    }];
    let tasks = tasks(open());
    let left = tasks.len().saturating_sub(MOST_TASKS);
    sentences.extend(tasks.into_iter().take(MOST_TASKS));
    if left > 0 {
        sentences.push(format!(
            "The full report has {}.",
            verb(left, "further task", "further tasks")
        ));
    }
    let fine = open().filter(|it| it.severity < Severity::Warning).count();
    if fine > 0 {
        sentences.push(format!(
            "{} no action.",
            verb(fine, "compatible change needs", "compatible changes need")
        ));
    }
    if report.accepted() > 0 {
        sentences.push(format!(
            "{} accepted before.",
            verb(report.accepted(), "change was", "changes were")
        ));
    }
    sentences.extend(steps(report));
    visible(&sentences.join(" "))
}

fn version(text: &str) -> String {
    match text {
        "" => "an unnamed version".to_owned(),
        text => format!("version {text}"),
    }
}

fn verb(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// What clients and servers have to do: the worst first, and each task once.
fn tasks<'c>(changes: impl Iterator<Item = &'c Change>) -> Vec<String> {
    let mut tasks: BTreeMap<Task<'_>, About<'_>> = BTreeMap::new();
    for change in changes.filter(|it| it.severity >= Severity::Warning) {
        let Some(advice) = change.advice.as_deref() else {
            continue;
        };
        let whom = match change.directions {
            Some(Directions::Request) => "Clients that send",
            Some(Directions::Response) => "Clients that read",
            Some(Directions::Both) | None => "Clients that call",
        };
        let task = (std::cmp::Reverse(change.severity), whom, advice);
        let about = tasks.entry(task).or_default();
        if about.lists.insert(change.used_by.identity()) {
            let operations = change.used_by.iter().map(|one| one.operation.as_str());
            about.operations.extend(operations);
        }
        about.properties.extend(change.property.as_deref());
    }
    let each = tasks.into_iter();
    each.map(|((_, whom, advice), about)| sentence(whom, advice, &about))
        .collect()
}

type Task<'c> = (std::cmp::Reverse<Severity>, &'static str, &'c str);

/// What a task is about.
#[derive(Default)]
struct About<'c> {
    /// The lists that its operations were taken from.
    lists: BTreeSet<usize>,
    operations: BTreeSet<&'c str>,
    properties: BTreeSet<&'c str>,
}

fn sentence(whom: &str, advice: &str, about: &About<'_>) -> String {
    let place = match about.operations.is_empty() {
        true => "the API".to_owned(),
        false => named(&about.operations, "other operation", "other operations"),
    };
    match about.properties.is_empty() {
        true => format!("{whom} {place}: {advice}."),
        false => {
            let properties = named(&about.properties, "other property", "other properties");
            format!("{whom} {place}: {advice} ({properties}).")
        }
    }
}

/// The first names, and how many more there are.
fn named(names: &BTreeSet<&str>, one: &str, many: &str) -> String {
    let first = names.iter().take(MOST_NAMES);
    let first: Vec<String> = first.map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => first.join(", "),
        more => format!("{} and {}", first.join(", "), verb(more, one, many)),
    }
}

/// Which steps the generated crates need.
fn steps(report: &DriftReport) -> Option<String> {
    let needed = report.crates.iter().filter(|it| it.semver > Semver::None);
    let needed: Vec<String> = needed
        .map(|it| format!("{} needs a {} release", it.name, it.semver.as_str()))
        .collect();
    (!needed.is_empty()).then(|| format!("In Rust, {}.", needed.join(", ")))
}
