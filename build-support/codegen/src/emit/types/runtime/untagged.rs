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
    /// The properties whose value the best member does not list.
    contradicted: Vec<Option<&'static str>>,
    /// Those whose value some member lists.
    listed: Vec<Option<&'static str>>,
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
            contradicted: Vec::new(),
            listed: Vec::new(),
        }
    }

    /// Tries one member. Of members that fit equally well the first tried is taken.
    pub fn attempt<T: DeserializeOwned + Serialize>(&mut self, member: &Member, wrap: fn(T) -> U) {
        let (listed, contradicted) = member.sides(&self.value);
        self.listed.extend(&listed);
        let read = match T::deserialize(&self.value) {
            Ok(read) => read,
            Err(cause) => {
                let failure = format!("; as {}: {cause}", member.name);
                self.failures.push_str(&failure);
                return;
            }
        };
        let written = serde_json::to_value(&read).unwrap_or_default();
        let fit = member.fit(&self.value, &written, listed.len(), contradicted.is_empty());
        if self.best.as_ref().is_none_or(|(best, _)| fit > *best) {
            self.best = Some((fit, wrap(read)));
            self.contradicted = contradicted;
        }
    }

    /// The member that fits best.
    ///
    /// # Errors
    ///
    /// When none fits, with the reason for each. A member does not fit where another one lists the value
    /// of a property that it lists other values of.
    pub fn finish<E: serde::de::Error>(self, union: &str) -> Result<U, E> {
        let is_of_another = |property| self.listed.contains(property);
        let other = self.contradicted.iter().any(is_of_another);
        match self.best.filter(|_| !other) {
            Some((_, member)) => Ok(member),
            None => Err(E::custom(format!("not a {union}{}", self.failures))),
        }
    }
}

impl Member {
    /// The properties whose value is among the listed ones, and those whose value is not.
    fn sides(&self, value: &Value) -> (Vec<Option<&'static str>>, Vec<Option<&'static str>>) {
        let part = |property: Option<&str>| property.map_or(Some(value), |name| value.get(name));
        let there = self.listed.iter().filter_map(|(property, values)| {
            let part = part(*property).filter(|part| !part.is_null())?;
            Some((*property, values.iter().any(|listed| listed.is(part))))
        });
        let (listed, contradicted): (Vec<_>, Vec<_>) = there.partition(|(_, listed)| *listed);
        let names = |all: Vec<(Option<&'static str>, bool)>| all.into_iter().map(|(name, _)| name).collect();
        (names(listed), names(contradicted))
    }

    fn fit(&self, value: &Value, written: &Value, matched: usize, mut agrees: bool) -> Fit {
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
