//! Properties that may be absent, null or a value, which are three things.

use serde::{Deserialize, Deserializer};

/// Reads a property that is there: null is a value of it, and only absence is `None`.
///
/// # Errors
///
/// When the value is not of the property's type.
pub fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
