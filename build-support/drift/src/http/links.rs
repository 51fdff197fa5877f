//! Links of responses.

use super::listed::Listed;
use super::{Scope, Walk, notes};
use crate::at::At;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::Severity;
use crate::schema::side::Side;
use contract::Node;
use std::collections::{BTreeMap, BTreeSet};

/// What says where a link leads.
const TARGET: [&str; 3] = ["operationId", "operationRef", "server"];

/// What says which values are passed there.
const SENT: [&str; 2] = ["parameters", "requestBody"];

/// Compares the links of a response.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, side: &Scope, old: &At<'a>, new: &At<'a>) {
    let base: BTreeMap<_, _> = Listed::all(&walk.engine.base, old, "links")
        .into_iter()
        .collect();
    let revision = Listed::all(&walk.engine.revision, new, "links");
    let revision: BTreeMap<_, _> = revision.into_iter().collect();
    let names: BTreeSet<&str> = base.keys().chain(revision.keys()).copied().collect();
    for name in names {
        let (kind, severity, word) = match (base.get(name), revision.get(name)) {
            (Some(old), Some(new)) if old.is_open() || new.is_open() => continue,
            (Some(old), Some(new)) => {
                let (old, new) = (&old.at, &new.at);
                let differ = |keys: &[&str]| {
                    let json = |at: &At<'a>, key: &str| at.node.get(key).map(Node::to_json);
                    keys.iter().any(|key| json(old, key) != json(new, key))
                };
                let targets = (
                    target(&walk.engine.base, old),
                    target(&walk.engine.revision, new),
                );
                let is_same = targets.0.is_some() && targets.0 == targets.1;
                let leads = differ(&["server"]) || differ(&TARGET) && !is_same;
                let word = match (leads, differ(&SENT)) {
                    (true, _) => "leads elsewhere",
                    (false, true) => "passes other values",
                    (false, false) => {
                        let elsewhere = [&TARGET[..], &SENT].concat();
                        notes::compare(walk, old, new, &elsewhere, Some(&side.used_by()));
                        continue;
                    }
                };
                (Kind::LinkChanged, Severity::Warning, word)
            }
            (Some(_), None) => (Kind::LinkRemoved, Severity::Warning, "was removed"),
            _ => (Kind::LinkAdded, Severity::Compatible, "was added"),
        };
        let finding = Finding::fixed(kind, severity, format!("the link `{name}` {word}"));
        let at = |at: Option<&Listed<'a>>, of: &At<'a>| {
            at.map_or_else(|| of.place_of("links"), |one| one.at.pointer.clone())
        };
        walk.hit(
            side,
            finding.at(&at(base.get(name), old), &at(revision.get(name), new)),
        );
    }
}

/// The operation that a link leads to, by its path and method, where it is in the same document.
fn target<'a>(side: &Side<'a>, link: &At<'a>) -> Option<String> {
    if let Some(text) = link.text("operationRef") {
        return contract::pointer::of_reference(text).map(|pointer| pointer.into_owned());
    }
    let found = side.operation(link.text("operationId")?);
    found.map(|pointer| pointer.to_string())
}
