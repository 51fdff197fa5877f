//! Values that are written exactly as they were read, with what they mean behind a method.

use super::{Base64, Base64Error, text};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A type around a text that is kept byte for byte; `$format` is its `format` in a schema.
macro_rules! kept_text {
    ($(#[$docs:meta])* $name:ident, $format:literal) => {
        $(#[$docs])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text, exactly as it travels.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, taken out.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(text: &str) -> Result<Self, Infallible> {
                Ok(Self(text.to_owned()))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<$name> for String {
            fn from(kept: $name) -> Self {
                kept.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.0 == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.0 == *text
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                text::read(deserializer, "a string", str::parse)
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}

kept_text! {
    /// A URI as the other side wrote it.
    ///
    /// Nothing is normalised: `https://a.example` gains no slash, and `{id}` is not escaped. A text
    /// that is not a valid URI is kept too. [`UriText::parse`] looks into it.
    UriText, "uri"
}

impl UriText {
    /// The URL in its normal form (WHATWG URL).
    ///
    /// # Errors
    ///
    /// When the text is not an absolute URL; [`url::Url::join`] resolves a relative one.
    pub fn parse(&self) -> Result<url::Url, url::ParseError> {
        url::Url::parse(&self.0)
    }
}

impl From<url::Url> for UriText {
    fn from(url: url::Url) -> Self {
        Self(url.into())
    }
}

impl TryFrom<UriText> for url::Url {
    type Error = url::ParseError;

    fn try_from(text: UriText) -> Result<Self, url::ParseError> {
        text.parse()
    }
}

kept_text! {
    /// A date and time as the other side wrote it: its offset, its digits, or no offset at all.
    ///
    /// A text that is not a date and time is kept too. [`DateTimeText::parse`] and
    /// [`DateTimeText::parse_local`] look into it.
    DateTimeText, "date-time"
}

impl DateTimeText {
    /// The instant with its offset, to the nanosecond (RFC 3339, section 5.6).
    ///
    /// # Errors
    ///
    /// When the text has no offset, or is not a date and time as RFC 3339 writes it.
    pub fn parse(&self) -> Result<DateTime<FixedOffset>, chrono::ParseError> {
        DateTime::parse_from_rfc3339(&self.0)
    }

    /// The date and time on the clock of the place that wrote it, whatever its offset.
    ///
    /// # Errors
    ///
    /// When the text is neither what [`DateTimeText::parse`] reads nor the same without an offset.
    pub fn parse_local(&self) -> Result<NaiveDateTime, chrono::ParseError> {
        let local = NaiveDateTime::parse_from_str(&self.0, "%Y-%m-%dT%H:%M:%S%.f");
        local.or_else(|_| self.parse().map(|instant| instant.naive_local()))
    }
}

impl<Z: chrono::TimeZone> From<DateTime<Z>> for DateTimeText {
    fn from(instant: DateTime<Z>) -> Self {
        let text = instant.fixed_offset();
        Self(text.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

kept_text! {
    /// A date as the other side wrote it.
    ///
    /// A text that is not a date is kept too. [`DateText::parse`] looks into it.
    DateText, "date"
}

impl DateText {
    /// The date (RFC 3339, `full-date`).
    ///
    /// # Errors
    ///
    /// When the text is not a date.
    pub fn parse(&self) -> Result<NaiveDate, chrono::ParseError> {
        NaiveDate::parse_from_str(&self.0, "%Y-%m-%d")
    }
}

impl From<NaiveDate> for DateText {
    fn from(date: NaiveDate) -> Self {
        Self(date.to_string())
    }
}

kept_text! {
    /// A UUID as the other side wrote it, capitals and all.
    ///
    /// A text that is not a UUID is kept too. [`UuidText::parse`] looks into it. Two texts of one UUID
    /// are equal only where they are spelt alike.
    UuidText, "uuid"
}

impl UuidText {
    /// The UUID (RFC 9562).
    ///
    /// # Errors
    ///
    /// When the text is not a UUID.
    pub fn parse(&self) -> Result<uuid::Uuid, uuid::Error> {
        uuid::Uuid::parse_str(&self.0)
    }
}

impl From<uuid::Uuid> for UuidText {
    fn from(uuid: uuid::Uuid) -> Self {
        Self(uuid.to_string())
    }
}

kept_text! {
    /// Base64 as the other side wrote it, with or without padding.
    ///
    /// A text that is not base64 is kept too. [`Base64Text::decode`] looks into it.
    Base64Text, "byte"
}

impl Base64Text {
    /// The bytes (RFC 4648, section 4; padding may be missing).
    ///
    /// # Errors
    ///
    /// When the text is not base64 in the standard alphabet.
    pub fn decode(&self) -> Result<Vec<u8>, Base64Error> {
        self.0.parse::<Base64>().map(Base64::into_bytes)
    }
}

impl From<Base64> for Base64Text {
    fn from(bytes: Base64) -> Self {
        Self(bytes.to_string())
    }
}

impl From<&[u8]> for Base64Text {
    fn from(bytes: &[u8]) -> Self {
        Base64::from(bytes).into()
    }
}

impl From<Vec<u8>> for Base64Text {
    fn from(bytes: Vec<u8>) -> Self {
        Base64::from(bytes).into()
    }
}
