//! Exact decimal numbers, the form money takes.

use super::text;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// An exact decimal number that travels as a string.
///
/// It is never a float and never rounded, and its text is kept as it was read: any number of digits
/// is taken, "20.0" prints as "20.0" again ([`normalised`](Self::normalised) drops trailing zeros).
/// Equality, order and hash go by value, so "20", "20.0" and "20.00" are the same amount.
///
/// To calculate, take the [`value`](Self::value), which exists for numbers of up to 28 digits after
/// the point and 96 bits in all.
///
/// An optional minus sign, digits, and optionally a point with more digits are read; an exponent
/// ("2e1"), a plus sign, a bare point (".5") and digit separators are rejected.
#[derive(Clone)]
pub struct Decimal(Kept);

/// How a number is kept.
#[derive(Clone)]
enum Kept {
    /// As a number that prints as the text it was read from.
    Number(rust_decimal::Decimal),
    /// As a text that is longer than such a number, or is written in another way ("007", "-0").
    Text(Box<str>),
}

impl Decimal {
    /// Nought.
    pub const ZERO: Self = Self(Kept::Number(rust_decimal::Decimal::ZERO));
    /// One.
    pub const ONE: Self = Self(Kept::Number(rust_decimal::Decimal::ONE));

    /// `units` shifted right by `scale` digits: `from_units(1999, 2)` is 19.99. `None` when the
    /// result has no [`value`](Self::value).
    #[must_use]
    pub fn from_units(units: i128, scale: u32) -> Option<Self> {
        rust_decimal::Decimal::try_from_i128_with_scale(units, scale)
            .ok()
            .map(Self::from)
    }

    /// The number to calculate with; `None` when it has more than 28 digits after the point or 96
    /// bits in all.
    #[must_use]
    pub fn value(&self) -> Option<rust_decimal::Decimal> {
        match &self.0 {
            Kept::Number(number) => Some(*number),
            Kept::Text(text) => rust_decimal::Decimal::from_str_exact(text).ok(),
        }
    }

    /// The number's digits as a whole number; its value is this shifted right by
    /// [`scale`](Self::scale) digits. `None` when there is no [`value`](Self::value).
    #[must_use]
    pub fn units(&self) -> Option<i128> {
        self.value().map(|value| value.mantissa())
    }

    /// How many digits stand after the point, trailing zeros included.
    #[must_use]
    pub fn scale(&self) -> usize {
        let text = self.text();
        text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
    }

    /// The same number without zeros that say nothing: "20.50" becomes "20.5", and "007" becomes "7".
    #[must_use]
    pub fn normalised(&self) -> Self {
        if let Kept::Number(number) = &self.0 {
            return Self::from(number.normalize());
        }
        let text = self.text();
        let digits = Digits::of(&text);
        let sign = if digits.negative { "-" } else { "" };
        let whole = if digits.whole.is_empty() { "0" } else { digits.whole };
        let point = if digits.fraction.is_empty() { "" } else { "." };
        Self::kept(&[sign, whole, point, digits.fraction].concat())
    }

    /// Whether the number is nought.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        let text = self.text();
        let digits = Digits::of(&text);
        digits.whole.is_empty() && digits.fraction.is_empty()
    }

    /// Whether the number is below nought.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        Digits::of(&self.text()).negative
    }

    /// A well-formed text.
    fn kept(text: &str) -> Self {
        match rust_decimal::Decimal::from_str_exact(text) {
            Ok(number) if number.to_string() == text => Self(Kept::Number(number)),
            _ => Self(Kept::Text(text.into())),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Kept::Number(number) => Cow::Owned(number.to_string()),
            Kept::Text(text) => Cow::Borrowed(text),
        }
    }
}

/// The digits of a well-formed text without zeros that say nothing. Two numbers are equal when these
/// are, and this order is theirs for numbers that are not negative.
#[derive(PartialEq, Eq, Hash)]
struct Digits<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Digits<'a> {
    fn of(text: &'a str) -> Self {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let nought = whole.is_empty() && fraction.is_empty();
        Self {
            negative: text.starts_with('-') && !nought,
            whole,
            fraction,
        }
    }

    /// The order of the numbers without their signs.
    fn by_size(&self, other: &Self) -> Ordering {
        let whole = self.whole.len().cmp(&other.whole.len());
        let whole = whole.then_with(|| self.whole.cmp(other.whole));
        whole.then_with(|| self.fraction.cmp(other.fraction))
    }
}

impl Default for Decimal {
    fn default() -> Self {
        Self::ZERO
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Kept::Number(a), Kept::Number(b)) = (&self.0, &other.0) {
            return a.cmp(b);
        }
        let (a, b) = (self.text(), other.text());
        let (a, b) = (Digits::of(&a), Digits::of(&b));
        match (a.negative, b.negative) {
            (false, false) => a.by_size(&b),
            (true, true) => b.by_size(&a),
            (negative, _) => match negative {
                true => Ordering::Less,
                false => Ordering::Greater,
            },
        }
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Digits::of(&self.text()).hash(state);
    }
}

/// Why a text is not a valid [`Decimal`], or a [`Decimal`] has no [`value`](Decimal::value).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecimalError {
    /// The text is not a minus sign, digits, a point and digits.
    Malformed,
    /// The number has too many digits to calculate with exactly.
    TooLong,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "not a decimal number; write digits, such as \"-12.50\"",
            Self::TooLong => "a decimal number with too many digits to calculate with exactly",
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
        Ok(Self::kept(text))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text())
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Decimal({})", self.text())
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self::from(rust_decimal::Decimal::from(whole))
    }
}

impl From<rust_decimal::Decimal> for Decimal {
    /// Nought has no sign here.
    fn from(number: rust_decimal::Decimal) -> Self {
        let number = if number.is_zero() { number.abs() } else { number };
        Self(Kept::Number(number))
    }
}

impl TryFrom<Decimal> for rust_decimal::Decimal {
    type Error = DecimalError;

    fn try_from(number: Decimal) -> Result<Self, DecimalError> {
        number.value().ok_or(DecimalError::TooLong)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::read(deserializer, "a decimal number in a string", str::parse)
    }
}
