//! Security: which credentials are enough for an operation.

use super::operation::place;
use super::{Scope, Walk, notes};
use crate::drift::at::At;
use crate::drift::finding::Finding;
use crate::drift::kind::Kind;
use crate::drift::report::{Effect, Severity};
use crate::drift::side::Side;
use crate::drift::text::quoted;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Credentials that together are enough: what each is on the wire, and the scopes it needs.
type Together = BTreeMap<String, BTreeSet<String>>;

/// What an operation asks for: any one of these.
struct Demand {
    any: Vec<Together>,
    /// Where that is written.
    at: Rc<str>,
}

/// Compares what an operation asks for.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let base = demand(&walk.engine.base, old);
    let revision = demand(&walk.engine.revision, new);
    let scope = scope.sent("security");
    let lost = base.any.iter().find(|one| !satisfies(one, &revision.any));
    let gained = revision.any.iter().find(|one| !satisfies(one, &base.any));
    let places = scheme_places(walk, old, new).unwrap_or((base.at, revision.at));
    if let Some(lost) = lost {
        let message = format!("{} is no longer enough", words(lost));
        let finding = Finding::new(Kind::SecurityNarrowed, Effect::Narrowed, message);
        walk.hit(&scope, finding.at(&places.0, &places.1));
    } else if let Some(gained) = gained {
        let message = format!("{} is enough now", words(gained));
        let finding = Finding::new(Kind::SecurityWidened, Effect::Widened, message);
        walk.hit(&scope, finding.at(&places.0, &places.1));
    }
}

/// Whether who has these credentials is let in.
fn satisfies(have: &Together, any: &[Together]) -> bool {
    any.iter().any(|wanted| {
        wanted
            .iter()
            .all(|(scheme, scopes)| have.get(scheme).is_some_and(|held| scopes.is_subset(held)))
    })
}

fn words(together: &Together) -> String {
    if together.is_empty() {
        return "calling without credentials".to_owned();
    }
    let one = |(scheme, scopes): (&String, &BTreeSet<String>)| match scopes.is_empty() {
        true => scheme.clone(),
        false => format!("{scheme} with {}", quoted(scopes)),
    };
    together.iter().map(one).collect::<Vec<_>>().join(" and ")
}

fn demand<'a>(side: &Side<'a>, operation: &At<'a>) -> Demand {
    let own = operation.get("security");
    let (list, at) = match (own, side.root.get("security")) {
        (Some(own), _) => (Some(own.clone()), own.pointer),
        (None, Some(global)) => (Some(global.clone()), global.pointer),
        (None, None) => (None, Rc::clone(&operation.pointer)),
    };
    let mut any: Vec<Together> = Vec::new();
    for requirement in list
        .iter()
        .flat_map(|list| list.items().collect::<Vec<_>>())
    {
        let mut together = Together::new();
        for (name, scopes) in requirement.members() {
            let scopes = scopes
                .node
                .items()
                .iter()
                .filter_map(crate::read::Node::as_str);
            let held = together.entry(identity(side, name)).or_default();
            held.extend(scopes.map(str::to_owned));
        }
        any.push(together);
    }
    if any.is_empty() {
        any.push(Together::new());
    }
    Demand { any, at }
}

fn scheme<'a>(side: &Side<'a>, name: &str) -> Option<At<'a>> {
    let schemes = side.root.get("components")?.get("securitySchemes")?;
    side.follow(schemes.get(name)?)
}

/// What a scheme is on the wire, whatever it is called.
fn identity(side: &Side<'_>, name: &str) -> String {
    let Some(at) = scheme(side, name) else {
        return format!("`{name}`");
    };
    let text = |key: &str| at.text(key).unwrap_or_default();
    match text("type") {
        "apiKey" if text("in") == "header" => {
            format!("header `{}`", text("name").to_ascii_lowercase())
        }
        "apiKey" => format!("{} `{}`", text("in"), text("name")),
        "http" => format!("HTTP {}", text("scheme").to_ascii_lowercase()),
        "" => format!("`{name}`"),
        other => other.to_owned(),
    }
}

/// Where the same requirements mean something else, the cause is the scheme.
fn scheme_places<'a>(walk: &Walk<'a>, old: &At<'a>, new: &At<'a>) -> Option<(Rc<str>, Rc<str>)> {
    let (base, revision) = (&walk.engine.base, &walk.engine.revision);
    let written = |side: &Side<'a>, at: &At<'a>| at.get("security").or(side.root.get("security"));
    let (one, other) = (written(base, old)?, written(revision, new)?);
    if one.node.to_json() != other.node.to_json() {
        return None;
    }
    let members = one.node.items().iter().flat_map(crate::read::Node::members);
    let names = members.map(|member| member.key.as_str());
    let mut changed = names.filter(|name| identity(base, name) != identity(revision, name));
    let name = changed.next()?;
    Some((scheme(base, name)?.pointer, scheme(revision, name)?.pointer))
}

/// Compares the definitions of schemes, by name.
pub(super) fn schemes<'a>(walk: &mut Walk<'a>, base: &At<'a>, revision: &At<'a>) {
    let of = |root: &At<'a>| {
        root.get("components")
            .and_then(|at| at.get("securitySchemes"))
    };
    let (old, new) = (of(base), of(revision));
    let names = |at: &Option<At<'a>>| -> BTreeSet<&'a str> {
        let members = at.iter().flat_map(|at| at.node.members());
        members.map(|member| member.key.as_str()).collect()
    };
    for name in names(&old).union(&names(&new)) {
        let (one, other) = (
            scheme(&walk.engine.base, name),
            scheme(&walk.engine.revision, name),
        );
        let (kind, word, places) = match (one, other) {
            (Some(one), Some(other)) => {
                definition(walk, name, &one, &other);
                continue;
            }
            (Some(one), None) => (
                Kind::SecuritySchemeRemoved,
                "removed",
                (one.pointer, home(&new)),
            ),
            (None, Some(other)) => (
                Kind::SecuritySchemeAdded,
                "added",
                (home(&old), other.pointer),
            ),
            (None, None) => continue,
        };
        let message = format!("the security scheme `{name}` was {word}");
        let finding = Finding::fixed(kind, Severity::Compatible, message);
        walk.note(finding.at(&places.0, &places.1));
    }
}

fn home(at: &Option<At<'_>>) -> Rc<str> {
    at.as_ref()
        .map_or_else(|| Rc::from(""), |at| Rc::clone(&at.pointer))
}

fn definition<'a>(walk: &mut Walk<'a>, name: &str, old: &At<'a>, new: &At<'a>) {
    // What a scheme is on the wire shows where it is asked for.
    notes::compare(
        walk,
        old,
        new,
        &["type", "in", "name", "scheme", "flows", "openIdConnectUrl"],
        None,
    );
    let used = is_used(&walk.engine.base, name);
    addresses(walk, name, old, new, &["openIdConnectUrl"]);
    if identity(&walk.engine.base, name) != identity(&walk.engine.revision, name) {
        let severity = match used {
            true => Severity::Warning,
            false => Severity::Compatible,
        };
        let message = format!("the security scheme `{name}` is another one");
        let finding = Finding::fixed(Kind::SecuritySchemeChanged, severity, message);
        walk.note(finding.at(&old.pointer, &new.pointer));
    }
    let flows = (old.get("flows"), new.get("flows"));
    for flow in [
        "implicit",
        "password",
        "clientCredentials",
        "authorizationCode",
        "deviceAuthorization",
    ] {
        let of = |flows: &Option<At<'a>>| flows.as_ref().and_then(|at| at.get(flow));
        match (of(&flows.0), of(&flows.1)) {
            (Some(old), Some(new)) => {
                addresses(
                    walk,
                    name,
                    &old,
                    &new,
                    &[
                        "authorizationUrl",
                        "tokenUrl",
                        "refreshUrl",
                        "deviceAuthorizationUrl",
                    ],
                );
                scopes(walk, &old, &new);
                let elsewhere = [
                    "authorizationUrl",
                    "tokenUrl",
                    "refreshUrl",
                    "deviceAuthorizationUrl",
                    "scopes",
                ];
                notes::compare(walk, &old, &new, &elsewhere, None);
            }
            (None, None) => {}
            (one, other) => {
                let severity = match one.is_some() && used {
                    true => Severity::Breaking,
                    false => Severity::Compatible,
                };
                let word = if one.is_some() { "went" } else { "was added" };
                let message = format!("the flow `{flow}` of `{name}` {word}");
                let finding = Finding::fixed(Kind::SecuritySchemeChanged, severity, message);
                let at = |at: Option<At<'a>>, of: &At<'a>| {
                    at.map_or_else(|| place(of, "flows"), |at| at.pointer)
                };
                walk.note(finding.at(&at(one, old), &at(other, new)));
            }
        }
    }
}

/// Whether anything asks for a scheme.
fn is_used(side: &Side<'_>, name: &str) -> bool {
    let asks = |at: &At<'_>| {
        let requirements = at.node.get("security").map(crate::read::Node::items);
        let mut requirements = requirements.unwrap_or_default().iter();
        requirements.any(|requirement| requirement.contains_key(name))
    };
    let items = ["paths", "webhooks"]
        .into_iter()
        .filter_map(|key| side.root.get(key));
    let items = items.flat_map(|at| at.members().map(|(_, item)| item).collect::<Vec<_>>());
    let mut operations = items.flat_map(|item| {
        let item = side.follow(item.clone()).unwrap_or(item);
        item.members()
            .map(|(_, operation)| operation)
            .collect::<Vec<_>>()
    });
    asks(&side.root) || operations.any(|operation| asks(&operation))
}

/// Where tokens come from: who asks at the old address gets none.
fn addresses<'a>(walk: &mut Walk<'a>, name: &str, old: &At<'a>, new: &At<'a>, keys: &[&str]) {
    for key in keys.iter().filter(|key| old.text(key) != new.text(key)) {
        let severity = match is_used(&walk.engine.base, name) && old.text(key).is_some() {
            true => Severity::Breaking,
            false => Severity::Compatible,
        };
        let message = format!("`{key}` of `{name}` changed");
        let finding = Finding::fixed(Kind::SecuritySchemeChanged, severity, message);
        walk.note(finding.at(&place(old, key), &place(new, key)));
    }
}

fn scopes<'a>(walk: &mut Walk<'a>, old: &At<'a>, new: &At<'a>) {
    let names = |at: &At<'a>| -> BTreeSet<&'a str> {
        let scopes = at.node.get("scopes").map(crate::read::Node::members);
        scopes
            .unwrap_or_default()
            .iter()
            .map(|member| member.key.as_str())
            .collect()
    };
    let (from, to) = (names(old), names(new));
    let places = (place(old, "scopes"), place(new, "scopes"));
    for (names, kind, severity, word) in [
        (
            from.difference(&to),
            Kind::ScopeRemoved,
            Severity::Warning,
            "is no longer defined",
        ),
        (
            to.difference(&from),
            Kind::ScopeAdded,
            Severity::Compatible,
            "was defined",
        ),
    ] {
        for name in names {
            let finding = Finding::fixed(kind, severity, format!("the scope `{name}` {word}"));
            let pointers = match kind {
                Kind::ScopeRemoved => (old.pointer_of("scopes"), Rc::clone(&places.1)),
                _ => (Rc::clone(&places.0), new.pointer_of("scopes")),
            };
            let inside = |scopes: &Rc<str>, has: bool| match has {
                true => Rc::from(format!("{scopes}/{}", crate::read::escape_token(name))),
                false => Rc::clone(scopes),
            };
            let removed = kind == Kind::ScopeRemoved;
            let pointers = (inside(&pointers.0, removed), inside(&pointers.1, !removed));
            walk.note(finding.at(&pointers.0, &pointers.1));
        }
    }
}
