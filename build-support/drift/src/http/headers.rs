//! Headers of responses and of the parts of a form.

use super::listed::Listed;
use super::style::{self, Shape, Written};
use super::{Carried, Scope, Walk, body, notes};
use crate::at::At;
use crate::finding::{Finding, Verdict};
use crate::guards;
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use crate::schema::set::Set;
use crate::schema::side::Side;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Compares the headers of a response, or of a part of a form.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, side: &Scope, old: &At<'a>, new: &At<'a>) {
    let base = named(&walk.engine.base, old);
    let revision = named(&walk.engine.revision, new);
    let names: BTreeSet<&String> = base.keys().chain(revision.keys()).collect();
    for name in names {
        let listed = (base.get(name), revision.get(name));
        let shown = listed.0.or(listed.1).map_or(name.as_str(), |one| one.name);
        let mut of = side.clone();
        of.side = Rc::from(format!("{} header {shown}", side.side));
        match listed {
            (Some(old), Some(new)) => {
                notes::references(walk, &old.is.listed, &new.is.listed);
                if !old.is.is_open() && !new.is.is_open() {
                    both(walk, &of, shown, &old.is.at, &new.is.at);
                }
            }
            (Some(at), None) => removed(walk, &of, at, new),
            (None, Some(at)) => added(walk, &of, old, at),
            (None, None) => {}
        }
    }
}

/// A header under the name that is written.
struct Header<'a> {
    name: &'a str,
    is: Listed<'a>,
}

/// Headers by name, which knows no case. The media type is said by `content`.
fn named<'a>(side: &Side<'a>, of: &At<'a>) -> BTreeMap<String, Header<'a>> {
    let all = Listed::all(side, of, "headers").into_iter();
    let named = all.map(|(name, is)| (name.to_ascii_lowercase(), Header { name, is }));
    named.filter(|(name, _)| name != "content-type").collect()
}

fn added<'a>(walk: &mut Walk<'a>, side: &Scope, home: &At<'a>, header: &Header<'a>) {
    let required = header.is.at.flag("required") && side.is_request();
    let severity = match required {
        true => Severity::Breaking,
        false => Severity::Compatible,
    };
    let message = format!("the header `{}` was added", header.name);
    let finding =
        Finding::new(Kind::HeaderAdded, Effect::Narrowed, message).judged(Verdict::Fixed(severity));
    let places = (home.place_of("headers"), &header.is.listed.pointer);
    walk.hit(side, finding.at(&places.0, places.1));
}

fn removed<'a>(walk: &mut Walk<'a>, side: &Scope, header: &Header<'a>, home: &At<'a>) {
    let at = &header.is.at;
    let severity = match at.flag("required") && !side.is_request() {
        true => Severity::Breaking,
        false => Severity::Warning,
    };
    let severity = match at.flag("deprecated") {
        true => guards::removal(severity, at.text("x-sunset"), walk.engine.options.today),
        false => severity,
    };
    let message = format!("the header `{}` was removed", header.name);
    let finding = Finding::new(Kind::HeaderRemoved, Effect::Widened, message)
        .judged(Verdict::Fixed(severity));
    let places = (&header.is.listed.pointer, home.place_of("headers"));
    walk.hit(side, finding.at(places.0, &places.1));
}

fn both<'a>(walk: &mut Walk<'a>, side: &Scope, name: &str, old: &At<'a>, new: &At<'a>) {
    let elsewhere = [
        "required",
        "schema",
        "content",
        "style",
        "explode",
        "deprecated",
        "x-sunset",
    ];
    notes::compare(walk, old, new, &elsewhere, Some(&side.used_by()));
    let change = match (old.flag("required"), new.flag("required")) {
        (false, true) => Some((Kind::HeaderBecameRequired, Effect::Narrowed, "required")),
        (true, false) => Some((Kind::HeaderBecameOptional, Effect::Widened, "optional")),
        _ => None,
    };
    if let Some((kind, effect, word)) = change {
        let finding = Finding::new(kind, effect, format!("the header `{name}` became {word}"));
        walk.hit(
            side,
            finding.at(&old.place_of("required"), &new.place_of("required")),
        );
    }
    deprecation(walk, side, name, old, new);
    match (old.get("content"), new.get("content")) {
        (Some(old), Some(new)) => body::content(walk, side, &old, &new),
        (None, None) => {
            let set = |at: &At<'a>| match at.get("schema") {
                Some(schema) => Set::one(schema),
                None => Set::default().within(&at.pointer),
            };
            let optional = !(old.flag("required") && new.flag("required"));
            walk.schemas(side, set(old), set(new), Carried::AsText { optional });
            written(walk, side, name, old, new);
        }
        _ => {
            let message = format!("the header `{name}` is written as another media type");
            let finding = Finding::new(Kind::ParameterContentChanged, Effect::Both, message);
            walk.hit(side, finding.at(&old.pointer, &new.pointer));
        }
    }
}

fn deprecation<'a>(walk: &mut Walk<'a>, side: &Scope, name: &str, old: &At<'a>, new: &At<'a>) {
    let (kind, word) = match (old.flag("deprecated"), new.flag("deprecated")) {
        (false, true) => (Kind::HeaderDeprecated, "was deprecated"),
        (true, false) => (Kind::HeaderUndeprecated, "is no longer deprecated"),
        _ => return,
    };
    let finding = Finding::fixed(
        kind,
        Severity::Compatible,
        format!("the header `{name}` {word}"),
    );
    let field = "deprecated";
    walk.hit(side, finding.at(&old.place_of(field), &new.place_of(field)));
}

fn written<'a>(walk: &mut Walk<'a>, side: &Scope, name: &str, old: &At<'a>, new: &At<'a>) {
    let base = Shape::of(&walk.engine.base, old.get("schema"));
    let shape = base.or(Shape::of(&walk.engine.revision, new.get("schema")));
    let of = |at: &At<'a>| Written::of(Some(at), "simple", shape);
    let name = format!("the header `{name}`");
    if let Some((finding, field)) = style::compare(&name, shape, (of(old), of(new))) {
        walk.hit(side, finding.at(&old.place_of(field), &new.place_of(field)));
    }
}
