//! Which change of the contract a changed item comes from.
//!
//! Names decide: a pointer names schemas, properties, operations, parameters and statuses, and the
//! generator makes its names from them. An item is listed under the changes that name it most closely. An
//! item that no change names is listed only under its crate.

mod kin;
mod places;
mod subject;

use drift::Contract;
use drift::report::{Change, DriftReport, RustChange};
use kin::Kin;
use places::subjects;
use std::collections::BTreeSet;
use subject::Subject;

/// Gives every change the items that come from it.
pub(super) fn tie(report: &mut DriftReport, base: &Contract, revision: &Contract) {
    let items = report.crates.iter().flat_map(|it| it.items.clone());
    let items: Vec<RustChange> = items.collect();
    if items.is_empty() {
        return;
    }
    let kin = Kin::of(&[base.root(), revision.root()]);
    let changes = report.changes.iter();
    let subjects: Vec<Vec<Subject>> = changes
        .map(|change| subjects(change, base, revision))
        .collect();
    for item in items {
        let names = Names::of(&item);
        let closeness: Vec<_> = report
            .changes
            .iter()
            .zip(&subjects)
            .map(|(change, subjects)| closeness(change, subjects, &item, &names, &kin))
            .collect();
        let best = closeness.iter().flatten().max().copied();
        for (change, close) in report.changes.iter_mut().zip(closeness) {
            if best.is_some() && close == best {
                change.rust.push(item.clone());
            }
        }
    }
    for change in &mut report.changes {
        change.rust.sort();
    }
}

/// How closely a change names an item, if it does: whether it can be the cause at all counts most.
fn closeness(
    change: &Change,
    subjects: &[Subject],
    item: &RustChange,
    names: &Names,
    kin: &Kin,
) -> Option<(bool, u8)> {
    let close = subjects.iter().map(|it| it.closeness(names, kin)).max();
    let close = close.filter(|close| *close > 0);
    close.map(|close| (may_cause(change.rule.id, item), close))
}

/// Whether a change of this rule may be why an item changes. Descriptions are not part of a signature, and
/// other tags move an item without changing it. Such a change counts as the cause only where there is no
/// other.
fn may_cause(rule: &str, item: &RustChange) -> bool {
    match rule {
        "documentation-changed" | "extension-changed" | "version-changed" => false,
        "tags-changed" => !item.change.starts_with("changed"),
        _ => true,
    }
}

/// The parts of an item's path that are compared, each without case and signs.
struct Names {
    /// The type, trait or function.
    outer: String,
    /// The field, variant or method.
    inner: Option<String>,
    /// Whether it is a trait that the type has.
    is_trait: bool,
    /// The words of both signatures.
    words: BTreeSet<String>,
}

impl Names {
    fn of(change: &RustChange) -> Self {
        let item = change.item.as_str();
        let (path, is_trait) = match item.split_once(": ") {
            Some((path, _)) => (path, true),
            None => (item, false),
        };
        let words = change
            .change
            .split(|c: char| !c.is_alphanumeric() && c != '_');
        let steps: Vec<&str> = path.split("::").skip(1).collect();
        let is_type = |step: &&str| {
            step.trim_start_matches("r#")
                .starts_with(char::is_uppercase)
        };
        let at = steps
            .iter()
            .position(is_type)
            .unwrap_or(steps.len().saturating_sub(1));
        Self {
            outer: plain(steps.get(at).copied().unwrap_or(item)),
            inner: steps.get(at + 1).map(|step| plain(step)),
            is_trait,
            words: words.map(plain).collect(),
        }
    }
}

/// A name without case and signs, so that those of contract and code are the same.
fn plain(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
