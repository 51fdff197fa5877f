//! Exact decimal numbers, the form money takes.

use super::text;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// An exact decimal number that travels as a string.
///
/// It is never a float and is never rounded: a number with more digits than fit (28 after the
/// point, 96 bits in all) is rejected when it is read. Equality, order and hash go by value, so
/// "20", "20.0" and "20.00" are the same amount; the digits as read are kept, so "20.0" prints as
/// "20.0" again ([`normalised`](Self::normalised) drops trailing zeros); leading zeros and the sign
/// of nought are not kept.
///
/// An optional minus sign, digits, and optionally a point with more digits are read; an exponent
/// ("2e1"), a plus sign, a bare point (".5") and digit separators are rejected.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(rust_decimal::Decimal);

impl Decimal {
    /// Nought.
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);
    /// One.
    pub const ONE: Self = Self(rust_decimal::Decimal::ONE);

    /// `units` shifted right by `scale` digits: `from_units(1999, 2)` is 19.99. `None` when the
    /// result does not fit.
    #[must_use]
    pub fn from_units(units: i128, scale: u32) -> Option<Self> {
        rust_decimal::Decimal::try_from_i128_with_scale(units, scale)
            .ok()
            .map(Self)
    }

    /// The number's digits as a whole number; its value is this shifted right by
    /// [`scale`](Self::scale) digits.
    #[must_use]
    pub fn units(&self) -> i128 {
        self.0.mantissa()
    }

    /// How many digits stand after the point, trailing zeros included.
    #[must_use]
    pub fn scale(&self) -> u32 {
        self.0.scale()
    }

    /// The same number without trailing zeros after the point: "20.50" becomes "20.5".
    #[must_use]
    pub fn normalised(&self) -> Self {
        Self(self.0.normalize())
    }

    /// Whether the number is nought.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether the number is below nought.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }
}

/// Why a text is not a valid [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecimalError {
    /// The text is not a minus sign, digits, a point and digits.
    Malformed,
    /// The number cannot be kept exactly.
    TooLong,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "not a decimal number; write digits, such as \"-12.50\"",
            Self::TooLong => "a decimal number with more digits than can be kept exactly",
        })
    }
}

impl std::error::Error for DecimalError {}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !number(whole) || !number(fraction) {
            return Err(DecimalError::Malformed);
        }
        let exact = rust_decimal::Decimal::from_str_exact(text);
        exact.map(Self).map_err(|_| DecimalError::TooLong)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Decimal({})", self.0)
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self(whole.into())
    }
}

impl From<rust_decimal::Decimal> for Decimal {
    fn from(number: rust_decimal::Decimal) -> Self {
        Self(number)
    }
}

impl From<Decimal> for rust_decimal::Decimal {
    fn from(number: Decimal) -> Self {
        number.0
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::read(deserializer, "a decimal number in a string", str::parse)
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "decimal" })
    }
}
