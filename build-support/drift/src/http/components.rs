//! Components that no operation uses.

use super::{Carried, Scope, Walk};
use crate::at::At;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::{Directions, Severity};
use crate::schema::canonical::canonical;
use crate::schema::set::Set;
use crate::schema::side::Side;

use contract::{Node, Span, Value};
use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;

/// Compares them by name. Where there are no operations at all, components are what the document
/// is for, and their schemas are compared in both directions.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let library = is_library(&walk.engine.base) && is_library(&walk.engine.revision);
    let base = unused(&walk.engine.base);
    let revision = unused(&walk.engine.revision);
    let all: BTreeSet<Key> = base.union(&revision).cloned().collect();
    texts(walk, &all);
    for key in &all {
        let of = |side: &Side<'_>| component(side, key).map(|at| at.pointer);
        let places = (of(&walk.engine.base), of(&walk.engine.revision));
        one(walk, key, places, library);
    }
}

/// What schemas of the same name say to people: at a place of use other words may hide it.
fn texts(walk: &mut Walk<'_>, unused: &BTreeSet<Key>) {
    for member in walk.engine.base.root.node.components("schemas") {
        let key = ("schemas".to_owned(), member.key.clone());
        let other = component(&walk.engine.revision, &key);
        let changed = ["title", "description"].into_iter().filter(|field| {
            let other = other.as_ref().and_then(|other| other.node.get(field));
            let own = member.value.get(field);
            matches!((own, other), (Some(own), Some(other)) if own != other)
        });
        let changed: BTreeSet<&str> = changed.collect();
        if let (Some(other), false) = (&other, changed.is_empty() || unused.contains(&key)) {
            let pointer = &other.pointer;
            let message = format!("{} changed", crate::text::quoted(&changed));
            let kind = Kind::DocumentationChanged;
            let finding = Finding::fixed(kind, Severity::Compatible, message);
            walk.note(finding.at(pointer, pointer));
        }
    }
}

type Key = (String, String);

/// A component by its name.
fn component<'a>(side: &Side<'a>, key: &Key) -> Option<At<'a>> {
    let name = contract::pointer::escape(&key.1);
    let pointer = format!("/components/{}/{name}", key.0);
    let node = side
        .component(&pointer)
        .or_else(|| side.root.node.pointer(&pointer))?;
    Some(At {
        node,
        pointer: Rc::from(pointer),
    })
}

fn one(walk: &mut Walk<'_>, key: &Key, places: (Option<Rc<str>>, Option<Rc<str>>), library: bool) {
    let home: Rc<str> = Rc::from("/components");
    let section: Rc<str> = Rc::from(format!("/components/{}", key.0));
    let section_of = |side: &Side<'_>| match side.root.node.pointer(&section) {
        Some(_) => Rc::clone(&section),
        None if side.root.node.contains_key("components") => Rc::clone(&home),
        None => Rc::from(""),
    };
    let (kind, severity, word) = match &places {
        (Some(_), Some(_)) => return both(walk, key, library),
        (Some(_), None) if library && key.0 == "schemas" => {
            (Kind::ComponentRemoved, Severity::Breaking, "removed")
        }
        (Some(_), None) => (Kind::ComponentRemoved, Severity::Compatible, "removed"),
        _ => (Kind::ComponentAdded, Severity::Compatible, "added"),
    };
    let base = places.0.unwrap_or_else(|| section_of(&walk.engine.base));
    let revision = places
        .1
        .unwrap_or_else(|| section_of(&walk.engine.revision));
    let message = format!("the component `{}` was {word}", key.1);
    walk.note(Finding::fixed(kind, severity, message).at(&base, &revision));
}

fn both(walk: &mut Walk<'_>, key: &Key, library: bool) {
    let old = component(&walk.engine.base, key);
    let new = component(&walk.engine.revision, key);
    let (Some(old), Some(new)) = (old, new) else {
        return;
    };
    if library && key.0 == "schemas" {
        return schemas(walk, key, &old, &new);
    }
    if said(old.node) != said(new.node) {
        let message = format!("the component `{}`, which nothing uses, changed", key.1);
        let finding = Finding::fixed(Kind::ComponentChanged, Severity::Compatible, message);
        walk.note(finding.at(&old.pointer, &new.pointer));
    }
}

/// What a value says, as a number: the order of keys and of lists says nothing, but for the first
/// items of an array and in values.
fn said(node: &Node) -> u64 {
    let mut hasher = DefaultHasher::new();
    match &node.value {
        Value::Object(members) => {
            let each = members.iter().map(|member| match member.key.as_str() {
                "prefixItems" | "default" | "example" => (&member.key, number(&member.value)),
                _ => (&member.key, said(&member.value)),
            });
            let mut each: Vec<_> = each.collect();
            each.sort_unstable();
            ("object", each).hash(&mut hasher);
        }
        Value::Array(items) => {
            let mut each: Vec<u64> = items.iter().map(said).collect();
            each.sort_unstable();
            ("array", each).hash(&mut hasher);
        }
        _ => return number(node),
    }
    hasher.finish()
}

fn number(value: &Node) -> u64 {
    let mut hasher = DefaultHasher::new();
    canonical(value).hash(&mut hasher);
    hasher.finish()
}

fn schemas<'a>(walk: &mut Walk<'a>, key: &Key, old: &At<'a>, new: &At<'a>) {
    for directions in [Directions::Request, Directions::Response] {
        let scope = Scope {
            operation: Rc::from(key.1.as_str()),
            prefix: Rc::from(""),
            side: Rc::from("component"),
            directions,
            soft: false,
            flipped: false,
        };
        let (old, new) = (Set::one(old.clone()), Set::one(new.clone()));
        walk.schemas(&scope, old, new, Carried::AsValue);
    }
}

/// Whether a document has no operations.
fn is_library(side: &Side<'_>) -> bool {
    let holds = |section: &str| {
        let section = side.root.node.members_of(section);
        section.iter().any(|item| !item.key.starts_with("x-"))
    };
    !holds("paths") && !holds("webhooks")
}

/// The components that no reference reaches from a path or a webhook.
fn unused(side: &Side<'_>) -> BTreeSet<Key> {
    let mut used = BTreeSet::new();
    for section in ["paths", "webhooks"] {
        if let Some(at) = side.root.get(section) {
            reach(side, at.node, &mut used);
        }
    }
    let components = side.root.node.members_of("components");
    let sections = components.iter();
    let sections = sections
        .filter(|section| section.key != "securitySchemes" && !section.key.starts_with("x-"));
    let all = sections.flat_map(|section| {
        let members = section.value.members().iter();
        members.map(|member| (section.key.clone(), member.key.clone()))
    });
    let taken = taken_in(side);
    let is_taken = |key: &Key| {
        key.0 == "pathItems"
            && component(side, key).is_some_and(|item| {
                let parts = item.node.members().iter();
                parts
                    .map(|part| part.value.span)
                    .any(|span| taken.contains(&span))
            })
    };
    all.filter(|key| !used.contains(key) && !is_taken(key))
        .collect()
}

/// The places of everything that is reached from a path or a webhook, where there are path items
/// among the components. Reading puts an item that is referred to where the reference was; its
/// parts still know where they were written.
fn taken_in(side: &Side<'_>) -> HashSet<Span> {
    let components = side.root.node.get("components");
    if components.is_none_or(|components| !components.contains_key("pathItems")) {
        return HashSet::new();
    }
    let callbacks = components.and_then(|components| components.get("callbacks"));
    let sections = ["paths", "webhooks"].map(|name| side.root.node.get(name));
    let mut open: Vec<&Node> = sections.into_iter().chain([callbacks]).flatten().collect();
    let mut taken = HashSet::new();
    while let Some(node) = open.pop() {
        taken.insert(node.span);
        open.extend(node.items());
        open.extend(node.members().iter().map(|member| &member.value));
    }
    taken
}

fn reach<'a>(side: &Side<'a>, node: &'a Node, used: &mut BTreeSet<Key>) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.iter().map(|member| &member.value)),
            // A mapping names components by text alone.
            Value::String(text) => {
                if let Some(rest) = side.without_own_address(text).strip_prefix("#/components/")
                    && let Some((section, name)) = rest.split_once('/')
                    && let Some(target) = side.resolve(text)
                    && used.insert((
                        section.to_owned(),
                        contract::pointer::unescape(name).into_owned(),
                    ))
                {
                    open.push(target.node);
                    // Who asks for the parent may be given any of those that inherit from it.
                    if target.node.contains_key("discriminator") {
                        let heirs = side.heirs(&target.pointer_of("discriminator"));
                        for (name, heir) in heirs {
                            used.insert(("schemas".to_owned(), name.to_owned()));
                            open.push(heir.node);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}
