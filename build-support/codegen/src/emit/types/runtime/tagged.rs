//! Values of one of several types, where one property says which.

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value};

/// An object with a property that says which type it has.
pub struct Tagged {
    /// The whole object, the tag included.
    pub raw: Map<String, Value>,
    /// The tag's value; a number or boolean as JSON writes it.
    pub tag: String,
}

impl Tagged {
    /// Reads the object and looks at its tag, and at nothing else yet.
    ///
    /// # Errors
    ///
    /// When the value is not an object, or has no tag that is a string, a number or a boolean.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D, tag: &str) -> Result<Self, D::Error> {
        Self::find(deserializer, tag)?.map_err(|_| {
            D::Error::custom(format!("`{tag}`, which names the type, is missing"))
        })
    }

    /// Reads the object and looks at its tag, which it need not have: without one the object
    /// itself is returned, for its shape to decide.
    ///
    /// # Errors
    ///
    /// When the value is not an object, or its tag is not a string, a number or a boolean.
    pub fn find<'de, D: Deserializer<'de>>(
        deserializer: D,
        tag: &str,
    ) -> Result<Result<Self, Value>, D::Error> {
        let raw = Map::<String, Value>::deserialize(deserializer)?;
        let tag = match raw.get(tag) {
            Some(Value::String(value)) => value.clone(),
            Some(Value::Bool(value)) => value.to_string(),
            Some(Value::Number(value)) => number(value),
            None | Some(Value::Null) => return Ok(Err(Value::Object(raw))),
            Some(_) => {
                return Err(D::Error::custom(format!(
                    "`{tag}` is not a string, a number or a boolean"
                )));
            }
        };
        Ok(Ok(Self { raw, tag }))
    }

    /// Reads the object as the member its tag chose. A fault is a fault of that member; no other
    /// one is tried.
    ///
    /// # Errors
    ///
    /// The fault of the member, with its name.
    pub fn decode<T: DeserializeOwned, E: serde::de::Error>(self, member: &str) -> Result<T, E> {
        serde_json::from_value(Value::Object(self.raw))
            .map_err(|cause| E::custom(format!("`{}` ({member}): {cause}", self.tag)))
    }

    /// Reads one property of an object of a type not known yet.
    ///
    /// # Errors
    ///
    /// When the property is missing or of another type.
    pub fn property<T: DeserializeOwned, E: serde::de::Error>(&self, name: &str) -> Result<T, E> {
        let value = self.raw.get(name).cloned();
        let value = value.ok_or_else(|| {
            E::custom(format!(
                "`{}`, a type not known here, has no `{name}`",
                self.tag
            ))
        })?;
        serde_json::from_value(value)
            .map_err(|cause| E::custom(format!("`{name}` of `{}`: {cause}", self.tag)))
    }

    /// The object without its tag, for a member that does not list it.
    #[must_use]
    pub fn without(mut self, tag: &str) -> Self {
        self.raw.remove(tag);
        self
    }
}

/// A number as a contract writes it: `1.0` is `1`.
fn number(value: &Number) -> String {
    /// Every integer up to here has a double of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let double = value.as_f64().filter(|_| value.is_f64());
    match double.filter(|double| double.fract() == 0.0 && double.abs() <= EXACT) {
        // The sum is never a negative nought.
        Some(whole) => format!("{:.0}", whole + 0.0),
        None => value.to_string(),
    }
}

/// Writes a member that carries its tag, which has to be one that chooses this member.
///
/// # Errors
///
/// When the member's own tag would choose another member, and whatever the serialiser reports.
pub fn write<S: Serializer>(
    serializer: S,
    member: &impl Serialize,
    tag: &str,
    tags: &[&str],
) -> Result<S::Ok, S::Error> {
    chooses(tag, tags)?;
    member.serialize(serializer)
}

fn chooses<E: serde::ser::Error>(tag: &str, tags: &[&str]) -> Result<(), E> {
    if tags.contains(&tag) {
        return Ok(());
    }
    let wanted = tags.join("`, `");
    Err(E::custom(format!(
        "the value is tagged `{tag}` but stands where `{wanted}` belongs; set its tag"
    )))
}

/// Writes a member that lists the tag and need not have it: as it is.
///
/// # Errors
///
/// When the member's own tag would choose another member, when the member cannot be written, and
/// whatever the serialiser reports.
pub fn write_own<S: Serializer>(
    serializer: S,
    member: &impl Serialize,
    name: &str,
    tags: &[&str],
) -> Result<S::Ok, S::Error> {
    let value = serde_json::to_value(member).map_err(S::Error::custom)?;
    if let Some(own) = value.get(name).and_then(Value::as_str) {
        chooses(own, tags)?;
    }
    value.serialize(serializer)
}

/// Writes a member that does not list the tag, and the tag with it: the first that chooses the
/// member, unless it has one among the properties that are not listed.
///
/// # Errors
///
/// When the member's own tag would choose another member, when the member cannot be written, and
/// whatever the serialiser reports.
pub fn write_adding<S: Serializer>(
    serializer: S,
    member: &impl Serialize,
    name: &str,
    tags: &[&str],
) -> Result<S::Ok, S::Error> {
    let mut value = serde_json::to_value(member).map_err(S::Error::custom)?;
    if let Value::Object(object) = &mut value {
        let first = tags.first().copied().unwrap_or_default();
        let own = object.entry(name).or_insert_with(|| first.into());
        if let Some(own) = own.as_str() {
            chooses(own, tags)?;
        }
    }
    value.serialize(serializer)
}
