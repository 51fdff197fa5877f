//! `items` with a list of schemas, which older versions of JSON Schema have for a tuple.

use super::{Change, Edit};
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::node::Member;
use crate::walk::{Place, Walk};

pub(super) fn edits(walk: &Walk<'_>) -> Vec<Edit> {
    walk.of(Kind::Schema).filter_map(edit).collect()
}

fn edit(place: &Place<'_>) -> Option<Edit> {
    let items = place.node.member("items")?;
    let several = !items.value.as_array()?.is_empty();
    (several && !place.node.contains_key("prefixItems")).then(|| Edit {
        pointer: place.pointer.clone(),
        change: Change::Tuple,
        warning: warning(items),
    })
}

fn warning(items: &Member) -> Diagnostic {
    let message = "an array of schemas stands under `items`";
    Diagnostic::warning("read::other-version", message, items.key_span)
        .with_label("read as `prefixItems`")
        .with_help("write `prefixItems`, or one schema for all items")
}
