//! A comparison becomes a section of a report.

use super::entry;
use crate::report::{Change, DriftReport, RustChange, Semver};
use ::report::{ItemList, Level, Note, Section, Severity};
use serde_json::{Map, json};

/// The section. In a history its category names the revision too, so that the runs of one log have
/// categories of their own.
pub(super) fn of(report: &DriftReport, is_history: bool) -> Section {
    let (base, revision) = (&report.base.name, &report.revision.name);
    let (verdict, verdict_end) = report.verdicts();
    let mut properties = Map::new();
    properties.insert("base".to_owned(), json!(base));
    properties.insert("revision".to_owned(), json!(revision));
    let changes = worst_first(report).into_iter();
    let most_uses = listed_uses(report);
    let notes = report.notes().into_iter();
    Section {
        title: format!("{base} → {revision}"),
        compared: report.compared.clone(),
        headline: headline(report),
        entries: changes.map(|it| entry::of(report, it, most_uses)).collect(),
        lists: unclaimed(report),
        notes: notes
            .map(|(subject, text)| Note {
                subject,
                text: text.to_owned(),
            })
            .collect(),
        verdict,
        verdict_end,
        level: level(report),
        // A step that breaks compilation is seen even where nothing changed on the wire.
        warns: report.changes.is_empty() && report.semver() == Semver::Major,
        category: category(revision, is_history),
        properties,
        ..Section::default()
    }
}

/// How many uses are listed in a report, unless its entries are so many that fewer would say nothing.
const LISTED: usize = 100_000;

/// How many uses each entry lists at least.
const FEWEST: usize = 10;

/// How many uses each entry lists: all of them, unless together they are too many for a reader and
/// for the programs that show reports. The others are counted.
pub(super) fn listed_uses(report: &DriftReport) -> usize {
    let uses: usize = report.changes.iter().map(|it| it.used_by.len()).sum();
    match uses <= LISTED {
        true => usize::MAX,
        false => (LISTED / report.changes.len().max(1)).max(FEWEST),
    }
}

fn category(revision: &str, is_history: bool) -> Vec<String> {
    let mut category = vec![revision.to_owned()];
    let git = revision
        .strip_prefix("git:")
        .and_then(|it| it.split_once(':'));
    if let Some((commit, _)) = git.filter(|_| is_history) {
        category.push(commit.to_owned());
    }
    category
}

fn level(report: &DriftReport) -> Option<Level> {
    let worst = report.worst().map(Severity::level);
    match worst {
        Some(Level::Error | Level::Warning) => worst,
        _ if report.semver() == Semver::Major => Some(Level::Warning),
        _ => worst,
    }
}

/// The worst of the wire; a step that breaks compilation is named where the wire is fine.
fn headline(report: &DriftReport) -> String {
    let wire = match (report.worst(), report.accepted()) {
        (None, 0) => "none".to_owned(),
        (None, accepted) => format!("{accepted} accepted"),
        (Some(severity), _) => severity.as_str().to_owned(),
    };
    let fine = report.worst().is_none_or(|it| it == Severity::Compatible);
    match fine && report.semver() == Semver::Major {
        true => format!("{wire} on the wire, major in Rust"),
        false => wire,
    }
}

/// The changes with what is to be read first in front: open before accepted, the worst first.
fn worst_first(report: &DriftReport) -> Vec<&Change> {
    let mut changes: Vec<&Change> = report.changes.iter().collect();
    changes.sort_by_key(|it| (it.accepted.is_some(), std::cmp::Reverse(it.severity)));
    changes
}

/// Changed items of the crates that no change of the contract claims, by crate.
fn unclaimed(report: &DriftReport) -> Vec<ItemList> {
    let claimed: Vec<&RustChange> = report.changes.iter().flat_map(|it| &it.rust).collect();
    let crates = report.crates.iter().map(|verdict| {
        let items = verdict.items.iter().filter(|item| !claimed.contains(item));
        ItemList {
            owner: verdict.name.clone(),
            items: items.map(entry::item).collect(),
        }
    });
    crates.filter(|list| !list.items.is_empty()).collect()
}
