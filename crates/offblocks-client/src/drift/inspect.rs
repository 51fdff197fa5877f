//! Finds the parts of a value that its shape does not list.
//!
//! The walk is a deserialiser: it reads the bytes of a body once and keeps nothing of them, so a
//! body without drift costs no allocation. A union is read into memory first, because the field
//! that decides may come last. The same walk is used for a value in memory.

use std::fmt;

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::event::DriftKind;
use super::place::{Place, shown};
use super::shape::{Shape, member, position};

/// At most this many different findings are kept of one value.
const MOST: usize = 64;

/// Something in a value that its shape does not list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DriftFinding {
    /// [`DriftKind::UnknownField`] or [`DriftKind::UnknownValue`].
    pub kind: DriftKind,
    /// JSON pointer of the field or of the enum. `*` stands for every index of a list and every
    /// key of a map, `?` for a name that looks like data.
    pub pointer: String,
    /// How often it is in the value: an unknown field in each of a hundred items is one finding.
    pub count: u64,
}

/// What a value holds that its shape does not list, in the order of the value, each place once.
///
/// Free-form parts are skipped. Values of another JSON type (an object where an array is expected) are
/// skipped too, because decoding rejects them. At most sixty-four different findings are kept. A finding
/// holds nothing of the value except names that look like names of fields.
///
/// ```
/// use offblocks_client::drift::{DriftKind, inspect, shapes};
///
/// let card = serde_json::json!({ "status": "resting", "type": "virtual", "colour": "red" });
/// let found = inspect(&shapes::CARD, &card);
/// let seen: Vec<_> = found.iter().map(|one| (one.kind, one.pointer.as_str())).collect();
/// assert!(seen.contains(&(DriftKind::UnknownField, "/colour")));
/// assert!(seen.contains(&(DriftKind::UnknownValue, "/status")));
/// assert_eq!(seen.len(), 2);
/// ```
#[must_use]
pub fn inspect(shape: &Shape, value: &Value) -> Vec<DriftFinding> {
    let mut found = DriftFindings::default();
    found.of_value(shape, &Place::Root, None, value);
    found.list
}

/// The same for a body in bytes. What comes before a syntax error is looked at.
///
/// ```
/// use offblocks_client::drift::{inspect_slice, shapes};
///
/// let found = inspect_slice(&shapes::CARD, br#"{"type": "virtual", "colour": "red"}"#);
/// assert_eq!(found[0].pointer, "/colour");
/// ```
#[must_use]
pub fn inspect_slice(shape: &Shape, body: &[u8]) -> Vec<DriftFinding> {
    let mut found = DriftFindings::default();
    let mut input = serde_json::Deserializer::from_slice(body);
    let walk = Walk::new(shape, &Place::Root, &mut found);
    // Whether the body can be read at all is reported by decoding.
    let _ = walk.deserialize(&mut input);
    found.list
}

#[derive(Default)]
struct DriftFindings {
    list: Vec<DriftFinding>,
    /// The pointer being written; the room is used again for the next one.
    pointer: String,
}

impl DriftFindings {
    fn add(&mut self, kind: DriftKind, place: &Place<'_>) {
        self.pointer.clear();
        place.write(&mut self.pointer);
        let mut known = self.list.iter_mut();
        if let Some(known) = known.find(|one| one.kind == kind && one.pointer == self.pointer) {
            known.count += 1;
        } else if self.list.len() < MOST {
            self.list.push(DriftFinding {
                kind,
                pointer: self.pointer.clone(),
                count: 1,
            });
        }
    }

    fn of_value(&mut self, shape: &Shape, place: &Place<'_>, tag: Option<&str>, value: &Value) {
        match shape {
            Shape::Tagged { tag, members } => self.of_tagged((tag, members), place, value),
            Shape::Untagged(members) => self.of_untagged(members, place, value),
            _ => {
                let walk = Walk {
                    tag,
                    ..Walk::new(shape, place, self)
                };
                // A value in memory is read to its end.
                let _ = walk.deserialize(value);
            }
        }
    }

    fn of_tagged(
        &mut self,
        (tag, members): (&'static str, &'static [(&'static str, &'static Shape)]),
        place: &Place<'_>,
        value: &Value,
    ) {
        let Some(text) = value.get(tag).and_then(Value::as_str) else {
            return;
        };
        match member(members, text) {
            Some((_, shape)) => self.of_value(shape, place, Some(tag), value),
            None => self.add(DriftKind::UnknownValue, &Place::Field(place, tag)),
        }
    }

    /// The member with the fewest findings.
    fn of_untagged(&mut self, members: &[&'static Shape], place: &Place<'_>, value: &Value) {
        let fitting = members.iter().filter(|shape| fits(shape, value));
        let tried = fitting.map(|shape| {
            let mut found = Self::default();
            found.of_value(shape, place, None, value);
            found.list
        });
        let weight = |list: &Vec<DriftFinding>| list.iter().map(|one| one.count).sum::<u64>();
        for finding in tried.min_by_key(weight).unwrap_or_default() {
            self.merge(finding);
        }
    }

    fn merge(&mut self, finding: DriftFinding) {
        let mut known = self.list.iter_mut();
        let same =
            |one: &&mut DriftFinding| one.kind == finding.kind && one.pointer == finding.pointer;
        if let Some(known) = known.find(same) {
            known.count += finding.count;
        } else if self.list.len() < MOST {
            self.list.push(finding);
        }
    }
}

/// Whether a value is of the shape's JSON type.
fn fits(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::Any | Shape::Untagged(_) => true,
        Shape::Leaf => !value.is_object() && !value.is_array(),
        Shape::Object(_) | Shape::Map(..) | Shape::Tagged { .. } => value.is_object(),
        Shape::Array(_) => value.is_array(),
        Shape::Enum(_) => value.is_string(),
    }
}

/// One step down.
struct Walk<'w> {
    shape: &'w Shape,
    place: &'w Place<'w>,
    /// The field that chose this shape: known, whether or not the shape lists it.
    tag: Option<&'w str>,
    found: &'w mut DriftFindings,
}

impl<'w> Walk<'w> {
    fn new(shape: &'w Shape, place: &'w Place<'w>, found: &'w mut DriftFindings) -> Self {
        Self {
            shape,
            place,
            tag: None,
            found,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        match self.shape {
            Shape::Any | Shape::Leaf => input.deserialize_ignored_any(IgnoredAny).map(drop),
            Shape::Tagged { .. } | Shape::Untagged(_) => {
                let value = Value::deserialize(input)?;
                self.found
                    .of_value(self.shape, self.place, self.tag, &value);
                Ok(())
            }
            _ => input.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        if let Shape::Enum(values) = self.shape
            && !values.contains(&text)
        {
            self.found.add(DriftKind::UnknownValue, self.place);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let shape = match self.shape {
            Shape::Array(shape) => shape,
            _ => &Shape::Any,
        };
        let place = Place::Each(self.place);
        while items
            .next_element_seed(Walk::new(shape, &place, self.found))?
            .is_some()
        {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut next = 0;
        while let Some(field) = fields.next_key_seed(Key {
            shape: self.shape,
            place: self.place,
            tag: self.tag,
            found: self.found,
            next: &mut next,
        })? {
            let place = match field.name {
                Some(name) => Place::Field(self.place, name),
                None => Place::Each(self.place),
            };
            fields.next_value_seed(Walk::new(field.shape, &place, self.found))?;
        }
        Ok(())
    }
}

/// The key of a field, looked up where it is read.
struct Key<'k> {
    shape: &'k Shape,
    place: &'k Place<'k>,
    tag: Option<&'k str>,
    found: &'k mut DriftFindings,
    /// Where in the shape the field is looked for first.
    next: &'k mut usize,
}

/// A field that was looked up.
struct Field {
    /// Its name, when the shape lists it.
    name: Option<&'static str>,
    shape: &'static Shape,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Field;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Field, D::Error> {
        input.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Field;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Field, E> {
        let (fields, rest) = match self.shape {
            Shape::Object(fields) => (*fields, None),
            Shape::Map(fields, rest) => (*fields, Some(*rest)),
            _ => (&[] as &[_], Some(&Shape::Any)),
        };
        if let Some(index) = position(fields, name, *self.next) {
            *self.next = index + 1;
            let (name, shape) = fields[index];
            let name = Some(name);
            return Ok(Field { name, shape });
        }
        if rest.is_none() && self.tag != Some(name) {
            let place = Place::Field(self.place, shown(name));
            self.found.add(DriftKind::UnknownField, &place);
        }
        Ok(Field {
            name: None,
            shape: rest.unwrap_or(&Shape::Any),
        })
    }
}

#[cfg(test)]
mod tests;
