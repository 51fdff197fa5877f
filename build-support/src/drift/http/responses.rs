//! Responses: statuses, bodies, headers and links.

use super::operation::place;
use super::{Scope, Walk, body, notes};
use crate::drift::at::At;
use crate::drift::finding::{Finding, Verdict};
use crate::drift::kind::Kind;
use crate::drift::report::{Effect, Severity};
use crate::drift::schema::set::Set;
use crate::drift::side::Side;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

type Responses<'a> = BTreeMap<String, Listed<'a>>;

/// A part and where it is listed, which is elsewhere for a component.
#[derive(Debug)]
struct Listed<'a> {
    at: At<'a>,
    listed: At<'a>,
}

impl<'a> Listed<'a> {
    fn new(side: &Side<'a>, at: At<'a>) -> Self {
        Self {
            listed: at.clone(),
            at: side.follow(at.clone()).unwrap_or(at),
        }
    }
}

/// Compares the responses of an operation.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let base = all(&walk.engine.base, old);
    let revision = all(&walk.engine.revision, new);
    let homes = (place(old, "responses"), place(new, "responses"));
    for (status, at) in &base {
        let side = side(scope, status, &base);
        let same = revision.get(status).or_else(|| covering(&revision, status));
        let narrower: Vec<_> = covered(&revision, status).collect();
        match same {
            Some(other) => one(walk, &side, at, other),
            None if !narrower.is_empty() => {
                narrower
                    .iter()
                    .for_each(|other| one(walk, &side, at, other));
            }
            None => removed(walk, &side, status, &at.listed.pointer, &homes.1),
        }
    }
    for (status, at) in &revision {
        let side = side(scope, status, &revision);
        match covering(&base, status) {
            _ if base.contains_key(status) || covered(&base, status).next().is_some() => {}
            Some(other) => one(walk, &side, other, at),
            None => added(walk, &side, status, &at.listed.pointer, &homes.0),
        }
    }
}

fn all<'a>(side: &Side<'a>, operation: &At<'a>) -> Responses<'a> {
    let responses = operation.get("responses");
    let members = responses
        .iter()
        .flat_map(|at| at.members().collect::<Vec<_>>());
    let members = members.filter(|(status, _)| !status.starts_with("x-"));
    members
        .map(|(status, at)| (status.to_ascii_uppercase(), Listed::new(side, at)))
        .collect()
}

/// The range or the default that a status falls under. A default is for errors, as long as another
/// entry is there for success.
fn covering<'s, 'a>(of: &'s Responses<'a>, status: &str) -> Option<&'s Listed<'a>> {
    let range = status.get(..1).map(|digit| format!("{digit}XX"));
    let range = range.filter(|range| range != status && status != "DEFAULT");
    let by_range = range.and_then(|range| of.get(&range));
    let has_success = of.keys().any(|status| status.starts_with('2'));
    let is_error = !status.starts_with('2') && status != "DEFAULT";
    let by_default = || of.get("DEFAULT").filter(|_| is_error || !has_success);
    by_range.or_else(by_default)
}

/// What falls under a range.
fn covered<'s, 'a>(of: &'s Responses<'a>, status: &str) -> impl Iterator<Item = &'s Listed<'a>> {
    let family = status.strip_suffix("XX").map(str::to_owned);
    of.iter()
        .filter(move |(one, _)| {
            family
                .as_ref()
                .is_some_and(|family| one.starts_with(family.as_str()))
        })
        .map(|(_, at)| at)
}

/// Whether a status means success; a default does where nothing else does.
fn is_success(status: &str, all: &Responses<'_>) -> bool {
    let has_success = || all.keys().any(|status| status.starts_with('2'));
    status.starts_with('2') || (status == "DEFAULT" && !has_success())
}

fn side(scope: &Scope, status: &str, all: &Responses<'_>) -> Scope {
    let name = match status {
        "DEFAULT" => "default",
        status => status,
    };
    let mut side = scope.answered(&format!("response {name}"));
    side.soft = !is_success(status, all);
    side
}

fn removed(walk: &mut Walk<'_>, side: &Scope, status: &str, at: &Rc<str>, home: &Rc<str>) {
    let severity = match (side.soft, side.is_request()) {
        (false, _) => Severity::Breaking,
        (true, true) => Severity::Warning,
        (true, false) => Severity::Compatible,
    };
    let message = format!("the response {} was removed", status.to_lowercase());
    let finding = Finding::new(Kind::StatusRemoved, Effect::Narrowed, message)
        .judged(Verdict::Fixed(severity));
    walk.hit(side, finding.at(at, home));
}

fn added(walk: &mut Walk<'_>, side: &Scope, status: &str, at: &Rc<str>, home: &Rc<str>) {
    let severity = match (side.soft, side.is_request()) {
        (false, false) => Severity::Warning,
        _ => Severity::Compatible,
    };
    let message = format!("the response {} was added", status.to_lowercase());
    let finding =
        Finding::new(Kind::StatusAdded, Effect::Widened, message).judged(Verdict::Fixed(severity));
    walk.hit(side, finding.at(home, at));
}

fn one<'a>(walk: &mut Walk<'a>, side: &Scope, old: &Listed<'a>, new: &Listed<'a>) {
    notes::references(walk, &old.listed, &new.listed);
    let (old, new) = (&old.at, &new.at);
    let elsewhere = ["content", "headers", "links"];
    notes::compare(walk, old, new, &elsewhere, Some(&side.used_by()));
    contents(walk, side, old, new);
    headers(walk, side, old, new);
    links(walk, side, old, new);
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

fn headers<'a>(walk: &mut Walk<'a>, side: &Scope, old: &At<'a>, new: &At<'a>) {
    let base = named(&walk.engine.base, old);
    let revision = named(&walk.engine.revision, new);
    let names: BTreeSet<&String> = base.keys().chain(revision.keys()).collect();
    for name in names {
        let mut of = side.clone();
        of.side = Rc::from(format!("{} header {name}", side.side));
        match (base.get(name), revision.get(name)) {
            (Some(old), Some(new)) => {
                notes::references(walk, &old.listed, &new.listed);
                header(walk, &of, name, &old.at, &new.at);
            }
            (Some(at), None) => header_removed(walk, &of, name, at, new),
            (None, Some(at)) => {
                let required = at.at.flag("required") && of.is_request();
                let severity = match required {
                    true => Severity::Breaking,
                    false => Severity::Compatible,
                };
                let message = format!("the header `{name}` was added");
                let finding = Finding::new(Kind::HeaderAdded, Effect::Narrowed, message)
                    .judged(Verdict::Fixed(severity));
                walk.hit(&of, finding.at(&place(old, "headers"), &at.listed.pointer));
            }
            (None, None) => {}
        }
    }
}

/// Headers by name, which knows no case. The media type is said by `content`.
fn named<'a>(side: &Side<'a>, of: &At<'a>) -> BTreeMap<String, Listed<'a>> {
    let headers = of.get("headers");
    let members = headers
        .iter()
        .flat_map(|at| at.members().collect::<Vec<_>>());
    let named = members.map(|(name, at)| (name.to_ascii_lowercase(), Listed::new(side, at)));
    named.filter(|(name, _)| name != "content-type").collect()
}

fn header_removed<'a>(
    walk: &mut Walk<'a>,
    side: &Scope,
    name: &str,
    at: &Listed<'a>,
    home: &At<'a>,
) {
    let severity = match at.at.flag("required") && !side.is_request() {
        true => Severity::Breaking,
        false => Severity::Warning,
    };
    let message = format!("the header `{name}` was removed");
    let finding = Finding::new(Kind::HeaderRemoved, Effect::Widened, message)
        .judged(Verdict::Fixed(severity));
    walk.hit(
        side,
        finding.at(&at.listed.pointer, &place(home, "headers")),
    );
}

fn header<'a>(walk: &mut Walk<'a>, side: &Scope, name: &str, old: &At<'a>, new: &At<'a>) {
    let elsewhere = ["required", "schema", "content", "style", "explode"];
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
            finding.at(&place(old, "required"), &place(new, "required")),
        );
    }
    match (old.get("content"), new.get("content")) {
        (Some(old), Some(new)) => body::content(walk, side, &old, &new),
        (None, None) => {
            let set = |at: &At<'a>| match at.get("schema") {
                Some(schema) => Set::one(schema),
                None => Set::default().within(&at.pointer),
            };
            walk.schemas(side, set(old), set(new), true);
            if old.flag("explode") != new.flag("explode") {
                style(walk, side, name, old, new);
            }
        }
        _ => style(walk, side, name, old, new),
    }
}

fn style<'a>(walk: &mut Walk<'a>, side: &Scope, name: &str, old: &At<'a>, new: &At<'a>) {
    let message = format!("the header `{name}` is written in another way");
    let finding = Finding::new(Kind::ParameterStyleChanged, Effect::Both, message)
        .judged(Verdict::AtMost(Severity::Warning));
    walk.hit(side, finding.at(&old.pointer, &new.pointer));
}

fn links<'a>(walk: &mut Walk<'a>, side: &Scope, old: &At<'a>, new: &At<'a>) {
    let members = |side: &Side<'a>, of: &At<'a>| -> BTreeMap<&'a str, At<'a>> {
        let links = of.get("links");
        let members = links.iter().flat_map(|at| at.members().collect::<Vec<_>>());
        members
            .map(|(name, at)| (name, side.follow(at.clone()).unwrap_or(at)))
            .collect()
    };
    let base = members(&walk.engine.base, old);
    let revision = members(&walk.engine.revision, new);
    let names: BTreeSet<&str> = base.keys().chain(revision.keys()).copied().collect();
    for name in names {
        let (kind, severity, word) = match (base.get(name), revision.get(name)) {
            (Some(old), Some(new)) => {
                let leads = |at: &At<'a>| {
                    let mut json = at.node.to_json();
                    if let Some(object) = json.as_object_mut() {
                        object.remove("description");
                    }
                    json
                };
                if leads(old) == leads(new) {
                    notes::compare(walk, old, new, &[], Some(&side.used_by()));
                    continue;
                }
                (Kind::LinkChanged, Severity::Warning, "leads elsewhere")
            }
            (Some(_), None) => (Kind::LinkRemoved, Severity::Warning, "was removed"),
            _ => (Kind::LinkAdded, Severity::Compatible, "was added"),
        };
        let finding = Finding::fixed(kind, severity, format!("the link `{name}` {word}"));
        let at = |at: Option<&At<'a>>, of: &At<'a>| {
            at.map_or_else(|| place(of, "links"), |at| at.pointer.clone())
        };
        walk.hit(
            side,
            finding.at(&at(base.get(name), old), &at(revision.get(name), new)),
        );
    }
}
