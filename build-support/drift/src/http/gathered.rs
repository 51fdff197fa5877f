//! Query parameters that were gathered in one object, and lists that are written item by item.
//!
//! An object in the style `form`, exploded, is written as its properties: `leaf=1&size=2`. A list
//! in the same style repeats the name: `hue=red&hue=blue`. So neither is another thing on the wire
//! than plain parameters.
//!
//! Source: OpenAPI 3.0 and 3.1, "Style Examples".

use super::parameter::{Key, Parameters, is_required, missing, named};
use super::style::{Shape, Written};
use super::{Carried, Scope, Walk};
use crate::at::At;
use crate::finding::{Finding, Verdict};
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use crate::schema::set::Set;
use crate::schema::side::Side;
use crate::schema::types::Types;
use crate::schema::view::{Limit, View};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How the whole query string is written in 3.2, where it is described as one value.
const FORM: &str = "application/x-www-form-urlencoded";

/// What stands in a query under one name: a parameter, or a property of an exploded object.
struct Part<'a> {
    key: Key<'a>,
    name: &'a str,
    at: At<'a>,
    schema: Set<'a>,
    required: bool,
    is_property: bool,
}

/// Compares parameters of one document with the properties of exploded objects of the other, and
/// takes out what it compared.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    (old, base): (&mut Parameters<'a>, &At<'a>),
    (new, revision): (&mut Parameters<'a>, &At<'a>),
) {
    let ours = parts(&walk.engine.base, old);
    let theirs = parts(&walk.engine.revision, new);
    let mut named: BTreeMap<&str, Vec<&Part<'a>>> = BTreeMap::new();
    for part in &theirs {
        named.entry(part.name).or_default().push(part);
    }
    let pairs = || {
        let each = ours.iter().flat_map(|one| {
            let same = named.get(one.name).into_iter().flatten();
            same.map(move |other| (one, *other))
        });
        each.filter(|(one, other)| one.is_property || other.is_property)
    };
    let paired: (BTreeSet<&Key<'a>>, BTreeSet<&Key<'a>>) =
        pairs().map(|(one, other)| (&one.key, &other.key)).unzip();
    for (one, other) in pairs() {
        pair(walk, scope, one, other);
    }
    let own: BTreeSet<&str> = ours.iter().map(|part| part.name).collect();
    for part in ours.iter().filter(|part| paired.0.contains(&part.key)) {
        if !named.contains_key(part.name) {
            removed(walk, scope, part, revision);
        }
    }
    for part in theirs.iter().filter(|part| paired.1.contains(&part.key)) {
        if !own.contains(part.name) {
            added(walk, scope, part, base);
        }
    }
    old.retain(|key, _| !paired.0.contains(key));
    new.retain(|key, _| !paired.1.contains(key));
}

fn parts<'a>(side: &Side<'a>, of: &Parameters<'a>) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    for (key, listed) in of.iter().filter(|(key, _)| key.0 == "querystring") {
        let content = listed.at.get("content");
        let form = content.and_then(|content| content.get(FORM)?.get("schema"));
        let view = form.map(|schema| side.view(&Set::one(schema)));
        if let Some(view) = view.filter(|view| is_plain(view, Types::OBJECT)) {
            let required = is_required("querystring", &listed.at);
            parts.extend(properties(side, key, &view, required));
        }
    }
    for (key, listed) in of.iter().filter(|(key, _)| key.0 == "query") {
        let Some(schema) = listed.at.get("schema") else {
            continue;
        };
        let shape = Shape::of(side, Some(schema.clone()));
        let is_exploded = Written::of(Some(&listed.at), "form", shape).is_exploded_form();
        let view = side.view(&Set::one(schema.clone()));
        let required = is_required("query", &listed.at);
        if !shape.is_compound() {
            parts.push(Part {
                key: key.clone(),
                name: listed.at.text("name").unwrap_or_default(),
                at: listed.at.clone(),
                schema: Set::one(schema),
                required,
                is_property: false,
            });
        } else if is_exploded && is_plain(&view, Types::OBJECT) {
            parts.extend(properties(side, key, &view, required));
        }
    }
    parts
}

/// Whether a schema is of one type and has no alternatives.
fn is_plain(view: &View<'_>, wanted: Types) -> bool {
    let types = view.types().without(Types::NULL);
    types == wanted && view.unions.is_empty() && view.never.is_none()
}

/// The properties of an object that are written as texts of their own.
fn properties<'a>(
    side: &Side<'a>,
    key: &Key<'a>,
    view: &View<'a>,
    required: bool,
) -> Vec<Part<'a>> {
    let names = view.objects.iter().flat_map(|part| part.properties.keys());
    let names: BTreeSet<&'a str> = names.copied().collect();
    let part = |name: &'a str| {
        let own = view.objects.iter();
        let own = own.filter_map(|part| part.properties.get(name).cloned());
        let schemas: Vec<At<'a>> = own.collect();
        let at = schemas.first()?.clone();
        let is_text = !Shape::of(side, Some(at.clone())).is_compound();
        is_text.then(|| Part {
            key: key.clone(),
            name,
            at,
            schema: Set::all(schemas),
            required: required && view.required.contains_key(name),
            is_property: true,
        })
    };
    names.into_iter().filter_map(part).collect()
}

fn words(part: &Part<'_>) -> String {
    format!("the query parameter `{}`", part.name)
}

fn side(scope: &Scope, part: &Part<'_>) -> Scope {
    scope.sent(&format!("query parameter {}", part.name))
}

fn pair<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Part<'a>, other: &Part<'a>) {
    let side = side(scope, one);
    let change = match (one.required, other.required) {
        (false, true) => Some((Kind::ParameterBecameRequired, Effect::Narrowed, "required")),
        (true, false) => Some((Kind::ParameterBecameOptional, Effect::Widened, "optional")),
        _ => None,
    };
    if let Some((kind, effect, word)) = change {
        let message = format!("{} became {word}", words(one));
        let finding = Finding::new(kind, effect, message);
        walk.hit(&side, finding.at(&one.at.pointer, &other.at.pointer));
    }
    let optional = !(one.required && other.required);
    let sets = (one.schema.clone(), other.schema.clone());
    walk.schemas(&side, sets.0, sets.1, Carried::AsText { optional });
}

fn removed<'a>(walk: &mut Walk<'a>, scope: &Scope, part: &Part<'a>, home: &At<'a>) {
    let message = format!("{} was removed", words(part));
    let finding = Finding::new(Kind::ParameterRemoved, Effect::Widened, message)
        .judged(Verdict::Fixed(Severity::Warning));
    let side = side(scope, part);
    walk.hit(&side, finding.at(&part.at.pointer, missing(home)));
}

fn added<'a>(walk: &mut Walk<'a>, scope: &Scope, part: &Part<'a>, home: &At<'a>) {
    let side = side(scope, part);
    let (kind, severity) = match part.required {
        true if side.is_request() => (Kind::RequiredParameterAdded, Severity::Breaking),
        true => (Kind::RequiredParameterAdded, Severity::Compatible),
        false => (Kind::ParameterAdded, Severity::Compatible),
    };
    let message = format!("{} was added", words(part));
    let finding = Finding::new(kind, Effect::Narrowed, message).judged(Verdict::Fixed(severity));
    walk.hit(&side, finding.at(missing(home), &part.at.pointer));
}

/// A plain query parameter became a list that repeats the name, or the reverse: one item is written
/// as the plain value is. Whether it was such a case.
pub(super) fn repeated<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) -> bool {
    let (base, revision) = (&walk.engine.base, &walk.engine.revision);
    let plain = (single(base, old), single(revision, new));
    let lists = (list(base, old), list(revision, new));
    let (kind, effect, word, sets, is_one) = match (plain, lists) {
        ((Some(one), _), (_, Some((items, is_one)))) => (
            Kind::TypeWidened,
            Effect::Widened,
            "may be repeated",
            (one, items),
            is_one,
        ),
        ((_, Some(one)), (Some((items, is_one)), _)) => (
            Kind::TypeNarrowed,
            Effect::Narrowed,
            "may no longer be repeated",
            (items, one),
            is_one,
        ),
        _ => return false,
    };
    if !is_one {
        let message = format!("{} {word}", named("query", old));
        let finding = Finding::new(kind, effect, message);
        walk.hit(
            scope,
            finding.at(&old.place_of("schema"), &new.place_of("schema")),
        );
    }
    let optional = !(is_required("query", old) && is_required("query", new));
    walk.schemas(scope, sets.0, sets.1, Carried::AsText { optional });
    true
}

/// The schema of a parameter that is written as one text.
fn single<'a>(side: &Side<'a>, at: &At<'a>) -> Option<Set<'a>> {
    let schema = at.get("schema")?;
    let shape = Shape::of(side, Some(schema.clone()));
    (!shape.is_compound()).then(|| Set::one(schema))
}

/// The schema of the items of a list of which one is written as a plain value is, if one item is
/// enough, and whether more than one is too many.
fn list<'a>(side: &Side<'a>, at: &At<'a>) -> Option<(Set<'a>, bool)> {
    let schema = at.get("schema")?;
    let shape = Shape::of(side, Some(schema.clone()));
    let view = side.view(&Set::one(schema.clone()));
    let bound = |limit| {
        let bound = view.bounds.get(&limit)?;
        bound.value.to_i128()
    };
    let written = Written::of(Some(at), "form", shape);
    let is_enough = bound(Limit::MinItems).unwrap_or(0) <= 1
        && bound(Limit::MaxItems).unwrap_or(1) >= 1
        && view.contains.is_empty()
        && view.unevaluated_items.is_empty()
        && view.excluded.is_empty()
        && view.conditions.is_empty()
        && view.values.is_none()
        && view.arrays.iter().all(|part| part.first.is_empty());
    if !is_enough || !is_plain(&view, Types::ARRAY) {
        return None;
    }
    let parts = view.arrays.iter();
    let items: Vec<At<'a>> = parts.filter_map(|part| part.rest.clone()).collect();
    // Where commas separate the items, a plain text with a comma in it is another list.
    let has_text = Shape::all_of(side, items.clone()).has_text();
    if !(written.is_exploded_form() || written.is_form() && !has_text) {
        return None;
    }
    let home: Rc<str> = Rc::clone(&schema.pointer);
    Some((
        Set::all(items).within(&home),
        bound(Limit::MaxItems) == Some(1),
    ))
}
