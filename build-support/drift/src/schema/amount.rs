//! Numbers that keywords state, compared exactly wherever decimals can hold them.

use contract::Node;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::cmp::Ordering;
use std::fmt;

/// A number a keyword states.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Amount {
    /// As it is written.
    Exact(Decimal),
    /// The nearest binary fraction of one beyond the reach of decimals.
    Nearest(f64),
}

impl Amount {
    /// The number a node holds.
    pub fn of(node: &Node) -> Option<Self> {
        let number = node.as_number()?;
        let text = number.to_string();
        let exact = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
        match exact {
            Ok(exact) => Some(Self::Exact(exact.normalize())),
            Err(_) => number.as_f64().map(Self::Nearest),
        }
    }

    pub fn whole(value: i128) -> Self {
        let exact = Decimal::try_from_i128_with_scale(value, 0);
        exact.map_or(Self::Nearest(value as f64), Self::Exact)
    }

    pub fn order(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Exact(one), Self::Exact(other)) => one.cmp(&other),
            (one, other) => one.nearest().total_cmp(&other.nearest()),
        }
    }

    pub fn is_whole(self) -> bool {
        match self {
            Self::Exact(value) => value.is_integer(),
            Self::Nearest(value) => value.fract() == 0.0,
        }
    }

    /// The last multiple of a step up to here, or the first one from here on.
    pub fn to_multiple(self, step: Self, up: bool) -> Self {
        let (Self::Exact(value), Self::Exact(step)) = (self, step) else {
            return self;
        };
        let rounded = value.checked_div(step).and_then(|count| {
            let count = if up { count.ceil() } else { count.floor() };
            count.checked_mul(step)
        });
        rounded.map_or(self, |value| Self::Exact(value.normalize()))
    }

    /// This and another number, where both are exact.
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Exact(one), Self::Exact(other)) => {
                one.checked_add(other).map_or(self, Self::Exact)
            }
            (one, other) => Self::Nearest(one.nearest() + other.nearest()),
        }
    }

    pub fn negative(self) -> Self {
        match self {
            Self::Exact(value) => Self::Exact(-value),
            Self::Nearest(value) => Self::Nearest(-value),
        }
    }

    pub fn is_multiple_of(self, step: Self) -> bool {
        if let (Self::Exact(value), Self::Exact(step)) = (self, step) {
            return value.checked_rem(step).is_some_and(|rest| rest.is_zero());
        }
        let ratio = self.nearest() / step.nearest();
        ratio.is_finite() && (ratio - ratio.round()).abs() <= 1e-9 * ratio.abs().max(1.0)
    }

    /// The least number that is a multiple of both; `None` when it is too large.
    pub fn least_common(self, other: Self) -> Option<Self> {
        let (Self::Exact(one), Self::Exact(other)) = (self, other) else {
            return None;
        };
        let scale = one.scale().max(other.scale());
        let scaled = |value: Decimal| {
            let missing = 10_i128.checked_pow(scale - value.scale())?;
            value.mantissa().abs().checked_mul(missing)
        };
        let (one, other) = (scaled(one)?, scaled(other)?);
        let common = one.checked_div(divisor(one, other))?.checked_mul(other)?;
        let common = Decimal::try_from_i128_with_scale(common, scale).ok()?;
        Some(Self::Exact(common.normalize()))
    }

    /// A whole number, if it is one of a usual size.
    pub fn to_i128(self) -> Option<i128> {
        match self {
            Self::Exact(value) if value.is_integer() => value.to_i128(),
            _ => None,
        }
    }

    fn nearest(self) -> f64 {
        match self {
            Self::Exact(value) => value.to_f64().unwrap_or(f64::NAN),
            Self::Nearest(value) => value,
        }
    }
}

/// The greatest number that divides both.
fn divisor(one: i128, other: i128) -> i128 {
    match other {
        0 => one,
        _ => divisor(other, one % other),
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.order(*other) == Ordering::Equal
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(value) => write!(f, "{value}"),
            Self::Nearest(value) => write!(f, "{value:e}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::Span;

    fn amount(text: &str) -> Amount {
        let number: serde_json::Number = text.parse().unwrap();
        Amount::of(&Node::number(number, Span::default())).unwrap()
    }

    #[test]
    fn neighbours_are_told_apart_where_binary_fractions_would_not() {
        let table = [
            ("9223372036854775807", "9223372036854775806"),
            ("9007199254740993", "9007199254740992"),
            ("1e300", "1e299"),
            ("0.3", "0.2"),
        ];
        for (more, less) in table {
            assert_eq!(
                amount(more).order(amount(less)),
                Ordering::Greater,
                "{more}"
            );
        }
        assert_eq!(amount("1.0"), amount("1"));
        assert_eq!(amount("1e2"), amount("100"));
    }

    #[test]
    fn multiples_in_common() {
        for (one, other, common) in [("2", "3", "6"), ("0.5", "1", "1"), ("1.5", "1", "3")] {
            let found = amount(one).least_common(amount(other));
            assert_eq!(found, Some(amount(common)), "{one} and {other}");
        }
        assert!(amount("0.3").is_multiple_of(amount("0.1")));
        assert_eq!(amount("95").to_multiple(amount("10"), false), amount("90"));
        assert_eq!(amount("-95").to_multiple(amount("10"), true), amount("-90"));
    }
}
