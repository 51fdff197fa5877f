//! What a contract says of a JSON value, as far as it matters for drift.

use std::fmt;
use std::ops::RangeInclusive;

/// Which fields an object has and which values an enum lists. Other rules of a contract (formats, lengths,
/// required properties) are checked when a value is decoded.
///
/// The shapes of this contract are in [`shapes`](super::shapes). They refer to each other, so the shape of
/// a type that contains itself contains itself too.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// Free-form: nothing inside is looked at.
    Any,
    /// A string, a number or a boolean.
    Leaf,
    /// An object of these fields and no others.
    Object(&'static [(&'static str, &'static Shape)]),
    /// An object of these fields, and any others of the second shape.
    Map(&'static [(&'static str, &'static Shape)], &'static Shape),
    /// An array.
    Array(&'static Shape),
    /// One of these strings.
    Enum(&'static [&'static str]),
    /// An object whose shape is chosen by the value of a string field.
    Tagged {
        /// The field that chooses.
        tag: &'static str,
        /// The shape for each of its values.
        members: &'static [(&'static str, &'static Shape)],
    },
    /// One of these, without a field that chooses: the one with the fewest findings.
    Untagged(&'static [&'static Shape]),
}

/// Statuses that the contract documents together, and the shape of the body that comes with them;
/// [`Shape::Any`] where the contract gives none.
pub type Documented = (RangeInclusive<u16>, &'static Shape);

/// Shows one level, because a shape may contain itself.
impl fmt::Debug for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => formatter.write_str("Any"),
            Self::Leaf => formatter.write_str("Leaf"),
            Self::Object(fields) => write!(formatter, "Object({:?})", names(fields)),
            Self::Map(fields, _) => write!(formatter, "Map({:?})", names(fields)),
            Self::Array(_) => formatter.write_str("Array"),
            Self::Enum(values) => write!(formatter, "Enum({values:?})"),
            Self::Tagged { tag, members } => {
                write!(formatter, "Tagged({tag:?}, {:?})", names(members))
            }
            Self::Untagged(members) => write!(formatter, "Untagged({})", members.len()),
        }
    }
}

fn names(members: &[(&'static str, &'static Shape)]) -> Vec<&'static str> {
    members.iter().map(|(name, _)| *name).collect()
}

/// The member of this name.
pub(super) fn member(
    members: &'static [(&'static str, &'static Shape)],
    name: &str,
) -> Option<(&'static str, &'static Shape)> {
    members.iter().copied().find(|(known, _)| *known == name)
}

/// The place of the member of this name. Servers mostly write fields in the same order, so the search
/// begins where the last one ended, and wraps around once.
pub(super) fn position(
    members: &[(&'static str, &'static Shape)],
    name: &str,
    from: usize,
) -> Option<usize> {
    let (before, after) = members.split_at(from.min(members.len()));
    let in_part =
        |part: &[(&'static str, &'static Shape)]| part.iter().position(|(known, _)| *known == name);
    in_part(after)
        .map(|index| before.len() + index)
        .or_else(|| in_part(before))
}
