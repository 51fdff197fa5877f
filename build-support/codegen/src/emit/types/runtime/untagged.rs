//! Values of one of several types, where the shape of a value alone decides which.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::integers;

/// What a contract says of one member of a union.
pub struct Member {
    /// What the member is called in errors.
    pub name: &'static str,
    /// The properties it lists.
    pub properties: &'static [&'static str],
    /// Whether it says what further properties are.
    pub any: bool,
    /// The only values a property may have; without a property, those of the whole value.
    pub listed: &'static [(Option<&'static str>, &'static [Listed])],
    /// Whether a string is in the member's format.
    pub format: Option<fn(&str) -> bool>,
}

/// A constant or listed value.
pub enum Listed {
    /// A string.
    Text(&'static str),
    /// An integer.
    Whole(i128),
    /// A boolean.
    Flag(bool),
}

/// Reads a value whose type depends on its shape alone: every member is tried, and the one that
/// fits best is taken.
pub struct Untagged<U> {
    value: Value,
    failures: String,
    best: Option<(Fit, U)>,
}

/// How well a member fits; the greatest is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// Nothing in the value contradicts a listed value or the format.
    agrees: bool,
    /// How many parts of the value are written again as they were read.
    kept: usize,
    /// How many of its listed values the value has.
    matched: usize,
    /// Of how many of the value's properties it says what they are.
    known: usize,
}

impl<U> Untagged<U> {
    /// Reads the value, as whatever it is.
    ///
    /// # Errors
    ///
    /// When it is not a JSON value.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::of)
    }

    /// The same for a value that was read.
    #[must_use]
    pub fn of(mut value: Value) -> Self {
        integers::normalise(&mut value);
        Self {
            value,
            failures: String::new(),
            best: None,
        }
    }

    /// Tries one member. Of members that fit equally well the first tried is taken.
    pub fn attempt<T: DeserializeOwned + Serialize>(&mut self, member: &Member, wrap: fn(T) -> U) {
        let read = match T::deserialize(&self.value) {
            Ok(read) => read,
            Err(cause) => {
                let failure = format!("; as {}: {cause}", member.name);
                self.failures.push_str(&failure);
                return;
            }
        };
        let written = serde_json::to_value(&read).unwrap_or_default();
        let fit = member.fit(&self.value, &written);
        if self.best.as_ref().is_none_or(|(best, _)| fit > *best) {
            self.best = Some((fit, wrap(read)));
        }
    }

    /// The member that fits best.
    ///
    /// # Errors
    ///
    /// When none fits, with the reason for each.
    pub fn finish<E: serde::de::Error>(self, union: &str) -> Result<U, E> {
        match self.best {
            Some((_, member)) => Ok(member),
            None => Err(E::custom(format!("not a {union}{}", self.failures))),
        }
    }
}

impl Member {
    fn fit(&self, value: &Value, written: &Value) -> Fit {
        let (mut agrees, mut matched) = (true, 0);
        for (property, values) in self.listed {
            let part = property.map_or(Some(value), |name| value.get(name));
            let Some(part) = part.filter(|part| !part.is_null()) else {
                continue;
            };
            if values.iter().any(|listed| listed.is(part)) {
                matched += 1;
            } else {
                agrees = false;
            }
        }
        if let (Some(in_format), Some(text)) = (self.format, value.as_str()) {
            agrees &= in_format(text);
        }
        let properties = self.properties.iter();
        let all = value.as_object().filter(|_| self.any).map(serde_json::Map::len);
        Fit {
            agrees,
            kept: kept(value, written),
            matched,
            known: all.unwrap_or_else(|| properties.filter(|name| value.get(name).is_some()).count()),
        }
    }
}

impl Listed {
    fn is(&self, value: &Value) -> bool {
        match self {
            Self::Text(text) => value.as_str() == Some(text),
            Self::Flag(flag) => value.as_bool() == Some(*flag),
            Self::Whole(number) => integers::whole(value) == Some(*number),
        }
    }
}

/// How many parts of a value are there again, unchanged.
fn kept(value: &Value, written: &Value) -> usize {
    match (value, written) {
        (Value::Object(before), Value::Object(after)) => {
            let parts = before.iter();
            let parts = parts.filter_map(|(key, part)| Some(kept(part, after.get(key)?)));
            1 + parts.sum::<usize>()
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            let parts = before.iter().zip(after);
            1 + parts.map(|(before, after)| kept(before, after)).sum::<usize>()
        }
        (before, after) if before == after => 1,
        (before, after) => usize::from(integers::whole(before).is_some() && integers::whole(before) == integers::whole(after)),
    }
}
