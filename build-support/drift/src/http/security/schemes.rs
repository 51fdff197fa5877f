//! The definitions of security schemes.

use super::credentials::{ADDRESSES, FLOWS, scheme, ways};
use crate::at::At;
use crate::finding::{self, Finding};
use crate::http::{Scope, Walk, notes};
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use crate::schema::side::Side;
use std::collections::BTreeSet;
use std::rc::Rc;

/// What a scheme is on the wire is compared field by field.
const ELSEWHERE: [&str; 7] = [
    "type",
    "in",
    "name",
    "scheme",
    "flows",
    "openIdConnectUrl",
    METADATA,
];

/// Where the metadata of the authorization server are, in 3.2.
const METADATA: &str = "oauth2MetadataUrl";

/// Reports a scheme that an operation asks for and that is another one now, and gives back what
/// that does to the credentials that are enough.
pub(super) fn redefined(walk: &mut Walk<'_>, scope: &Scope, name: &str) -> Effect {
    let (Some(old), Some(new)) = (
        scheme(&walk.engine.base, name),
        scheme(&walk.engine.revision, name),
    ) else {
        return Effect::Equal;
    };
    let (before, after) = (
        ways(&walk.engine.base, name),
        ways(&walk.engine.revision, name),
    );
    let effect = finding::effect(!before.is_subset(&after), !after.is_subset(&before));
    let difference = Difference::of(name, &old, &new);
    let finding = Finding::new(Kind::SecuritySchemeChanged, effect, difference.message);
    walk.hit(scope, finding.at(&difference.base, &difference.revision));
    effect
}

/// Compares the definitions, by name. What operations ask for was compared before.
pub(in crate::http) fn compare<'a>(walk: &mut Walk<'a>, base: &At<'a>, revision: &At<'a>) {
    let of = |root: &At<'a>| {
        root.get("components")
            .and_then(|at| at.get("securitySchemes"))
    };
    let (old, new) = (of(base), of(revision));
    let (before, after) = (names(&old), names(&new));
    for name in before.intersection(&after) {
        let one = scheme(&walk.engine.base, name);
        let other = scheme(&walk.engine.revision, name);
        if let (Some(one), Some(other)) = (one, other) {
            definition(walk, name, &one, &other);
        }
    }
    let mut come: Vec<&str> = after.difference(&before).copied().collect();
    for gone in before.difference(&after) {
        let same = come.iter().position(|name| {
            let (base, revision) = (&walk.engine.base, &walk.engine.revision);
            scheme(base, gone).is_some() && ways(base, gone) == ways(revision, name)
        });
        match same.map(|at| come.remove(at)) {
            Some(name) => renamed(walk, gone, name),
            None => one_sided(walk, gone, &home(&old), &home(&new), true),
        }
    }
    for name in come {
        one_sided(walk, name, &home(&old), &home(&new), false);
    }
}

fn names<'a>(schemes: &Option<At<'a>>) -> BTreeSet<&'a str> {
    let members = schemes.iter().flat_map(|at| at.node.members());
    members.map(|member| member.key.as_str()).collect()
}

fn home(at: &Option<At<'_>>) -> Rc<str> {
    at.as_ref()
        .map_or_else(|| Rc::from(""), |at| Rc::clone(&at.pointer))
}

fn one_sided(walk: &mut Walk<'_>, name: &str, base: &Rc<str>, revision: &Rc<str>, gone: bool) {
    let (kind, word) = match gone {
        true => (Kind::SecuritySchemeRemoved, "removed"),
        false => (Kind::SecuritySchemeAdded, "added"),
    };
    let inside = |side: &Side<'_>, home: &Rc<str>| {
        scheme(side, name).map_or_else(|| Rc::clone(home), |at| at.pointer)
    };
    let places = match gone {
        true => (inside(&walk.engine.base, base), Rc::clone(revision)),
        false => (Rc::clone(base), inside(&walk.engine.revision, revision)),
    };
    let message = format!("the security scheme `{name}` was {word}");
    let finding = Finding::fixed(kind, Severity::Compatible, message);
    walk.note(finding.at(&places.0, &places.1));
}

fn renamed(walk: &mut Walk<'_>, from: &str, to: &str) {
    let (old, new) = (
        scheme(&walk.engine.base, from),
        scheme(&walk.engine.revision, to),
    );
    if let (Some(old), Some(new)) = (old, new) {
        let message = format!("the security scheme `{from}` is called `{to}` now");
        let kind = Kind::SecuritySchemeChanged;
        let finding = Finding::fixed(kind, Severity::Compatible, message);
        walk.note(finding.at(&old.pointer, &new.pointer));
    }
}

fn definition<'a>(walk: &mut Walk<'a>, name: &str, old: &At<'a>, new: &At<'a>) {
    notes::compare(walk, old, new, &ELSEWHERE, None);
    let of = format!(" of the security scheme `{name}`");
    address(walk, METADATA, &of, (old, new));
    let difference = Difference::of(name, old, new);
    let known = walk.hits.iter().any(|hit| {
        let at = hit.finding.base.as_ref().map(|spot| &spot.pointer);
        hit.finding.kind == Kind::SecuritySchemeChanged && at == Some(&difference.base)
    });
    let (base, revision) = (&walk.engine.base, &walk.engine.revision);
    if ways(base, name) != ways(revision, name) && !known {
        let kind = Kind::SecuritySchemeChanged;
        let finding = Finding::fixed(kind, Severity::Compatible, difference.message);
        walk.note(finding.at(&difference.base, &difference.revision));
    }
    for name in FLOWS {
        let flow = |at: &At<'a>| at.get("flows").and_then(|at| at.get(name));
        if let (Some(old), Some(new)) = (flow(old), flow(new)) {
            refresh(walk, name, &old, &new);
            scopes(walk, &old, &new);
            let elsewhere = [&ADDRESSES[..], &["refreshUrl", "scopes"]].concat();
            notes::compare(walk, &old, &new, &elsewhere, None);
        }
    }
}

/// How two definitions of a scheme differ, and where: at the field, if it is only one.
struct Difference {
    message: String,
    base: Rc<str>,
    revision: Rc<str>,
}

impl Difference {
    fn of<'a>(name: &str, old: &At<'a>, new: &At<'a>) -> Self {
        let mut found = Vec::new();
        for key in ["type", "in", "name", "scheme", "openIdConnectUrl"] {
            field(&mut found, key, (old, new), "");
        }
        for flow in FLOWS {
            let of = |at: &At<'a>| at.get("flows").and_then(|at| at.get(flow));
            match (of(old), of(new)) {
                (None, None) => {}
                (Some(one), Some(other)) => {
                    for key in ADDRESSES {
                        field(&mut found, key, (&one, &other), &format!(" of `{flow}`"));
                    }
                }
                (Some(one), None) => found.push(Field {
                    words: format!("the flow `{flow}` went"),
                    base: one.pointer,
                    revision: new.place_of("flows"),
                }),
                (None, Some(other)) => found.push(Field {
                    words: format!("the flow `{flow}` was added"),
                    base: old.place_of("flows"),
                    revision: other.pointer,
                }),
            }
        }
        let words: Vec<&str> = found.iter().map(|field| field.words.as_str()).collect();
        let message = format!("the security scheme `{name}` changed: {}", words.join(", "));
        let (base, revision) = match found.as_slice() {
            [only] => (Rc::clone(&only.base), Rc::clone(&only.revision)),
            _ => (Rc::clone(&old.pointer), Rc::clone(&new.pointer)),
        };
        Self {
            message,
            base,
            revision,
        }
    }
}

struct Field {
    words: String,
    base: Rc<str>,
    revision: Rc<str>,
}

fn field(found: &mut Vec<Field>, key: &str, (old, new): (&At<'_>, &At<'_>), of: &str) {
    let (from, to) = (old.text(key), new.text(key));
    if from == to {
        return;
    }
    let shown = |text: Option<&str>| text.map_or("none".to_owned(), |text| format!("`{text}`"));
    found.push(Field {
        words: format!("`{key}`{of} from {} to {}", shown(from), shown(to)),
        base: old.place_of(key),
        revision: new.place_of(key),
    });
}

/// Where tokens are renewed: who asks at the old address gets none, once the first has expired.
fn refresh<'a>(walk: &mut Walk<'a>, flow: &str, old: &At<'a>, new: &At<'a>) {
    address(walk, "refreshUrl", &format!(" of `{flow}`"), (old, new));
}

/// An address that clients look something up at: who looks at the old one finds nothing there.
fn address<'a>(walk: &mut Walk<'a>, key: &str, of: &str, (old, new): (&At<'a>, &At<'a>)) {
    if old.text(key) == new.text(key) {
        return;
    }
    let severity = match old.text(key).is_some() {
        true => Severity::Warning,
        false => Severity::Compatible,
    };
    let message = format!("`{key}`{of} changed");
    let finding = Finding::fixed(Kind::SecuritySchemeChanged, severity, message);
    walk.note(finding.at(&old.place_of(key), &new.place_of(key)));
}

fn scopes<'a>(walk: &mut Walk<'a>, old: &At<'a>, new: &At<'a>) {
    let names = |at: &At<'a>| -> BTreeSet<&'a str> {
        let scopes = at.node.members_of("scopes");
        scopes.iter().map(|member| member.key.as_str()).collect()
    };
    let (from, to) = (names(old), names(new));
    let places = (old.place_of("scopes"), new.place_of("scopes"));
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
                true => Rc::from(format!("{scopes}/{}", contract::pointer::escape(name))),
                false => Rc::clone(scopes),
            };
            let removed = kind == Kind::ScopeRemoved;
            let pointers = (inside(&pointers.0, removed), inside(&pointers.1, !removed));
            walk.note(finding.at(&pointers.0, &pointers.1));
        }
    }
}
