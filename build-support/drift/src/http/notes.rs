//! Fields that constrain nothing.

use super::Walk;
use crate::at::At;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::{Severity, Use};
use crate::schema::view::same;
use crate::text::quoted;
use std::collections::BTreeSet;

/// Compares every field but those that something else compares: one entry for what people read,
/// one for extensions.
pub(super) fn compare<'a>(
    walk: &mut Walk<'a>,
    base: &At<'a>,
    revision: &At<'a>,
    elsewhere: &[&str],
    used_by: Option<&Use>,
) {
    let (mut texts, mut extensions) = (BTreeSet::new(), BTreeSet::new());
    let members = base.node.members().iter().chain(revision.node.members());
    for key in members.map(|member| member.key.as_str()) {
        let equal = match (base.node.get(key), revision.node.get(key)) {
            (Some(old), Some(new)) => same(old, new),
            _ => false,
        };
        if equal || elsewhere.contains(&key) || key == "$ref" {
            continue;
        }
        match key.starts_with("x-") {
            true => extensions.insert(key),
            false => texts.insert(key),
        };
    }
    for (kind, keys) in [
        (Kind::DocumentationChanged, texts),
        (Kind::ExtensionChanged, extensions),
    ] {
        if !keys.is_empty() {
            let message = format!("{} changed", quoted(&keys));
            let finding = Finding::fixed(kind, Severity::Compatible, message);
            walk.hits.push(super::Hit {
                finding: finding.at(&base.pointer, &revision.pointer),
                directions: None,
                soft: false,
                used_by: used_by.cloned(),
            });
        }
    }
}

/// Compares what stands beside two `$ref`s; what they lead to is compared elsewhere.
pub(super) fn references<'a>(walk: &mut Walk<'a>, base: &At<'a>, revision: &At<'a>) {
    if base.text("$ref").is_some() && revision.text("$ref").is_some() {
        compare(walk, base, revision, &[], None);
    }
}
