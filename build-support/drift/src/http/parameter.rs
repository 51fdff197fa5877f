//! What one parameter is called, and where it stands.

use super::listed::Listed;
use crate::at::At;
use crate::finding::Spot;
use std::collections::BTreeMap;

/// A parameter by where it is passed and its name; for those in the path their position, since
/// names there are not seen on the wire.
pub(super) type Key<'a> = (&'a str, String);

/// The parameters of an operation.
pub(super) type Parameters<'a> = BTreeMap<Key<'a>, Listed<'a>>;

/// A parameter in words.
pub(super) fn named(place: &str, at: &At<'_>) -> String {
    format!(
        "the {place} parameter `{}`",
        at.text("name").unwrap_or_default()
    )
}

/// Whether a request cannot be without it.
pub(super) fn is_required(place: &str, at: &At<'_>) -> bool {
    place == "path" || at.flag("required")
}

/// Where the parameters of an operation are listed: not the same place for each operation that a
/// parameter of the path item is missing from.
pub(super) fn missing(of: &At<'_>) -> Spot {
    Spot {
        pointer: of.place_of("parameters"),
        exact: false,
    }
}
