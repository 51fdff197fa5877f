//! Parameters: of the operation and of its path item together.

use super::listed::Listed;
use super::parameter::{Key, Parameters, is_required, missing, named};
use super::place::Place;
use super::style::{self, Shape, Written};
use super::{Carried, Scope, Walk, body, gathered, notes};
use crate::at::At;
use crate::finding::{Finding, Verdict};
use crate::guards;
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use crate::schema::set::Set;
use crate::schema::side::Side;
use std::collections::BTreeMap;
use std::rc::Rc;

const ELSEWHERE: &[&str] = &[
    "name",
    "in",
    "required",
    "deprecated",
    "schema",
    "content",
    "style",
    "explode",
    "allowReserved",
    "allowEmptyValue",
    "x-sunset",
    "example",
    "examples",
];

/// Compares the parameters of an operation.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    base: &Place<'a>,
    revision: &Place<'a>,
) {
    let ours = listed(&walk.engine.base, base);
    let theirs = listed(&walk.engine.revision, revision);
    unreadable(walk, scope, &ours, &theirs, &base.operation);
    let (lost, come) = (is_open(&ours, &theirs), is_open(&theirs, &ours));
    let (mut old, mut new) = (all(base, ours), all(revision, theirs));
    let common: Vec<Key<'a>> = old
        .keys()
        .filter(|key| new.contains_key(*key))
        .cloned()
        .collect();
    for key in common {
        if let (Some(old), Some(new)) = (old.remove(&key), new.remove(&key)) {
            notes::references(walk, &old.listed, &new.listed);
            one(walk, scope, key.0, &old.at, &new.at);
        }
    }
    moved(walk, scope, &mut old, &mut new);
    shared(walk, scope, &mut old, &mut new);
    let homes = (&base.operation, &revision.operation);
    gathered::compare(walk, scope, (&mut old, homes.0), (&mut new, homes.1));
    for (key, at) in old.into_iter().filter(|_| !come) {
        removed(walk, scope, &key, &at, &revision.operation);
    }
    for (key, at) in new.into_iter().filter(|_| !lost) {
        added(walk, scope, &key, &at, &base.operation);
    }
}

fn listed<'a>(side: &Side<'a>, of: &Place<'a>) -> Vec<Listed<'a>> {
    let lists = [&of.item.at, &of.operation].map(|at| at.get("parameters"));
    let items = lists
        .iter()
        .flatten()
        .flat_map(|list| list.items().collect::<Vec<_>>());
    items.map(|at| Listed::new(side, at)).collect()
}

/// Whether one side refers to a parameter that is nowhere, and the other does not: it may be any
/// of those that the other has more.
fn is_open(one: &[Listed<'_>], other: &[Listed<'_>]) -> bool {
    let open = |of: &[Listed<'_>], text: &str| {
        let mut of = of.iter().filter(|at| at.is_open());
        of.any(|at| at.reference() == Some(text))
    };
    let mut lost = one.iter().filter(|at| at.is_open());
    lost.any(|at| at.reference().is_some_and(|text| !open(other, text)))
}

/// A parameter without a name or a place cannot be compared with any.
fn unreadable<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    old: &[Listed<'a>],
    new: &[Listed<'a>],
    home: &At<'a>,
) {
    let lacks = |one: &&Listed<'a>| {
        let is_said = |key: &str| one.at.text(key).is_some();
        !(one.is_open() || is_said("in") && is_said("name"))
    };
    let known = |one: &&Listed<'a>| old.iter().any(|old| old.at.node == one.at.node);
    for one in new.iter().filter(lacks).filter(|one| !known(one)) {
        let message = "a parameter has no `name` or no `in`, so nothing can be said of it";
        let finding = Finding::fixed(Kind::ParameterUnreadable, Severity::Undecided, message);
        walk.hit(
            &scope.sent("parameter"),
            finding.at(missing(home), &one.at.pointer),
        );
    }
}

fn all<'a>(of: &Place<'a>, listed: Vec<Listed<'a>>) -> Parameters<'a> {
    let template = contract::path_names(of.item.name);
    let mut all = BTreeMap::new();
    for one in listed {
        let (Some(place), Some(name)) = (one.at.text("in"), one.at.text("name")) else {
            continue;
        };
        let name = match place {
            "header" => name.to_ascii_lowercase(),
            "path" => match template.iter().position(|one| *one == name) {
                Some(position) => position.to_string(),
                None => name.to_owned(),
            },
            _ => name.to_owned(),
        };
        // The specification takes these headers from elsewhere.
        let ignored = ["accept", "content-type", "authorization"];
        if place != "header" || !ignored.contains(&name.as_str()) {
            all.insert((place, name), one);
        }
    }
    all
}

fn side(scope: &Scope, place: &str, at: &At<'_>) -> Scope {
    scope.sent(&format!(
        "{place} parameter {}",
        at.text("name").unwrap_or_default()
    ))
}

/// The same name in another part of the request.
fn moved<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    old: &mut Parameters<'a>,
    new: &mut Parameters<'a>,
) {
    let keys: Vec<Key<'a>> = old.keys().cloned().collect();
    let name = |of: &Listed<'a>| of.at.text("name").map(str::to_ascii_lowercase);
    let mut by_name: BTreeMap<Option<String>, Vec<Key<'a>>> = BTreeMap::new();
    for (key, of) in new.iter() {
        by_name.entry(name(of)).or_default().push(key.clone());
    }
    for key in keys {
        let wanted = old.get(&key).and_then(name);
        let same = by_name.get(&wanted).into_iter().flatten();
        let mut elsewhere = same.filter(|other| other.0 != key.0 && new.contains_key(*other));
        let Some(found) = elsewhere.next().cloned() else {
            continue;
        };
        let (Some(from), Some(to)) = (old.remove(&key), new.remove(&found)) else {
            continue;
        };
        let (from, to) = (from.at, to.at);
        let message = format!("{} moved to the {}", named(key.0, &from), found.0);
        let finding = Finding::new(Kind::ParameterMoved, Effect::Both, message);
        let side = side(scope, key.0, &from);
        walk.hit(&side, finding.at(&from.place_of("in"), &to.place_of("in")));
    }
}

/// The same component under another name: one cause, however many operations refer to it.
fn shared<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    old: &mut Parameters<'a>,
    new: &mut Parameters<'a>,
) {
    let keys: Vec<Key<'a>> = old.keys().cloned().collect();
    let component = |of: &Listed<'a>| {
        let is_shared = of.at.pointer != of.listed.pointer;
        is_shared.then(|| Rc::clone(&of.at.pointer))
    };
    let mut shared: BTreeMap<Rc<str>, Vec<Key<'a>>> = BTreeMap::new();
    for (key, of) in new.iter() {
        if let Some(of) = component(of) {
            shared.entry(of).or_default().push(key.clone());
        }
    }
    for key in keys {
        let Some(wanted) = old.get(&key).and_then(component) else {
            continue;
        };
        let same = shared.get(&wanted).into_iter().flatten();
        let mut there = same.filter(|other| other.0 == key.0 && new.contains_key(*other));
        let Some(found) = there.next().cloned() else {
            continue;
        };
        let (Some(from), Some(to)) = (old.remove(&key), new.remove(&found)) else {
            continue;
        };
        notes::references(walk, &from.listed, &to.listed);
        let (from, to) = (from.at, to.at);
        let message = format!(
            "{} is called `{}` now",
            named(key.0, &from),
            to.text("name").unwrap_or_default()
        );
        let severity = match is_required(key.0, &from) || is_required(key.0, &to) {
            true => Severity::Breaking,
            false => Severity::Warning,
        };
        let finding = Finding::new(Kind::ParameterRenamed, Effect::Both, message)
            .judged(Verdict::Fixed(severity));
        let at = side(scope, key.0, &from);
        walk.hit(
            &at,
            finding.at(&from.place_of("name"), &to.place_of("name")),
        );
        one(walk, scope, key.0, &from, &to);
    }
}

fn removed<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    key: &Key<'a>,
    parameter: &Listed<'a>,
    home: &At<'a>,
) {
    let at = &parameter.at;
    let side = side(scope, key.0, at);
    let required = is_required(key.0, at);
    let severity = match (side.is_request(), required) {
        (false, true) => Severity::Breaking,
        _ => Severity::Warning,
    };
    let severity = match at.flag("deprecated") {
        true => guards::removal(severity, at.text("x-sunset"), walk.engine.options.today),
        false => severity,
    };
    let message = format!("{} was removed", named(key.0, at));
    let finding = Finding::new(Kind::ParameterRemoved, Effect::Widened, message);
    let finding = finding.judged(Verdict::Fixed(severity));
    walk.hit(&side, finding.at(&parameter.listed.pointer, missing(home)));
}

fn added<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    key: &Key<'a>,
    parameter: &Listed<'a>,
    home: &At<'a>,
) {
    let at = &parameter.at;
    let side = side(scope, key.0, at);
    let required = is_required(key.0, at);
    let kind = match required {
        true => Kind::RequiredParameterAdded,
        false => Kind::ParameterAdded,
    };
    let severity = match (side.is_request(), required) {
        // It was in the path before, and is described now.
        (true, true) if key.0 == "path" => Severity::Warning,
        (true, true) => Severity::Breaking,
        _ => Severity::Compatible,
    };
    let message = format!("{} was added", named(key.0, at));
    let finding = Finding::new(kind, Effect::Narrowed, message).judged(Verdict::Fixed(severity));
    walk.hit(&side, finding.at(missing(home), &parameter.listed.pointer));
}

fn one<'a>(walk: &mut Walk<'a>, scope: &Scope, place_name: &str, old: &At<'a>, new: &At<'a>) {
    let side = side(scope, place_name, old);
    notes::compare(walk, old, new, ELSEWHERE, Some(&side.used_by()));
    examples(walk, &side, old, new);
    requirement(walk, &side, place_name, old, new);
    deprecation(walk, &side, old, new);
    // Both are for queries alone.
    if place_name == "query" {
        flags(walk, &side, old, new);
    }
    let carried = (old.get("content"), new.get("content"));
    match (&carried.0, &carried.1) {
        (None, None) if place_name == "query" && gathered::repeated(walk, &side, old, new) => {}
        (None, None) => {
            written(walk, &side, place_name, old, new);
            let set = |at: &At<'a>| match at.get("schema") {
                Some(schema) => Set::one(schema),
                None => Set::default().within(&at.pointer),
            };
            let optional = !(is_required(place_name, old) && is_required(place_name, new));
            walk.schemas(&side, set(old), set(new), Carried::AsText { optional });
        }
        (Some(one), Some(other)) => {
            renamed(walk, &side, place_name, old, new, false);
            body::content(walk, &side, one, other);
        }
        _ => {
            let words = |content: &Option<At<'a>>| match content {
                Some(content) => crate::text::quoted(content.members().map(|(name, _)| name)),
                None => "plain text".to_owned(),
            };
            let (from, to) = (words(&carried.0), words(&carried.1));
            let name = named(place_name, old);
            let message = format!("{name} is written as {to} instead of {from}");
            let finding = Finding::new(Kind::ParameterContentChanged, Effect::Both, message);
            walk.hit(&side, finding.at(&old.pointer, &new.pointer));
        }
    }
}

/// 3.0 and 3.1 both know one example and several.
fn examples<'a>(walk: &mut Walk<'a>, side: &Scope, old: &At<'a>, new: &At<'a>) {
    let of = |at: &At<'a>, key: &str| at.node.get(key).map(contract::Node::to_json);
    let differ = ["example", "examples"]
        .iter()
        .any(|key| of(old, key) != of(new, key));
    if differ {
        let finding = Finding::fixed(
            Kind::DocumentationChanged,
            Severity::Compatible,
            "the examples changed",
        );
        walk.remark(side, finding.at(&old.pointer, &new.pointer));
    }
}

/// A name in the path is not seen on the wire, unless the style writes it there.
fn renamed<'a>(
    walk: &mut Walk<'a>,
    side: &Scope,
    place_name: &str,
    old: &At<'a>,
    new: &At<'a>,
    is_seen: bool,
) {
    let (from, to) = (old.text("name"), new.text("name"));
    if place_name != "path" || from == to {
        return;
    }
    let message = format!(
        "{} is called `{}` now",
        named("path", old),
        to.unwrap_or_default()
    );
    let places = (old.place_of("name"), new.place_of("name"));
    if is_seen {
        let finding = Finding::new(Kind::ParameterRenamed, Effect::Both, message);
        walk.hit(side, finding.at(&places.0, &places.1));
    } else {
        let finding = Finding::fixed(Kind::PathParameterRenamed, Severity::Compatible, message);
        walk.remark(side, finding.at(&places.0, &places.1));
    }
}

fn requirement<'a>(
    walk: &mut Walk<'a>,
    side: &Scope,
    place_name: &str,
    old: &At<'a>,
    new: &At<'a>,
) {
    let (kind, effect, word) = match (is_required(place_name, old), is_required(place_name, new)) {
        (false, true) => (Kind::ParameterBecameRequired, Effect::Narrowed, "required"),
        (true, false) => (Kind::ParameterBecameOptional, Effect::Widened, "optional"),
        _ => return,
    };
    let message = format!("{} became {word}", named(place_name, old));
    let finding = Finding::new(kind, effect, message);
    walk.hit(
        side,
        finding.at(&old.place_of("required"), &new.place_of("required")),
    );
}

fn deprecation<'a>(walk: &mut Walk<'a>, side: &Scope, old: &At<'a>, new: &At<'a>) {
    let (kind, message) = match (old.flag("deprecated"), new.flag("deprecated")) {
        (false, true) => (Kind::ParameterDeprecated, "the parameter was deprecated"),
        (true, false) => (
            Kind::ParameterUndeprecated,
            "the parameter is no longer deprecated",
        ),
        _ => return,
    };
    let finding = Finding::fixed(kind, Severity::Compatible, message);
    walk.hit(
        side,
        finding.at(&old.place_of("deprecated"), &new.place_of("deprecated")),
    );
}

fn flags<'a>(walk: &mut Walk<'a>, side: &Scope, old: &At<'a>, new: &At<'a>) {
    let table = [
        (
            "allowReserved",
            Kind::ReservedNarrowed,
            Kind::ReservedWidened,
        ),
        (
            "allowEmptyValue",
            Kind::EmptyValueNarrowed,
            Kind::EmptyValueWidened,
        ),
    ];
    for (flag, narrowed, widened) in table {
        let (kind, effect) = match (old.flag(flag), new.flag(flag)) {
            (true, false) => (narrowed, Effect::Narrowed),
            (false, true) => (widened, Effect::Widened),
            _ => continue,
        };
        let finding = Finding::new(kind, effect, format!("`{flag}` became {}", new.flag(flag)));
        walk.hit(side, finding.at(&old.place_of(flag), &new.place_of(flag)));
    }
}

/// How a value is written, and whether its name shows in that.
fn written<'a>(walk: &mut Walk<'a>, side: &Scope, place_name: &str, old: &At<'a>, new: &At<'a>) {
    let base = Shape::of(&walk.engine.base, old.get("schema"));
    let revision = Shape::of(&walk.engine.revision, new.get("schema"));
    let shape = base.or(revision);
    let default = match place_name {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let of = |at: &At<'a>| Written::of(Some(at), default, shape);
    let (from, to) = (of(old), of(new));
    let name = named(place_name, old);
    if let Some((finding, field)) = style::compare(&name, shape, (from, to)) {
        walk.hit(side, finding.at(&old.place_of(field), &new.place_of(field)));
    }
    let shows_name = from.shows_name(shape) && to.shows_name(shape);
    renamed(walk, side, place_name, old, new, shows_name);
}
