//! The name of a key in a signature.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The `keyid` of a signature: in OffBlocks' API the `signingKeyId`, a UUID that the caller chose.
///
/// It holds printable ASCII only, because a structured-field string can carry nothing else
/// (RFC 8941, section 3.3.3).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(String);

impl KeyId {
    /// Takes a name for a key.
    ///
    /// ```
    /// use offblocks_signature::KeyId;
    ///
    /// assert!(KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c").is_ok());
    /// assert!(KeyId::new("schlüssel").is_err());
    /// ```
    ///
    /// # Errors
    /// When the name is empty or holds anything but printable ASCII.
    pub fn new(id: impl Into<String>) -> Result<Self, InvalidKeyId> {
        let id = id.into();
        let printable = id.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if id.is_empty() || !printable {
            return Err(InvalidKeyId);
        }
        Ok(Self(id))
    }

    /// The name as text.
    ///
    /// ```
    /// let id = offblocks_signature::KeyId::new("key-1")?;
    /// assert_eq!(id.as_str(), "key-1");
    /// # Ok::<(), offblocks_signature::InvalidKeyId>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text cannot be the `keyid` of a signature.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a key id is one or more printable ASCII characters, for example a UUID")]
pub struct InvalidKeyId;

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for KeyId {
    type Err = InvalidKeyId;

    fn from_str(id: &str) -> Result<Self, InvalidKeyId> {
        Self::new(id)
    }
}

impl AsRef<str> for KeyId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_printable_ascii_is_a_key_id() {
        assert_eq!(
            KeyId::new("test key \"1\"").unwrap().as_str(),
            "test key \"1\""
        );
        for rejected in ["", "schlüssel", "a\nb", "\u{7f}"] {
            assert_eq!(
                KeyId::new(rejected),
                Err(InvalidKeyId),
                "{rejected:?} must be rejected"
            );
        }
    }
}
