//! `type: null` without quotes, which YAML reads as no value at all.

use super::{Change, Edit};
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::node::{Node, Value};
use crate::walk::{Place, Walk};

pub(super) fn edits(walk: &Walk<'_>) -> Vec<Edit> {
    walk.of(Kind::Schema).filter_map(edit).collect()
}

fn edit(place: &Place<'_>) -> Option<Edit> {
    let types = place.node.get("type")?;
    let mut quoted = types.clone();
    let span = match &mut quoted.value {
        Value::Null => quote(&mut quoted),
        Value::Array(names) => {
            let nulls = names.iter_mut().filter(|name| name.is_null());
            nulls.map(quote).last()?
        }
        _ => return None,
    };
    let message = "null stands where the name of a type is due";
    let warning = Diagnostic::warning("read::written", message, span)
        .with_label("taken as the type `null`")
        .with_help("write it in quotes");
    Some(Edit {
        pointer: place.pointer.clone(),
        change: Change::Type(quoted),
        warning,
    })
}

fn quote(node: &mut Node) -> crate::span::Span {
    node.value = Value::String("null".to_owned());
    node.span
}
