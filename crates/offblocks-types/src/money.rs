//! Exact arithmetic on amounts.

use crate::Decimal;

impl Decimal {
    /// The exact sum, with the digits of the longer fraction. `None` when it does not fit, never a
    /// rounded one.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let exact = |a: Self, b: Self| {
            let scale = a.scale().max(b.scale());
            let units = a.units_at(scale)?.checked_add(b.units_at(scale)?)?;
            fitting(units, scale)
        };
        exact(self, other).or_else(|| exact(self.normalised(), other.normalised()))
    }

    /// The exact difference. `None` when it does not fit, never a rounded one.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.negated())
    }

    /// The exact product. `None` when it does not fit, never a rounded one.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let exact = |a: Self, b: Self| {
            let units = a.units().checked_mul(b.units())?;
            fitting(units, a.scale() + b.scale())
        };
        exact(self, other).or_else(|| exact(self.normalised(), other.normalised()))
    }

    /// The exact sum of all. `None` when a part of it does not fit.
    #[must_use]
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        // Every number has its negative: the sign is kept apart from the digits.
        Self::from(-rust_decimal::Decimal::from(self))
    }

    /// The digits as a whole number, shifted to this many digits after the point.
    fn units_at(self, scale: u32) -> Option<i128> {
        let shift = 10_i128.checked_pow(scale - self.scale())?;
        self.units().checked_mul(shift)
    }
}

/// The number of these digits, shortened by trailing zeros where it would be too long.
fn fitting(mut units: i128, mut scale: u32) -> Option<Decimal> {
    loop {
        if let Some(number) = Decimal::from_units(units, scale) {
            return Some(number);
        }
        if scale == 0 || units % 10 != 0 {
            return None;
        }
        units /= 10;
        scale -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LONGEST: &str = "79228162514264337593543950335";

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn arithmetic_is_exact_or_nothing() {
        type Operation = fn(Decimal, Decimal) -> Option<Decimal>;
        let table: [(&str, Operation, &str, Option<&str>); 10] = [
            ("20.0", Decimal::checked_add, "1", Some("21.0")),
            ("0.1", Decimal::checked_add, "0.2", Some("0.3")),
            ("1", Decimal::checked_sub, "1.00", Some("0.00")),
            (LONGEST, Decimal::checked_add, "1", None),
            (LONGEST, Decimal::checked_add, "0.1", None),
            (LONGEST, Decimal::checked_add, "0.000", Some(LONGEST)),
            ("1.10", Decimal::checked_mul, "2", Some("2.20")),
            (
                "0.00000000000001",
                Decimal::checked_mul,
                "0.000000000000001",
                None,
            ),
            (
                "0.00000000000001",
                Decimal::checked_mul,
                "0.000000000000010",
                Some("0.0000000000000000000000000001"),
            ),
            (LONGEST, Decimal::checked_mul, "1.000", Some(LONGEST)),
        ];
        for (a, operation, b, expected) in table {
            let found = operation(number(a), number(b)).map(|found| found.to_string());
            assert_eq!(found.as_deref(), expected, "{a} and {b}");
        }
    }

    #[test]
    fn sums_begin_at_nought() {
        assert_eq!(Decimal::checked_sum([]), Some(Decimal::ZERO));
        let sum = Decimal::checked_sum(["19.99", "0.01"].map(number));
        assert_eq!(sum, Some(Decimal::from(20)));
        assert_eq!(Decimal::checked_sum([LONGEST, "1"].map(number)), None);
    }

    proptest! {
        #[test]
        fn what_is_added_can_be_taken_away(a: i64, b: i64, p in 0_u32..9, q in 0_u32..9) {
            let (a, b) = (Decimal::from_units(a.into(), p).unwrap(), Decimal::from_units(b.into(), q).unwrap());
            let sum = a.checked_add(b).unwrap();
            prop_assert_eq!(sum.checked_sub(b), Some(a));
            prop_assert_eq!(b.checked_add(a), Some(sum));
        }

        #[test]
        fn products_are_those_of_their_digits(a: i32, b: i32, p in 0_u32..9, q in 0_u32..9) {
            let product = i128::from(a) * i128::from(b);
            let (a, b) = (Decimal::from_units(a.into(), p).unwrap(), Decimal::from_units(b.into(), q).unwrap());
            prop_assert_eq!(a.checked_mul(b), Decimal::from_units(product, p + q));
        }
    }
}
