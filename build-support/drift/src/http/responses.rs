//! Responses: statuses and bodies.

use super::listed::Listed;
use super::{Scope, Walk, body, headers, links, notes};
use crate::at::At;
use crate::finding::{Finding, Spot, Verdict};
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use crate::schema::side::Side;
use std::collections::BTreeMap;
use std::rc::Rc;

type Responses<'a> = BTreeMap<String, Listed<'a>>;

/// Compares the responses of an operation.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let base = all(&walk.engine.base, old);
    let revision = all(&walk.engine.revision, new);
    let homes = (old.place_of("responses"), new.place_of("responses"));
    for (status, at) in &base {
        let side = side(scope, status, &base);
        if let Some(same) = revision.get(status) {
            one(walk, &side, at, same);
            continue;
        }
        let wider = covering(&revision, status);
        let narrower: Vec<_> = covered(&revision, status, &base).collect();
        match wider {
            Some((range, other)) => {
                // Of several that fall under it, the first one reports it.
                let first = covered(&base, range, &revision).next();
                if !base.contains_key(range) && first.is_some_and(|(first, _)| first == status) {
                    widened(walk, &side, (status, at), (range, other));
                }
                one(walk, &side, at, other);
            }
            None if !narrower.is_empty() => {
                narrowed(walk, &side, (status, at), &narrower, &homes.1);
                for (_, other) in &narrower {
                    one(walk, &side, at, other);
                }
            }
            None => removed(walk, &side, status, &at.listed.pointer, &homes.1),
        }
    }
    for (status, at) in &revision {
        let side = side(scope, status, &revision);
        match covering(&base, status) {
            _ if base.contains_key(status)
                || covered(&base, status, &revision).next().is_some() => {}
            // The range is still there, and applies to the other statuses.
            Some((range, other)) if revision.contains_key(range) => one(walk, &side, other, at),
            Some(_) => {}
            None => added(walk, &side, status, &at.listed.pointer, &homes.0),
        }
    }
}

fn all<'a>(side: &Side<'a>, operation: &At<'a>) -> Responses<'a> {
    let responses = Listed::all(side, operation, "responses").into_iter();
    let responses = responses.filter(|(status, _)| !status.starts_with("x-"));
    responses
        .map(|(status, at)| (status.to_ascii_uppercase(), at))
        .collect()
}

type Of<'s, 'a> = (&'s str, &'s Listed<'a>);

/// The range or the default that a status falls under. A default is for errors, as long as another
/// entry is there for success.
fn covering<'s, 'a>(of: &'s Responses<'a>, status: &str) -> Option<Of<'s, 'a>> {
    let entry = |key: &str| of.get_key_value(key).map(|(key, at)| (key.as_str(), at));
    let range = status.get(..1).map(|digit| format!("{digit}XX"));
    let range = range.filter(|range| range != status && status != DEFAULT);
    let by_range = range.and_then(|range| entry(&range));
    let has_success = of.keys().any(|status| status.starts_with('2'));
    let is_error = !status.starts_with('2') && status != DEFAULT;
    let by_default = || entry(DEFAULT).filter(|_| is_error || !has_success);
    by_range.or_else(by_default)
}

/// What falls under a range, or under the default beside the statuses of `beside`.
fn covered<'s, 'a>(
    of: &'s Responses<'a>,
    status: &'s str,
    beside: &'s Responses<'a>,
) -> impl Iterator<Item = Of<'s, 'a>> {
    let family = status.strip_suffix("XX");
    let falls = move |one: &str| match family {
        Some(family) => one.starts_with(family),
        None => {
            let own = covering(beside, one).is_some_and(|(key, _)| key == DEFAULT);
            status == DEFAULT && own && !beside.contains_key(one)
        }
    };
    of.iter()
        .filter(move |(one, _)| *one != status && falls(one))
        .map(|(one, at)| (one.as_str(), at))
}

const DEFAULT: &str = "DEFAULT";

/// Whether a status means success; a default does where nothing else does.
fn is_success(status: &str, all: &Responses<'_>) -> bool {
    let has_success = || all.keys().any(|status| status.starts_with('2'));
    status.starts_with('2') || (status == DEFAULT && !has_success())
}

/// A status as people write it.
fn shown(status: &str) -> &str {
    match status {
        DEFAULT => "default",
        status => status,
    }
}

fn side(scope: &Scope, status: &str, all: &Responses<'_>) -> Scope {
    let mut side = scope.received(&format!("response {}", shown(status)));
    side.soft = !is_success(status, all);
    side
}

/// One status became a range: others may be returned now.
fn widened(walk: &mut Walk<'_>, side: &Scope, (status, old): Of<'_, '_>, (range, new): Of<'_, '_>) {
    let message = format!("the response {} became {}", shown(status), shown(range));
    let finding = Finding::new(Kind::StatusAdded, Effect::Widened, message);
    let finding = finding.judged(Verdict::Fixed(gained(side)));
    walk.hit(side, finding.at(&old.listed.pointer, &new.listed.pointer));
}

/// A range became some of its statuses.
fn narrowed(
    walk: &mut Walk<'_>,
    side: &Scope,
    (range, old): Of<'_, '_>,
    narrower: &[Of<'_, '_>],
    home: &Rc<str>,
) {
    let left: Vec<&str> = narrower.iter().map(|(status, _)| *status).collect();
    let message = format!(
        "the response {} became {}",
        shown(range),
        left.join(" and ")
    );
    let severity = match (side.is_request(), side.soft) {
        (true, false) => Severity::Breaking,
        (true, true) => Severity::Warning,
        (false, _) => Severity::Compatible,
    };
    let finding = Finding::new(Kind::StatusRemoved, Effect::Narrowed, message)
        .judged(Verdict::Fixed(severity));
    let spot = Spot {
        pointer: Rc::clone(home),
        exact: false,
    };
    walk.hit(side, finding.at(&old.listed.pointer, spot));
}

fn removed(walk: &mut Walk<'_>, side: &Scope, status: &str, at: &Rc<str>, home: &Rc<str>) {
    let severity = match (side.soft, side.is_request()) {
        (false, _) => Severity::Breaking,
        (true, true) => Severity::Warning,
        (true, false) => Severity::Compatible,
    };
    let message = format!("the response {} was removed", shown(status));
    let finding = Finding::new(Kind::StatusRemoved, Effect::Narrowed, message)
        .judged(Verdict::Fixed(severity));
    walk.hit(side, finding.at(at, home));
}

fn added(walk: &mut Walk<'_>, side: &Scope, status: &str, at: &Rc<str>, home: &Rc<str>) {
    let message = format!("the response {} was added", shown(status));
    let finding = Finding::new(Kind::StatusAdded, Effect::Widened, message)
        .judged(Verdict::Fixed(gained(side)));
    walk.hit(side, finding.at(home, at));
}

/// How bad it is that a status may be returned that was not before.
fn gained(side: &Scope) -> Severity {
    match (side.soft, side.is_request()) {
        (false, false) => Severity::Warning,
        _ => Severity::Compatible,
    }
}

fn one<'a>(walk: &mut Walk<'a>, side: &Scope, old: &Listed<'a>, new: &Listed<'a>) {
    notes::references(walk, &old.listed, &new.listed);
    if old.is_open() || new.is_open() {
        return;
    }
    let (old, new) = (&old.at, &new.at);
    let elsewhere = ["content", "headers", "links"];
    notes::compare(walk, old, new, &elsewhere, Some(&side.used_by()));
    contents(walk, side, old, new);
    headers::compare(walk, side, old, new);
    links::compare(walk, side, old, new);
}

fn contents<'a>(walk: &mut Walk<'a>, side: &Scope, old: &At<'a>, new: &At<'a>) {
    let filled = |at: &At<'a>| at.get("content").filter(|at| !at.node.members().is_empty());
    match (filled(old), filled(new)) {
        (None, None) => {}
        (Some(old), Some(new)) => body::content(walk, side, &old, &new),
        (Some(old), None) => {
            let finding = Finding::new(
                Kind::ResponseBodyRemoved,
                Effect::Both,
                "the response no longer has a body",
            );
            walk.hit(side, finding.at(&old.pointer, &new.pointer));
        }
        (None, Some(new)) => {
            let severity = match side.is_request() {
                true => Severity::Warning,
                false => Severity::Compatible,
            };
            let finding = Finding::new(
                Kind::ResponseBodyAdded,
                Effect::Widened,
                "the response has a body now",
            )
            .judged(Verdict::Fixed(severity));
            walk.hit(side, finding.at(&old.pointer, &new.pointer));
        }
    }
}
