//! Findings become changes: one entry for each cause, with everything that it touches.

use super::compared::Contract;
use super::finding::{Finding, Spot};
use super::fingerprint;
use super::http::Walk;
use super::kind::{Kind, Scope};
use super::options::Options;
use super::place;
use super::report::{Change, Directions, Severity, Uses};
use super::rules;
use contract::Places;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

mod reached;
mod shared;
mod uses;

use reached::Reached;
use uses::{List, Lists};

/// What makes two findings one: where the thing stands, not where it is missing.
type Key = (Kind, Option<Rc<str>>, Option<Rc<str>>);

fn key(finding: &Finding) -> Key {
    let exact = |spot: &Option<Spot>| spot.as_ref().filter(|spot| spot.exact).map(pointer);
    match (exact(&finding.base), exact(&finding.revision)) {
        (None, None) => {
            let any = |spot: &Option<Spot>| spot.as_ref().map(pointer);
            (finding.kind, any(&finding.base), any(&finding.revision))
        }
        (base, revision) => (finding.kind, base, revision),
    }
}

fn pointer(spot: &Spot) -> Rc<str> {
    Rc::clone(&spot.pointer)
}

/// Of two places where the same thing is missing, the component says more than a place of use.
fn better(one: Option<Spot>, other: Option<&Spot>) -> Option<Spot> {
    let rank = |spot: &Spot| {
        let inline = !spot.pointer.starts_with("/components/");
        (inline, spot.pointer.len(), Rc::clone(&spot.pointer))
    };
    match (one, other) {
        (Some(one), Some(other)) if rank(other) < rank(&one) => Some(other.clone()),
        (one, _) => one,
    }
}

/// What is known of a cause in one direction.
struct Side {
    finding: Finding,
    severity: Severity,
    used_by: BTreeSet<List>,
}

type Causes = BTreeMap<Key, BTreeMap<Option<Directions>, Side>>;

/// The changes of a finished walk, sorted.
pub(super) fn changes(
    walk: Walk<'_>,
    base: &Contract,
    revision: &Contract,
    options: &Options,
) -> Vec<Change> {
    let mut lists = Lists::of(&walk);
    let mut causes = Causes::new();
    for hit in &walk.hits {
        let used_by = hit.used_by.as_ref().map(|used| lists.only(used));
        add(&mut causes, &hit.finding, hit.directions, hit.soft, used_by);
    }
    from_schemas(&walk, &mut causes, &mut lists);
    forget_ways(&mut causes);
    shared::join(&mut causes, &mut lists, base, revision);
    let documents = Documents {
        base: (base, Places::indexed(base.root(), &base.document().sources)),
        revision: (
            revision,
            Places::indexed(revision.root(), &revision.document().sources),
        ),
    };
    let mut changes = Vec::new();
    for (key, sides) in causes {
        for (directions, side) in merged(sides) {
            let used_by = lists.uses(&side.used_by);
            changes.push(Change {
                used_by,
                ..change(&key, directions, side, (&documents, options))
            });
        }
    }
    changes.sort_by(|one, other| order(one).cmp(&order(other)));
    changes
}

/// A property that is sent in one direction only is reported once. Where that hides or shows it,
/// its `readOnly` and `writeOnly` are not separate changes.
fn forget_ways(causes: &mut Causes) {
    let is_way = |kind: Kind| matches!(kind, Kind::PropertyHidden | Kind::PropertyShown);
    let reported = causes.keys().filter(|(kind, ..)| is_way(*kind));
    let reported: HashSet<Rc<str>> = reported
        .flat_map(|(_, base, revision)| [base.clone(), revision.clone()])
        .flatten()
        .collect();
    let holder = |pointer: &Rc<str>| {
        let holder = pointer.strip_suffix("/readOnly");
        let holder = holder.or(pointer.strip_suffix("/writeOnly"));
        holder.map(Rc::from)
    };
    causes.retain(|(kind, base, revision), _| {
        let mut holders = [base, revision].into_iter().flatten().filter_map(holder);
        *kind != Kind::DocumentationChanged || !holders.any(|holder| reported.contains(&holder))
    });
}

/// By place in the revision, or else in the base.
fn order(change: &Change) -> impl Ord + '_ {
    let at = change.revision.as_ref().or(change.base.as_ref());
    let from = change.base.as_ref().map(|place| place.span);
    (
        at.map(|place| place.span),
        from,
        change.rule.id,
        &change.fingerprint,
        change.directions,
    )
}

fn add(
    causes: &mut Causes,
    finding: &Finding,
    directions: Option<Directions>,
    soft: bool,
    used_by: Option<List>,
) {
    let severity = finding.severity(directions, soft);
    let key = key(finding);
    // Text for people has no direction.
    let is_text = matches!(
        finding.kind,
        Kind::DocumentationChanged | Kind::ExtensionChanged
    );
    let directions = directions.filter(|_| !is_text);
    let sides = causes.entry(key).or_default();
    let side = sides.entry(directions).or_insert_with(|| Side {
        finding: finding.clone(),
        severity,
        used_by: BTreeSet::new(),
    });
    let base = better(side.finding.base.take(), finding.base.as_ref());
    let revision = better(side.finding.revision.take(), finding.revision.as_ref());
    if severity > side.severity {
        side.finding = finding.clone();
        side.severity = severity;
    }
    (side.finding.base, side.finding.revision) = (base, revision);
    side.used_by.extend(used_by);
}

/// Gives every finding about schemas to every use that it is a part of.
fn from_schemas(walk: &Walk<'_>, causes: &mut Causes, lists: &mut Lists) {
    let reached = Reached::of(walk, lists);
    let mut seen = HashSet::new();
    for root in &walk.roots {
        let class = (root.directions, root.soft);
        let mut open = Vec::new();
        let add_new = |pair: usize, open: &mut Vec<usize>, seen: &mut HashSet<_>| {
            if reached.by(class, pair).is_some() && seen.insert((pair, class)) {
                open.push(pair);
            }
        };
        add_new(root.pair, &mut open, &mut seen);
        while let Some(pair) = open.pop() {
            let outcome = &walk.engine.outcomes[pair];
            let uses = reached.by(class, pair);
            for finding in &outcome.findings {
                add(causes, finding, Some(root.directions), root.soft, uses);
            }
            for &part in &outcome.parts {
                add_new(part, &mut open, &mut seen);
            }
        }
    }
}

/// Both directions become one entry where they weigh the same.
fn merged(mut sides: BTreeMap<Option<Directions>, Side>) -> Vec<(Option<Directions>, Side)> {
    let request = sides.remove(&Some(Directions::Request));
    let response = sides.remove(&Some(Directions::Response));
    let mut merged: Vec<_> = sides.into_iter().collect();
    match (request, response) {
        (Some(mut one), Some(other)) if one.severity == other.severity => {
            one.used_by.extend(other.used_by);
            merged.push((Some(Directions::Both), one));
        }
        (one, other) => {
            merged.extend(one.map(|side| (Some(Directions::Request), side)));
            merged.extend(other.map(|side| (Some(Directions::Response), side)));
        }
    }
    merged
}

/// The two documents and their large maps.
struct Documents<'a> {
    base: (&'a Contract, Places<'a>),
    revision: (&'a Contract, Places<'a>),
}

fn change(
    (kind, base_key, revision_key): &Key,
    directions: Option<Directions>,
    side: Side,
    (documents, options): (&Documents<'_>, &Options),
) -> Change {
    let row = kind.row();
    let rule = match (row.scope, directions) {
        (Scope::Part(_), _) => row.ids[3],
        (_, Some(Directions::Request)) => row.ids[0],
        (_, Some(Directions::Response)) => row.ids[1],
        _ => row.ids[2],
    };
    let rule = rules::find(rule).expect("every name in the table of kinds is a rule");
    let severity = options.weight(rule.id, side.severity);
    let finding = side.finding;
    let Documents { base, revision } = documents;
    let stable = |places: &Places<'_>, pointer: &Option<Rc<str>>| {
        let pointer = pointer.as_ref();
        let stable = pointer.map(|pointer| fingerprint::stable(places, pointer));
        stable.unwrap_or_else(|| "-".to_owned())
    };
    let pointers = (stable(&base.1, base_key), stable(&revision.1, revision_key));
    let pointers = [pointers.0.as_str(), pointers.1.as_str()];
    let at = |spot: &Option<Spot>| spot.as_ref().map(pointer);
    let (from, to) = (at(&finding.base), at(&finding.revision));
    let subject = place::subject(from.as_deref(), to.as_deref(), row.scope);
    Change {
        rule,
        severity,
        directions,
        effect: finding.effect,
        message: match subject {
            Some(subject) => format!("{subject}: {}", finding.message),
            None => finding.message,
        },
        property: finding.property.as_deref().map(str::to_owned),
        advice: super::advice::of(*kind, severity, directions),
        fingerprint: ::report::fingerprint(rule.id, &pointers),
        base: from.map(|pointer| base.1.of(&pointer)),
        revision: to.map(|pointer| revision.1.of(&pointer)),
        used_by: Uses::default(),
        witness: None,
        rust: Vec::new(),
        accepted: None,
    }
}
