//! Parameters: of the operation and of its path item together.

use super::operation::{Place, place};
use super::paths::names;
use super::{Scope, Walk, body, notes};
use crate::drift::at::At;
use crate::drift::finding::{Finding, Spot, Verdict};
use crate::drift::guards;
use crate::drift::kind::Kind;
use crate::drift::report::{Effect, Severity};
use crate::drift::schema::set::Set;
use crate::drift::schema::types::Types;
use crate::drift::side::Side;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A parameter by where it is passed and its name; for those in the path their position, since
/// names there are not seen on the wire.
type Key<'a> = (&'a str, String);

type Parameters<'a> = BTreeMap<Key<'a>, Parameter<'a>>;

/// A parameter and where it is listed, which is elsewhere for a component.
struct Parameter<'a> {
    at: At<'a>,
    listed: At<'a>,
}

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
    let mut old = all(&walk.engine.base, base);
    let mut new = all(&walk.engine.revision, revision);
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
    for (key, at) in old {
        removed(walk, scope, &key, &at, &revision.operation);
    }
    for (key, at) in new {
        added(walk, scope, &key, &at, &base.operation);
    }
}

fn all<'a>(side: &Side<'a>, of: &Place<'a>) -> Parameters<'a> {
    let template = names(of.item.name);
    let mut all = BTreeMap::new();
    for list in [of.item.at.get("parameters"), of.operation.get("parameters")] {
        for at in list
            .iter()
            .flat_map(|list| list.items().collect::<Vec<_>>())
        {
            let listed = at.clone();
            let at = side.follow(at.clone()).unwrap_or(at);
            let (Some(place), Some(name)) = (at.text("in"), at.text("name")) else {
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
                all.insert((place, name), Parameter { at, listed });
            }
        }
    }
    all
}

fn named(place: &str, at: &At<'_>) -> String {
    format!(
        "the {place} parameter `{}`",
        at.text("name").unwrap_or_default()
    )
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
    for key in keys {
        let name = |of: &Parameter<'a>| of.at.text("name").map(str::to_ascii_lowercase);
        let wanted = old.get(&key).and_then(name);
        let found = new
            .iter()
            .find(|(other, of)| other.0 != key.0 && name(of) == wanted);
        let Some(found) = found.map(|(key, _)| key.clone()) else {
            continue;
        };
        let (Some(from), Some(to)) = (old.remove(&key), new.remove(&found)) else {
            continue;
        };
        let (from, to) = (from.at, to.at);
        let message = format!("{} moved to the {}", named(key.0, &from), found.0);
        let finding = Finding::new(Kind::ParameterMoved, Effect::Both, message);
        let side = side(scope, key.0, &from);
        walk.hit(&side, finding.at(&place(&from, "in"), &place(&to, "in")));
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
    for key in keys {
        let component = |of: &Parameter<'a>| {
            let is_shared = of.at.pointer != of.listed.pointer;
            is_shared.then(|| Rc::clone(&of.at.pointer))
        };
        let Some(wanted) = old.get(&key).and_then(component) else {
            continue;
        };
        let mut others = new.iter();
        let found = others
            .find(|(other, of)| other.0 == key.0 && component(of).as_ref() == Some(&wanted))
            .map(|(key, _)| key.clone());
        let Some(found) = found else {
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
        walk.hit(&at, finding.at(&place(&from, "name"), &place(&to, "name")));
        one(walk, scope, key.0, &from, &to);
    }
}

fn is_required(place: &str, at: &At<'_>) -> bool {
    place == "path" || at.flag("required")
}

fn removed<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    key: &Key<'a>,
    parameter: &Parameter<'a>,
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
    parameter: &Parameter<'a>,
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

/// Where the parameters of an operation are listed: not the same place for each operation that a
/// parameter of the path item is missing from.
fn missing(of: &At<'_>) -> Spot {
    Spot {
        pointer: place(of, "parameters"),
        exact: false,
    }
}

fn one<'a>(walk: &mut Walk<'a>, scope: &Scope, place_name: &str, old: &At<'a>, new: &At<'a>) {
    let side = side(scope, place_name, old);
    notes::compare(walk, old, new, ELSEWHERE, Some(&side.used_by()));
    examples(walk, &side, old, new);
    renamed(walk, &side, place_name, old, new);
    requirement(walk, &side, place_name, old, new);
    deprecation(walk, &side, old, new);
    flags(walk, &side, old, new);
    let carried = (old.get("content"), new.get("content"));
    match (&carried.0, &carried.1) {
        (None, None) => {
            style(walk, &side, place_name, old, new);
            let set = |at: &At<'a>| match at.get("schema") {
                Some(schema) => Set::one(schema),
                None => Set::default().within(&at.pointer),
            };
            walk.schemas(&side, set(old), set(new), true);
        }
        (Some(old), Some(new)) => body::content(walk, &side, old, new),
        _ => {
            let message = format!("{} is written in another way", named(place_name, old));
            let finding = Finding::new(Kind::ParameterContentChanged, Effect::Both, message);
            walk.hit(&side, finding.at(&old.pointer, &new.pointer));
        }
    }
}

/// 3.0 and 3.1 both know one example and several.
fn examples<'a>(walk: &mut Walk<'a>, side: &Scope, old: &At<'a>, new: &At<'a>) {
    let of = |at: &At<'a>, key: &str| at.node.get(key).map(crate::read::Node::to_json);
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

fn renamed<'a>(walk: &mut Walk<'a>, side: &Scope, place_name: &str, old: &At<'a>, new: &At<'a>) {
    let (from, to) = (old.text("name"), new.text("name"));
    if place_name == "path" && from != to {
        let message = format!(
            "{} is called `{}` now",
            named("path", old),
            to.unwrap_or_default()
        );
        let finding = Finding::fixed(Kind::PathParameterRenamed, Severity::Compatible, message);
        walk.remark(side, finding.at(&place(old, "name"), &place(new, "name")));
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
        finding.at(&place(old, "required"), &place(new, "required")),
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
        finding.at(&place(old, "deprecated"), &place(new, "deprecated")),
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
        let finding = Finding::new(kind, effect, format!("`{flag}` changed"));
        walk.hit(side, finding.at(&place(old, flag), &place(new, flag)));
    }
}

/// How a value is written: style, and whether each item or property stands for itself.
fn style<'a>(walk: &mut Walk<'a>, side: &Scope, place_name: &str, old: &At<'a>, new: &At<'a>) {
    let base = walk
        .engine
        .base
        .view(&Set::all(old.get("schema").into_iter().collect()));
    let revision = walk
        .engine
        .revision
        .view(&Set::all(new.get("schema").into_iter().collect()));
    let types = base.types().or(revision.types());
    let compound = base.types() != Types::ALL && types.has(Types::ARRAY.or(Types::OBJECT));
    let (from, to) = (
        written(place_name, old, compound),
        written(place_name, new, compound),
    );
    if from == to {
        return;
    }
    let field = match from.0 == to.0 {
        true => "explode",
        false => "style",
    };
    let shown = |(style, explode): (&str, bool)| match explode {
        true => format!("`{style}`, exploded"),
        false => format!("`{style}`"),
    };
    let message = format!(
        "{} is written as {} instead of {}",
        named(place_name, old),
        shown(to),
        shown(from)
    );
    let places: (Rc<str>, Rc<str>) = (place(old, field), place(new, field));
    let finding = Finding::new(Kind::ParameterStyleChanged, Effect::Both, message);
    walk.hit(side, finding.at(&places.0, &places.1));
}

/// Style and explode, as far as they show in the text of a value.
fn written<'a>(place_name: &str, at: &At<'a>, compound: bool) -> (&'a str, bool) {
    let default = match place_name {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let style = at.text("style").unwrap_or(default);
    let explode = at.node.get("explode").and_then(crate::read::Node::as_bool);
    let explode = explode.unwrap_or(style == "form");
    match (compound, style) {
        (true, _) => (style, explode),
        (false, "matrix" | "label") => (style, false),
        (false, _) => (default, false),
    }
}
