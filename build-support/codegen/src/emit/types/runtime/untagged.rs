//! Values of one of several types, told apart by their shape alone.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads a value whose type only its shape tells: members are tried one after the other.
pub struct Untagged {
    value: Value,
    failures: String,
}

impl Untagged {
    /// Reads the value, as whatever it is.
    ///
    /// # Errors
    ///
    /// When it is not a JSON value.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(Self {
            value,
            failures: String::new(),
        })
    }

    /// The value as this member, if it is one.
    pub fn attempt<T: DeserializeOwned>(&mut self, member: &str) -> Option<T> {
        match T::deserialize(&self.value) {
            Ok(value) => Some(value),
            Err(cause) => {
                self.failures.push_str(&format!("; as {member}: {cause}"));
                None
            }
        }
    }

    /// The error that says why it is none of them.
    #[must_use]
    pub fn fail<E: serde::de::Error>(self, union: &str) -> E {
        E::custom(format!("not a {union}{}", self.failures))
    }
}
