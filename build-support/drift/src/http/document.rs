//! What stands at the top of a document.

use super::{Walk, notes};
use crate::at::At;
use crate::dialect;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::Severity;
use crate::text::brief;
use std::rc::Rc;

const ELSEWHERE: &[&str] = &[
    "openapi",
    "info",
    "servers",
    "paths",
    "webhooks",
    "components",
    "security",
    "tags",
    DIALECT,
];

const DIALECT: &str = "jsonSchemaDialect";

/// Compares `info`, `tags` and the like.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let (base, revision) = (
        walk.engine.base.root.clone(),
        walk.engine.revision.root.clone(),
    );
    notes::compare(walk, &base, &revision, ELSEWHERE, None);
    tags(walk, &base, &revision);
    if let Some(finding) = dialect::changed(base.text(DIALECT), revision.text(DIALECT)) {
        let places = (base.place_of(DIALECT), revision.place_of(DIALECT));
        walk.note(finding.at(&places.0, &places.1));
    }
    version(
        walk,
        &base,
        &revision,
        "openapi",
        "the specification's version",
    );
    if let (Some(old), Some(new)) = (base.get("info"), revision.get("info")) {
        notes::compare(walk, &old, &new, &["version"], None);
        version(walk, &old, &new, "version", "the contract's version");
    }
}

/// Compares the descriptions of tags, each with the one of its name.
fn tags<'a>(walk: &mut Walk<'a>, base: &At<'a>, revision: &At<'a>) {
    let of = |at: &At<'a>| -> Vec<At<'a>> { at.get("tags").iter().flat_map(At::items).collect() };
    let (old, new) = (of(base), of(revision));
    let named = |list: &[At<'a>], at: &At<'a>| {
        let mut list = list.iter();
        list.find(|one| one.text("name") == at.text("name"))
            .cloned()
    };
    let known = |list: &[At<'a>], at: &At<'a>| named(list, at).is_some();
    let is_other = old.iter().any(|at| !known(&new, at)) || new.iter().any(|at| !known(&old, at));
    if is_other {
        let message = "`tags` changed";
        let finding = Finding::fixed(Kind::DocumentationChanged, Severity::Compatible, message);
        walk.note(finding.at(&base.pointer, &revision.pointer));
    }
    for one in &old {
        if let Some(other) = named(&new, one) {
            notes::compare(walk, one, &other, &[], None);
        }
    }
}

fn version<'a>(walk: &mut Walk<'a>, base: &At<'a>, revision: &At<'a>, key: &str, what: &str) {
    let shown = |at: &Option<At<'a>>| at.as_ref().map_or("none".to_owned(), |at| brief(at.node));
    let (old, new) = (base.get(key), revision.get(key));
    let (from, to) = (shown(&old), shown(&new));
    if from == to {
        return;
    }
    let message = format!("{what} changed from {from} to {to}");
    let place =
        |at: Option<At<'a>>, of: &At<'a>| at.map_or(Rc::clone(&of.pointer), |at| at.pointer);
    let finding = Finding::fixed(Kind::VersionChanged, Severity::Compatible, message);
    walk.note(finding.at(&place(old, base), &place(new, revision)));
}
