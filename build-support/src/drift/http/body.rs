//! Request bodies and media types.

use super::operation::place;
use super::{Scope, Walk, notes};
use crate::drift::at::At;
use crate::drift::finding::{Finding, Verdict};
use crate::drift::kind::Kind;
use crate::drift::report::{Effect, Severity};
use crate::drift::schema::set::Set;
use std::collections::BTreeSet;

/// Compares the request bodies of an operation.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let scope = scope.sent("request body");
    let base = old
        .get("requestBody")
        .and_then(|at| walk.engine.base.follow(at));
    let revision = new
        .get("requestBody")
        .and_then(|at| walk.engine.revision.follow(at));
    if let (Some(base), Some(revision)) = (old.get("requestBody"), new.get("requestBody")) {
        notes::references(walk, &base, &revision);
    }
    match (&base, &revision) {
        (None, None) => {}
        (Some(base), Some(revision)) => both(walk, &scope, base, revision),
        (Some(base), None) => {
            let finding = Finding::new(
                Kind::BodyRemoved,
                Effect::Narrowed,
                "the request body was removed",
            )
            .judged(Verdict::Fixed(Severity::Breaking));
            walk.hit(&scope, finding.at(&base.pointer, &new.pointer));
        }
        (None, Some(revision)) => added(walk, &scope, old, revision),
    }
}

fn added<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, revision: &At<'a>) {
    let required = revision.flag("required");
    let (kind, severity, word) = match (required, scope.is_request()) {
        (true, true) => (Kind::RequiredBodyAdded, Severity::Breaking, "a required"),
        (true, false) => (Kind::RequiredBodyAdded, Severity::Compatible, "a required"),
        (false, _) => (Kind::BodyAdded, Severity::Compatible, "an optional"),
    };
    let finding = Finding::new(
        kind,
        Effect::Narrowed,
        format!("{word} request body was added"),
    )
    .judged(Verdict::Fixed(severity));
    walk.hit(scope, finding.at(&old.pointer, &revision.pointer));
}

fn both<'a>(walk: &mut Walk<'a>, scope: &Scope, base: &At<'a>, revision: &At<'a>) {
    notes::compare(
        walk,
        base,
        revision,
        &["required", "content"],
        Some(&scope.used_by()),
    );
    let change = match (base.flag("required"), revision.flag("required")) {
        (false, true) => Some((Kind::BodyBecameRequired, Effect::Narrowed, "required")),
        (true, false) => Some((Kind::BodyBecameOptional, Effect::Widened, "optional")),
        _ => None,
    };
    if let Some((kind, effect, word)) = change {
        let finding = Finding::new(kind, effect, format!("the request body became {word}"));
        walk.hit(
            scope,
            finding.at(&place(base, "required"), &place(revision, "required")),
        );
    }
    let contents = (base.get("content"), revision.get("content"));
    let contents = (
        contents.0.unwrap_or(base.clone()),
        contents.1.unwrap_or(revision.clone()),
    );
    content(walk, scope, &contents.0, &contents.1);
}

/// A media type of a `content`.
struct Media<'a> {
    name: &'a str,
    /// In lower case, without a character set.
    key: String,
    at: At<'a>,
}

fn media<'a>(content: &At<'a>) -> Vec<Media<'a>> {
    let members = content.members().filter(|(name, _)| name.contains('/'));
    let media = members.map(|(name, at)| Media {
        name,
        key: media_key(name),
        at,
    });
    media.collect()
}

fn media_key(name: &str) -> String {
    let mut parts = name.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let mut parameters: Vec<String> = parts
        .filter(|part| !part.is_empty() && !part.starts_with("charset="))
        .collect();
    parameters.sort_unstable();
    parameters.insert(0, essence);
    parameters.join(";")
}

/// Whether a range such as `text/*` includes a media type.
fn includes(range: &str, name: &str) -> bool {
    match range.strip_suffix("/*") {
        _ if range == name => true,
        Some("*") => true,
        Some(family) => name.split('/').next() == Some(family),
        None => !range.contains(';') && name.split(';').next() == Some(range),
    }
}

/// Compares two `content` objects.
pub(super) fn content<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let (base, revision) = (media(old), media(new));
    for one in &base {
        let exact = revision.iter().find(|other| other.key == one.key);
        let wider = || revision.iter().find(|other| includes(&other.key, &one.key));
        match exact.or_else(wider) {
            Some(other) => {
                if blurs(scope, one, other) {
                    blurred(walk, scope, one, other);
                }
                schemas(walk, scope, one, other);
            }
            None => gone(walk, scope, one, &revision, new),
        }
    }
    for other in &revision {
        let exact = base.iter().any(|one| one.key == other.key);
        let wider = base.iter().find(|one| includes(&one.key, &other.key));
        match wider {
            _ if exact => {}
            Some(one) => schemas(walk, scope, one, other),
            None if base.iter().any(|one| blurs(scope, one, other)) => {}
            None => {
                let message = format!("the media type `{}` was added", other.name);
                let finding = Finding::new(Kind::MediaTypeAdded, Effect::Widened, message)
                    .judged(Verdict::Fixed(Severity::Compatible));
                walk.hit(scope, finding.at(&old.pointer, &other.at.pointer));
            }
        }
    }
}

/// Whether what is read as one media type may now be any of a range.
fn blurs(scope: &Scope, one: &Media<'_>, other: &Media<'_>) -> bool {
    let is_range = other.key.ends_with("/*") && other.key != one.key;
    is_range && !scope.is_request() && includes(&other.key, &one.key)
}

/// Who reads one media type cannot read whatever else falls under a range.
fn blurred<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, other: &Media<'a>) {
    let message = format!("the media type `{}` became `{}`", one.name, other.name);
    let finding = Finding::new(Kind::MediaTypeRemoved, Effect::Widened, message);
    walk.hit(scope, finding.at(&one.at.pointer, &other.at.pointer));
}

fn gone<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, new: &[Media<'a>], home: &At<'a>) {
    let narrower = new.iter().any(|other| includes(&one.key, &other.key));
    let severity = match scope.is_request() || !narrower {
        true => Severity::Breaking,
        false => Severity::Compatible,
    };
    let message = format!("the media type `{}` was removed", one.name);
    let finding = Finding::new(Kind::MediaTypeRemoved, Effect::Narrowed, message)
        .judged(Verdict::Fixed(severity));
    walk.hit(scope, finding.at(&one.at.pointer, &home.pointer));
}

fn schemas<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, other: &Media<'a>) {
    let elsewhere = ["schema", "encoding", "itemSchema"];
    notes::compare(walk, &one.at, &other.at, &elsewhere, Some(&scope.used_by()));
    let set = |media: &Media<'a>| match media.at.get("schema") {
        Some(schema) => Set::one(schema),
        None => Set::default().within(&media.at.pointer),
    };
    let texts = [
        "application/x-www-form-urlencoded",
        "multipart/",
        "text/plain",
    ];
    let text = texts.iter().any(|start| one.key.starts_with(start));
    walk.schemas(scope, set(one), set(other), text);
    encodings(walk, scope, one, other);
}

fn encodings<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, other: &Media<'a>) {
    let (old, new) = (one.at.get("encoding"), other.at.get("encoding"));
    let names = |at: &Option<At<'a>>| -> BTreeSet<&'a str> {
        let members = at.iter().flat_map(|at| at.node.members());
        members.map(|member| member.key.as_str()).collect()
    };
    for name in names(&old).union(&names(&new)) {
        let of = |at: &Option<At<'a>>| at.as_ref().and_then(|at| at.get(name));
        let (base, revision) = (of(&old), of(&new));
        if written(&base) == written(&revision) {
            if let (Some(base), Some(revision)) = (&base, &revision) {
                notes::compare(walk, base, revision, WRITTEN, Some(&scope.used_by()));
            }
            continue;
        }
        let message = format!("the part `{name}` is written in another way");
        let finding = Finding::new(Kind::EncodingChanged, Effect::Both, message);
        let at = |at: Option<At<'a>>, media: &Media<'a>| {
            at.map_or(media.at.pointer.clone(), |at| at.pointer)
        };
        walk.hit(scope, finding.at(&at(base, one), &at(revision, other)));
    }
}

const WRITTEN: &[&str] = &["contentType", "style", "explode", "allowReserved"];

/// What an encoding says about how a part is written, defaults filled in.
fn written<'a>(at: &Option<At<'a>>) -> (Option<&'a str>, &'a str, bool, bool) {
    let Some(at) = at else {
        return (None, "form", true, false);
    };
    let style = at.text("style").unwrap_or("form");
    let explode = at.node.get("explode").and_then(crate::read::Node::as_bool);
    (
        at.text("contentType"),
        style,
        explode.unwrap_or(style == "form"),
        at.flag("allowReserved"),
    )
}
