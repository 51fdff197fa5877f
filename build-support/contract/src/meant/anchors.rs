//! References to an `$anchor` of the document become JSON pointers.

use super::{Change, Edit};
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::pointer;
use crate::walk::{Reference, Walk};

pub(super) fn edits(walk: &Walk<'_>) -> Vec<Edit> {
    let references = walk.references.iter();
    let named = references.filter(|reference| reference.kind == Kind::Schema && !reference.mapping);
    named
        .filter_map(|reference| edit(walk, reference))
        .collect()
}

fn edit(walk: &Walk<'_>, reference: &Reference<'_>) -> Option<Edit> {
    let anchor = reference.target.strip_prefix('#')?;
    if anchor.is_empty() || anchor.contains('/') {
        return None;
    }
    let is_meant =
        |key| move |node: &crate::node::Node| node.get(key)?.as_str().map(|it| it == anchor);
    let mut schemas = walk.of(Kind::Schema);
    let place = schemas.find(|place| is_meant("$anchor")(place.node) == Some(true))?;
    let target = pointer::to_reference(&place.pointer);
    let message = format!("`#{anchor}` leads to an anchor");
    let warning = Diagnostic::warning("read::anchor-ref", message, reference.span)
        .with_label(format!("read as `{target}`"));
    Some(Edit {
        pointer: reference.pointer.clone(),
        change: Change::Target(target),
        warning,
    })
}
