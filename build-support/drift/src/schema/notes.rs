//! What constrains nothing: documentation, extensions, defaults, deprecations.

use super::view::{View, same};
use super::{Comparison, place};
use crate::at::At;
use crate::dialect;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::Severity;
use crate::text::{brief, quoted};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Compares what constrains nothing.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    texts(c, b, r);
    dialect(c, b, r);
    default(c, b, r);
    deprecation(c, b, r);
    access(c, b, r);
}

/// Which way a value travels, where it travels this way all the same.
fn access<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let (old, new, key) = match c.is_request() {
        true => (&b.write_only, &r.write_only, "writeOnly"),
        false => (&b.read_only, &r.read_only, "readOnly"),
    };
    if old.is_some() == new.is_some() {
        return;
    }
    let message = format!("`{key}` became {}", new.is_some());
    let finding = Finding::fixed(Kind::DocumentationChanged, Severity::Compatible, message);
    let places = (place(old, b), place(new, r));
    c.out.findings.push(finding.at(&places.0, &places.1));
}

/// The dialect that a schema says it is written in, where it says that on both sides or on one.
fn dialect<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let of = |view: &View<'a>| view.notes.get(DIALECT)?.first()?.node.as_str();
    let finding = dialect::changed(of(b), of(r));
    let at = |view: &View<'a>| {
        let stated = view.notes.get(DIALECT).and_then(|all| all.first());
        place(&stated.cloned(), view)
    };
    c.out
        .findings
        .extend(finding.map(|finding| finding.at(at(b), at(r))));
}

const DIALECT: &str = "$schema";

/// Where texts changed, on both sides, and of which kind they are.
type Places = (Rc<str>, Rc<str>, Kind);

/// One entry for each pair of places whose texts changed.
fn texts<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let mut changed: BTreeMap<Places, BTreeSet<&str>> = BTreeMap::new();
    let keys: BTreeSet<&str> = b.notes.keys().chain(r.notes.keys()).copied().collect();
    for key in keys {
        let (old, new) = (b.notes.get(key), r.notes.get(key));
        let (gone, come) = (only(old, new), only(new, old));
        if gone.is_none() && come.is_none() || key == DIALECT {
            continue;
        }
        let kind = match key.starts_with("x-") {
            true => Kind::ExtensionChanged,
            false => Kind::DocumentationChanged,
        };
        let place = |at: Option<&At<'a>>, view: &View<'a>| match at {
            Some(at) => owner(&at.pointer),
            None => super::home(view),
        };
        changed
            .entry((place(gone, b), place(come, r), kind))
            .or_default()
            .insert(key);
    }
    for ((base, revision, kind), keys) in changed {
        let severity = match keys.contains("xml") {
            true => Severity::Warning,
            false => Severity::Compatible,
        };
        let finding = Finding::fixed(kind, severity, format!("{} changed", quoted(&keys)));
        c.out.findings.push(finding.at(&base, &revision));
    }
}

fn only<'v, 'a>(of: Option<&'v Vec<At<'a>>>, other: Option<&Vec<At<'a>>>) -> Option<&'v At<'a>> {
    let known = |at: &At<'a>| {
        let mut others = other.into_iter().flatten();
        others.any(|one| same(one.node, at.node))
    };
    of.into_iter().flatten().find(|at| !known(at))
}

/// The schema object that holds a keyword, or an item of one.
fn owner(pointer: &str) -> Rc<str> {
    let (mut owner, last) = pointer.rsplit_once('/').unwrap_or(("", ""));
    if last.bytes().all(|byte| byte.is_ascii_digit()) && owner.ends_with("/examples") {
        owner = owner.rsplit_once('/').map_or("", |(owner, _)| owner);
    }
    Rc::from(owner)
}

fn default<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let shown = |at: &Option<At<'a>>| at.as_ref().map_or("none".to_owned(), |at| brief(at.node));
    let same = match (&b.default, &r.default) {
        (None, None) => true,
        (Some(old), Some(new)) => same(old.node, new.node),
        _ => false,
    };
    if same {
        return;
    }
    let message = format!(
        "the default changed from {} to {}",
        shown(&b.default),
        shown(&r.default)
    );
    let severity = match c.is_request() {
        true => Severity::Warning,
        false => Severity::Compatible,
    };
    let places = (place(&b.default, b), place(&r.default, r));
    let finding = Finding::fixed(Kind::DefaultChanged, severity, message);
    c.out.findings.push(finding.at(&places.0, &places.1));
}

fn deprecation<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let (kind, message) = match (&b.deprecated, &r.deprecated) {
        (None, Some(_)) => (Kind::Deprecated, "it was deprecated"),
        (Some(_), None) => (Kind::Undeprecated, "it is no longer deprecated"),
        _ => return,
    };
    let places = (place(&b.deprecated, b), place(&r.deprecated, r));
    let finding = Finding::fixed(kind, Severity::Compatible, message);
    c.out.findings.push(finding.at(&places.0, &places.1));
}
