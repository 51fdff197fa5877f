//! What several formats say in the same words.

use super::visible;
use crate::report::{Change, Polarity, Report, RustChange, Use, Witness};
use crate::rules;
use contract::Place;
use std::collections::BTreeMap;

/// What a history is that has no two versions to compare.
pub(super) const NO_PAIR: &str =
    "history: at most one version of the file can be read, so that there is nothing to compare";

/// `file:line:col`.
pub(super) fn place(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

/// The places on both sides in one line; an absent side is said to be absent.
pub(super) fn places(change: &Change) -> String {
    let side = |side: &Option<Place>| side.as_ref().map_or("nothing".to_owned(), place);
    match (&change.base, &change.revision) {
        (None, None) => "the document as a whole".to_owned(),
        (base, revision) => format!("base {}, revision {}", side(base), side(revision)),
    }
}

/// Where to point when only one place can be: file, line and column in the revision, else in the
/// base. What is gone from an earlier revision of a file has no line in it any more, so that its
/// top is shown.
pub(super) fn main_place<'a>(
    report: &'a Report,
    change: &'a Change,
) -> Option<(&'a str, usize, usize)> {
    let place = change.revision.as_ref().or(change.base.as_ref())?;
    match change.revision.is_none() && is_past(place) {
        true => Some((path(&report.revision.name), 1, 1)),
        false => Some((path(&place.file), place.line, place.column)),
    }
}

/// Whether a place is in a file as git knows it, which is not the file that stands there now.
pub(super) fn is_past(place: &Place) -> bool {
    place.file.starts_with("git:")
}

/// A source's name as a path a reader can open: without the revision of `git:REV:PATH`.
pub(super) fn path(file: &str) -> &str {
    let git = file.strip_prefix("git:").and_then(|it| it.split_once(':'));
    git.map_or(file, |(_, path)| path)
}

/// The value of a witness as JSON, in one line.
pub(super) fn value(witness: &Witness) -> String {
    visible::text(&witness.value.to_string())
}

/// What a value shows.
pub(super) fn witness(witness: &Witness) -> String {
    let verb = |accepts| if accepts { "accepts" } else { "refuses" };
    let (base, revision) = (verb(witness.base_accepts), verb(witness.revision_accepts));
    format!("the base {base} it, the revision {revision} it")
}

/// Whether a reader may expect a witness and should be told that there is none.
pub(super) fn lacks_witness(change: &Change) -> bool {
    use crate::Severity::{Breaking, Warning};
    let area = rules::find(change.rule).map(|rule| rule.area);
    matches!(area, Some("request" | "response" | "schema"))
        && change.effect.is_some()
        && change.witness.is_none()
        && matches!(change.severity, Breaking | Warning)
}

/// `offblocks_types::Card::name removed (major)`.
pub(super) fn rust(change: &RustChange) -> String {
    format!(
        "{} {} ({})",
        change.item,
        change.change,
        change.semver.as_str()
    )
}

/// Who consumes what changed.
pub(super) fn polarity(polarity: Polarity) -> &'static str {
    match polarity {
        Polarity::Request => "request",
        Polarity::Response => "response",
        Polarity::Both => "both",
    }
}

/// Uses by operation, each with its sides, in the order of the names.
pub(super) fn uses(uses: &[Use]) -> BTreeMap<&str, Vec<&str>> {
    let mut tree: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for each in uses {
        tree.entry(&each.operation).or_default().push(&each.side);
    }
    tree
}

/// The changes with what is to be read first in front: open before accepted, the worst first.
pub(super) fn worst_first(report: &Report) -> Vec<&Change> {
    let mut changes: Vec<&Change> = report.changes.iter().collect();
    changes.sort_by_key(|it| (it.accepted.is_some(), std::cmp::Reverse(it.severity)));
    changes
}

/// Changed items of the crates that no change of the contract claims, by crate.
pub(super) fn unclaimed(report: &Report) -> Vec<(&str, Vec<&RustChange>)> {
    let claimed: Vec<&RustChange> = report.changes.iter().flat_map(|it| &it.rust).collect();
    let crates = report.crates.iter().map(|verdict| {
        let items = verdict.items.iter().filter(|item| !claimed.contains(item));
        (verdict.name.as_str(), items.collect::<Vec<_>>())
    });
    crates.filter(|(_, items)| !items.is_empty()).collect()
}

/// One line of what may be several; spaces in a line are kept, since a name may have them.
pub(super) fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// `A against B`, as a title.
pub(super) fn title(report: &Report) -> String {
    format!("{} → {}", report.base.name, report.revision.name)
}

/// All that is known beside the message, a line each: for formats that show no excerpts.
pub(super) fn details(change: &Change) -> Vec<String> {
    let mut lines = vec![places(change)];
    for (operation, sides) in uses(&change.used_by) {
        lines.push(format!("used by {operation}: {}", sides.join(", ")));
    }
    if let Some(shown) = &change.witness {
        lines.push(format!("witness: {} ({})", value(shown), witness(shown)));
    } else if lacks_witness(change) {
        lines.push("witness: none was found".to_owned());
    }
    lines.extend(
        change
            .rust
            .iter()
            .map(|item| format!("rust: {}", rust(item))),
    );
    lines.extend(change.advice.iter().map(|advice| format!("help: {advice}")));
    lines.extend(
        change
            .accepted
            .iter()
            .map(|reason| format!("accepted: {reason}")),
    );
    lines
}
