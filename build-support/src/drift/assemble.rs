//! Findings become changes: one entry for each cause, with everything that it touches.

use super::contract::Contract;
use super::finding::Finding;
use super::fingerprint;
use super::http::Walk;
use super::kind::{Kind, Scope};
use super::place;
use super::report::{Change, Polarity, Severity, Use};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

/// What makes two findings one.
type Key = (Kind, Option<Rc<str>>, Option<Rc<str>>);

/// What is known of a cause in one direction.
struct Side {
    finding: Finding,
    severity: Severity,
    used_by: BTreeSet<Use>,
}

type Causes = BTreeMap<Key, BTreeMap<Option<Polarity>, Side>>;

/// The changes of a finished walk, sorted.
pub(super) fn changes(walk: Walk<'_>, base: &Contract, revision: &Contract) -> Vec<Change> {
    let mut causes = Causes::new();
    for hit in &walk.hits {
        add(
            &mut causes,
            &hit.finding,
            hit.polarity,
            hit.soft,
            hit.used_by.as_ref(),
        );
    }
    from_schemas(&walk, &mut causes);
    let mut changes = Vec::new();
    for ((kind, ..), sides) in causes {
        for (polarity, side) in merged(sides) {
            changes.push(change(kind, polarity, side, base, revision));
        }
    }
    changes.sort_by(|one, other| order(one).cmp(&order(other)));
    changes
}

/// By place in the revision, or else in the base.
fn order(change: &Change) -> impl Ord + '_ {
    let at = change.revision.as_ref().or(change.base.as_ref());
    let from = change.base.as_ref().map(|place| place.span);
    (
        at.map(|place| place.span),
        from,
        change.rule,
        &change.fingerprint,
        change.polarity,
    )
}

fn add(
    causes: &mut Causes,
    finding: &Finding,
    polarity: Option<Polarity>,
    soft: bool,
    used_by: Option<&Use>,
) {
    let severity = finding.severity(polarity, soft);
    let key = (finding.kind, finding.base.clone(), finding.revision.clone());
    // What is only for people has no direction.
    let is_text = matches!(
        finding.kind,
        Kind::DocumentationChanged | Kind::ExtensionChanged
    );
    let polarity = polarity.filter(|_| !is_text);
    let sides = causes.entry(key).or_default();
    let side = sides.entry(polarity).or_insert_with(|| Side {
        finding: finding.clone(),
        severity,
        used_by: BTreeSet::new(),
    });
    if severity > side.severity {
        side.finding = finding.clone();
        side.severity = severity;
    }
    side.used_by.extend(used_by.cloned());
}

/// Gives every finding about schemas to every use that it is a part of.
fn from_schemas(walk: &Walk<'_>, causes: &mut Causes) {
    let changed = changed_pairs(walk);
    for root in walk
        .roots
        .iter()
        .filter(|root| changed.contains(&root.pair))
    {
        let mut seen = HashSet::from([root.pair]);
        let mut open = vec![root.pair];
        while let Some(pair) = open.pop() {
            let outcome = &walk.engine.outcomes[pair];
            for finding in &outcome.findings {
                add(
                    causes,
                    finding,
                    Some(root.polarity),
                    root.soft,
                    Some(&root.used_by),
                );
            }
            let parts = outcome.parts.iter().copied();
            open.extend(parts.filter(|part| changed.contains(part) && seen.insert(*part)));
        }
    }
}

/// The pairs with a finding in them or in a part of them.
fn changed_pairs(walk: &Walk<'_>) -> HashSet<usize> {
    let outcomes = &walk.engine.outcomes;
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); outcomes.len()];
    for (id, outcome) in outcomes.iter().enumerate() {
        for &part in &outcome.parts {
            holders[part].push(id);
        }
    }
    let own = outcomes
        .iter()
        .enumerate()
        .filter(|(_, outcome)| !outcome.findings.is_empty());
    let mut open: Vec<usize> = own.map(|(id, _)| id).collect();
    let mut changed: HashSet<usize> = open.iter().copied().collect();
    while let Some(id) = open.pop() {
        open.extend(holders[id].iter().copied().filter(|&id| changed.insert(id)));
    }
    changed
}

/// Both directions become one entry where they weigh the same.
fn merged(mut sides: BTreeMap<Option<Polarity>, Side>) -> Vec<(Option<Polarity>, Side)> {
    let request = sides.remove(&Some(Polarity::Request));
    let response = sides.remove(&Some(Polarity::Response));
    let mut merged: Vec<_> = sides.into_iter().collect();
    match (request, response) {
        (Some(mut one), Some(other)) if one.severity == other.severity => {
            one.used_by.extend(other.used_by);
            merged.push((Some(Polarity::Both), one));
        }
        (one, other) => {
            merged.extend(one.map(|side| (Some(Polarity::Request), side)));
            merged.extend(other.map(|side| (Some(Polarity::Response), side)));
        }
    }
    merged
}

fn change(
    kind: Kind,
    polarity: Option<Polarity>,
    side: Side,
    base: &Contract,
    revision: &Contract,
) -> Change {
    let row = kind.row();
    let rule = match (row.scope, polarity) {
        (Scope::Part(_), _) => row.ids[3],
        (_, Some(Polarity::Request)) => row.ids[0],
        (_, Some(Polarity::Response)) => row.ids[1],
        _ => row.ids[2],
    };
    let finding = side.finding;
    let stable = |of: &Contract, pointer: &Option<Rc<str>>| {
        pointer
            .as_ref()
            .map(|pointer| fingerprint::stable(of.root(), pointer))
    };
    let pointers = (
        stable(base, &finding.base),
        stable(revision, &finding.revision),
    );
    let subject = place::subject(
        finding.base.as_deref(),
        finding.revision.as_deref(),
        row.scope,
    );
    Change {
        rule,
        severity: side.severity,
        polarity,
        effect: finding.effect,
        message: match subject {
            Some(subject) => format!("{subject}: {}", finding.message),
            None => finding.message,
        },
        advice: super::advice::of(kind, side.severity, polarity),
        fingerprint: fingerprint::fingerprint(rule, pointers.0.as_deref(), pointers.1.as_deref()),
        base: finding
            .base
            .as_deref()
            .map(|pointer| place::of(base, pointer)),
        revision: finding
            .revision
            .as_deref()
            .map(|pointer| place::of(revision, pointer)),
        used_by: side.used_by.into_iter().collect(),
        witness: None,
        rust: Vec::new(),
        accepted: None,
    }
}
