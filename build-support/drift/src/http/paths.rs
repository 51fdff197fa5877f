//! Paths and webhooks, and the operations under them.

use super::operation::{self, Calls};
use super::place::{Item, Place, methods, sunset};
use super::{Scope, Walk, notes, prefixes, servers};
use crate::at::At;
use crate::finding::{Finding, Spot};
use crate::guards;
use crate::kind::Kind;
use crate::report::{Directions, Severity};
use crate::schema::side::Side;
use contract::vocabulary::METHODS;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What a path item holds that something else compares: its methods, and these.
const ELSEWHERE: [&str; METHODS.len() + 4] = {
    let mut keys = ["parameters"; METHODS.len() + 4];
    (keys[1], keys[2], keys[3]) = ("servers", "query", "additionalOperations");
    let mut at = 0;
    while at < METHODS.len() {
        keys[4 + at] = METHODS[at];
        at += 1;
    }
    keys
};

/// Compares all paths and webhooks.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let base = items(&walk.engine.base, "paths");
    let mut revision = items(&walk.engine.revision, "paths");
    let moved = follow_prefixes(walk, &base, &mut revision);
    follow_common(walk, &base, &mut revision);
    for path in union(&base, &revision) {
        let is_moved = moved.contains(&path);
        let (base, revision) = (base.get(&path), revision.get(&path));
        shared(walk, (base, revision), "/paths", &Flavour::Path, is_moved);
    }
    let base = items(&walk.engine.base, "webhooks");
    let revision = items(&walk.engine.revision, "webhooks");
    for name in union(&base, &revision) {
        let (base, revision) = (base.get(&name), revision.get(&name));
        shared(
            walk,
            (base, revision),
            "/webhooks",
            &Flavour::Webhook,
            false,
        );
    }
}

type Items<'a> = BTreeMap<String, Vec<Item<'a>>>;

/// Paths that only one document has may still be the same address, because a part of it may
/// move from the path to the server and back. Those of the revision are put under the base's name,
/// which is given back.
fn follow_prefixes<'a>(
    walk: &Walk<'a>,
    base: &Items<'a>,
    revision: &mut Items<'a>,
) -> BTreeSet<String> {
    let whole = |side: &Side<'a>, path: &str, items: &[Item<'a>]| {
        let [item] = items else {
            return None;
        };
        let prefix = servers::prefix(&side.root, &item.at)?;
        Some(format!("{prefix}{path}"))
    };
    let gone = base
        .iter()
        .filter(|(path, _)| !revision.contains_key(*path));
    let gone: BTreeMap<String, &String> = gone
        .filter_map(|(path, items)| Some((whole(&walk.engine.base, path, items)?, path)))
        .collect();
    let come = revision
        .iter()
        .filter(|(path, _)| !base.contains_key(*path));
    let met: Vec<(String, String)> = come
        .filter_map(|(path, items)| {
            let whole = whole(&walk.engine.revision, path, items)?;
            Some((path.clone(), (*gone.get(&whole)?).clone()))
        })
        .collect();
    for (own, theirs) in &met {
        if let Some(items) = revision.remove(own) {
            revision.insert(theirs.clone(), items);
        }
    }
    met.into_iter().map(|(_, theirs)| theirs).collect()
}

/// Where many paths begin with something more or less than before, that is one cause. Those of the
/// revision are put under the base's name, so that what is left of them is compared.
fn follow_common<'a>(walk: &mut Walk<'a>, base: &Items<'a>, revision: &mut Items<'a>) {
    let only = |of: &Items<'a>, other: &Items<'a>| -> Vec<String> {
        of.keys()
            .filter(|path| !other.contains_key(*path))
            .cloned()
            .collect()
    };
    let (gone, come) = (only(base, revision), only(revision, base));
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    let come: Vec<&str> = come.iter().map(String::as_str).collect();
    for prefix in prefixes::find(&gone, &come) {
        let word = match prefix.was_added {
            true => "begin with",
            false => "no longer begin with",
        };
        let message = format!("{} paths {word} `{}`", prefix.paths.len(), prefix.text);
        let finding = Finding::fixed(Kind::BasePathChanged, Severity::Breaking, message);
        let place = |items: &Items<'a>, path: &String| {
            let item = items.get(path)?.first()?;
            Some(Spot::from(&item.at.pointer))
        };
        let first = prefix.paths.first();
        let places = first.and_then(|(old, new)| Some((place(base, old)?, place(revision, new)?)));
        let Some(places) = places else {
            continue;
        };
        let finding = finding.at(places.0, places.1);
        for (old, new) in &prefix.paths {
            for item in base.get(old).into_iter().flatten() {
                for method in methods([item])
                    .into_iter()
                    .filter(|method| item.has(method))
                {
                    let scope = called(item, method);
                    walk.remark(&scope, finding.clone());
                }
            }
            if let Some(items) = revision.remove(new) {
                revision.insert(old.clone(), items);
            }
        }
    }
}

/// An operation of a path, as a whole.
fn called(item: &Item<'_>, method: &str) -> Scope {
    let name = item.written(method);
    let name = name.map_or_else(String::new, |at| label(&at, method, item.name));
    whole(name)
}

/// Compares what stands at one address, as a rule a single item on each side.
fn shared<'a>(
    walk: &mut Walk<'a>,
    (base, revision): (Option<&Vec<Item<'a>>>, Option<&Vec<Item<'a>>>),
    home: &str,
    flavour: &Flavour,
    moved: bool,
) {
    let (base, revision) = (
        base.map_or(&[][..], Vec::as_slice),
        revision.map_or(&[][..], Vec::as_slice),
    );
    // Where a reference leads nowhere, nothing can be said; that it does is a finding of its own.
    if base
        .iter()
        .chain(revision)
        .any(|item| item.at.text("$ref").is_some())
    {
        return;
    }
    let pair = |method: Option<&str>| {
        let holder = |items: &'_ [Item<'a>]| {
            let at = items
                .iter()
                .position(|item| method.is_some_and(|method| item.has(method)));
            at.or_else(|| (!items.is_empty()).then_some(0))
        };
        Pair {
            base: holder(base).map(|at| &base[at]),
            revision: holder(revision).map(|at| &revision[at]),
            base_home: Rc::from(home),
            flavour: flavour.clone(),
            moved,
        }
    };
    described(walk, &pair(None));
    for name in methods(base.iter().chain(revision)) {
        method(walk, &pair(Some(name)), name);
    }
}

fn union<'s, V>(one: &'s BTreeMap<String, V>, other: &'s BTreeMap<String, V>) -> Vec<String> {
    let mut keys: Vec<String> = one.keys().chain(other.keys()).cloned().collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What kind of path item it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flavour {
    Path,
    Webhook,
    /// Of this operation, under this name.
    Callback(Scope, String),
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        (&self.operation, &self.side) == (&other.operation, &other.side)
    }
}

impl Eq for Scope {}

/// The same path item in both documents, or in one.
pub(super) struct Pair<'s, 'a> {
    pub base: Option<&'s Item<'a>>,
    pub revision: Option<&'s Item<'a>>,
    /// Where an item would stand that is missing.
    pub base_home: Rc<str>,
    pub flavour: Flavour,
    /// Whether a part of the address moved from path to server, or back.
    pub moved: bool,
}

/// The items of `paths` or `webhooks`; paths by their template without names, since `/a/{x}` and
/// `/a/{id}` are the same address, whose methods may be spread over several items.
fn items<'a>(side: &Side<'a>, section: &str) -> Items<'a> {
    let section = side.root.get(section);
    let members = section
        .iter()
        .flat_map(|at| at.members().collect::<Vec<_>>());
    let members = members.filter(|(name, _)| !name.starts_with("x-"));
    let mut items = Items::new();
    for (name, at) in members {
        let at = side.follow(at.clone()).unwrap_or(at);
        let item = Item { name, at };
        // The same method twice at one address is a fault of the document; both are kept.
        let mut key = template(name);
        let twice = |one: &Item<'a>| {
            let mut both = methods([one, &item]).into_iter();
            both.any(|name| one.has(name) && item.has(name))
        };
        if items.get(&key).is_some_and(|known| known.iter().any(twice)) {
            key = name.to_owned();
        }
        items.entry(key).or_default().push(item);
    }
    items
}

/// A path's template with its names taken out.
fn template(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => {
                inside = true;
                plain.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            _ => plain.push(c),
        }
    }
    plain
}

/// Compares one path item.
pub(super) fn item<'a>(walk: &mut Walk<'a>, pair: &Pair<'_, 'a>) {
    described(walk, pair);
    for name in methods(pair.base.into_iter().chain(pair.revision)) {
        method(walk, pair, name);
    }
}

fn described<'a>(walk: &mut Walk<'a>, pair: &Pair<'_, 'a>) {
    if let (Some(base), Some(revision)) = (pair.base, pair.revision) {
        notes::compare(walk, &base.at, &revision.at, &ELSEWHERE, None);
    }
}

fn method<'a>(walk: &mut Walk<'a>, pair: &Pair<'_, 'a>, method: &str) {
    // The specification has no references here, and published contracts use them all the same.
    let operation = |side: &Side<'a>, item: Option<&Item<'a>>| {
        let written = item.and_then(|item| item.written(method));
        let written = written.filter(At::is_object);
        written.map(|at| side.follow(at))
    };
    let base = operation(&walk.engine.base, pair.base);
    let revision = operation(&walk.engine.revision, pair.revision);
    // Where a reference leads nowhere, nothing can be said; that it does is a finding of its own.
    if [&base, &revision]
        .iter()
        .any(|found| matches!(found, Some(None)))
    {
        return;
    }
    match (base.flatten(), revision.flatten()) {
        (None, None) => {}
        (Some(old), Some(new)) => kept(walk, pair, method, old, new),
        (Some(old), None) => removed(walk, pair, method, &old),
        (None, Some(new)) => added(walk, pair, method, &new),
    }
}

/// What an operation is called: by its id, else by method and path.
fn label(at: &At<'_>, method: &str, name: &str) -> String {
    let id = at.text("operationId").filter(|id| !id.is_empty());
    id.map_or_else(
        || format!("{} {name}", method.to_uppercase()),
        str::to_owned,
    )
}

/// An operation that clients call.
fn whole(label: String) -> Scope {
    Scope {
        operation: Rc::from(label),
        prefix: Rc::from(""),
        side: Rc::from("operation"),
        directions: Directions::Request,
        soft: false,
        flipped: false,
    }
}

fn scope(pair: &Pair<'_, '_>, label: String) -> Scope {
    match &pair.flavour {
        Flavour::Path => whole(label),
        Flavour::Webhook => Scope {
            operation: Rc::from(label),
            prefix: Rc::from("webhook "),
            side: Rc::from("webhook"),
            directions: Directions::Response,
            soft: false,
            flipped: true,
        },
        Flavour::Callback(owner, name) => Scope {
            prefix: Rc::from(format!("callback {name} ")),
            side: Rc::from(format!("callback {name}")),
            flipped: !owner.flipped,
            ..owner.clone()
        },
    }
}

fn kept<'a>(walk: &mut Walk<'a>, pair: &Pair<'_, 'a>, method: &str, old: At<'a>, new: At<'a>) {
    let (Some(base), Some(revision)) = (pair.base, pair.revision) else {
        return;
    };
    let scope = scope(pair, label(&old, method, base.name));
    let calls = match pair.flavour {
        Flavour::Path if pair.moved => Calls::Elsewhere,
        Flavour::Path => Calls::Servers,
        Flavour::Webhook | Flavour::Callback(..) => Calls::Back,
    };
    operation::compare(
        walk,
        &scope,
        Place {
            item: base.clone(),
            operation: old,
        },
        Place {
            item: revision.clone(),
            operation: new,
        },
        calls,
    );
}

/// Where an operation is missing: which of the two it is does not distinguish causes.
fn home(item: Option<&Item<'_>>, pair: &Pair<'_, '_>) -> Spot {
    let pointer = item.map_or_else(
        || Rc::clone(&pair.base_home),
        |item| Rc::clone(&item.at.pointer),
    );
    Spot {
        pointer,
        exact: false,
    }
}

fn removed<'a>(walk: &mut Walk<'a>, pair: &Pair<'_, 'a>, method: &str, old: &At<'a>) {
    let name = pair.base.map_or("", |item| item.name);
    let (kind, what) = match pair.flavour {
        Flavour::Path => (Kind::OperationRemoved, "operation"),
        Flavour::Webhook => (Kind::WebhookRemoved, "webhook"),
        Flavour::Callback(..) => (Kind::CallbackRemoved, "callback"),
    };
    let label = label(old, method, name);
    let message = format!("the {what} {} {name} was removed", method.to_uppercase());
    let severity = match old.flag("deprecated") {
        true => guards::removal(Severity::Breaking, sunset(old), walk.engine.options.today),
        false => Severity::Breaking,
    };
    let finding = Finding::fixed(kind, severity, message);
    let scope = scope(pair, label);
    walk.remark(&scope, finding.at(&old.pointer, home(pair.revision, pair)));
}

fn added<'a>(walk: &mut Walk<'a>, pair: &Pair<'_, 'a>, method: &str, new: &At<'a>) {
    let name = pair.revision.map_or("", |item| item.name);
    let (kind, what, severity) = match pair.flavour {
        Flavour::Path => (Kind::OperationAdded, "operation", Severity::Compatible),
        Flavour::Webhook => (Kind::WebhookAdded, "webhook", Severity::Warning),
        Flavour::Callback(..) => (Kind::CallbackAdded, "callback", Severity::Warning),
    };
    let label = label(new, method, name);
    let message = format!("the {what} {} {name} was added", method.to_uppercase());
    let finding = Finding::fixed(kind, severity, message);
    let scope = scope(pair, label);
    walk.remark(&scope, finding.at(home(pair.base, pair), &new.pointer));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_have_no_names() {
        let table = [
            ("/a/{id}/b", "/a/{}/b"),
            ("/a/{id}.{format}", "/a/{}.{}"),
            ("/a/", "/a/"),
            ("/", "/"),
        ];
        for (path, expected) in table {
            assert_eq!(template(path), expected, "for {path}");
        }
    }
}
