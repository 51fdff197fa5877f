//! Exact arithmetic on amounts.

use std::borrow::Borrow;

use crate::Decimal;

impl Decimal {
    /// The exact sum, with the digits of the longer fraction. `None` when the sum or one of the two numbers
    /// has too many digits to calculate with. The sum is never rounded.
    #[must_use]
    pub fn checked_add(&self, other: impl Borrow<Self>) -> Option<Self> {
        exactly(self, other.borrow(), |a, b| {
            let scale = a.scale.max(b.scale);
            let units = a.units_at(scale)?.checked_add(b.units_at(scale)?)?;
            Some(Scaled { units, scale })
        })
    }

    /// The exact difference; `None` as for [`checked_add`](Self::checked_add).
    #[must_use]
    pub fn checked_sub(&self, other: impl Borrow<Self>) -> Option<Self> {
        self.checked_add(other.borrow().negated()?)
    }

    /// The exact product; `None` as for [`checked_add`](Self::checked_add).
    #[must_use]
    pub fn checked_mul(&self, other: impl Borrow<Self>) -> Option<Self> {
        exactly(self, other.borrow(), |a, b| {
            Some(Scaled {
                units: a.units.checked_mul(b.units)?,
                scale: a.scale + b.scale,
            })
        })
    }

    /// The exact sum of all. `None` when a part of it has too many digits to calculate with.
    #[must_use]
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let add = |sum: Self, amount| sum.checked_add(amount);
        amounts.into_iter().try_fold(Self::ZERO, add)
    }

    /// The number with the other sign; `None` when it has too many digits to calculate with.
    #[must_use]
    pub fn negated(&self) -> Option<Self> {
        Some(Self::from(-self.value()?))
    }
}

/// A number as a whole one, shifted right by some digits.
struct Scaled {
    units: i128,
    scale: u32,
}

impl Scaled {
    fn of(number: rust_decimal::Decimal) -> Self {
        Self {
            units: number.mantissa(),
            scale: number.scale(),
        }
    }

    /// The digits as a whole number, shifted to this many digits after the point.
    fn units_at(&self, scale: u32) -> Option<i128> {
        let shift = 10_i128.checked_pow(scale - self.scale)?;
        self.units.checked_mul(shift)
    }

    /// The number, shortened by trailing zeros where it would be too long.
    fn fitting(self) -> Option<Decimal> {
        let Self {
            mut units,
            mut scale,
        } = self;
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
}

/// The outcome for the numbers as they are, or else without their trailing zeros.
fn exactly(
    a: &Decimal,
    b: &Decimal,
    operation: impl Fn(Scaled, Scaled) -> Option<Scaled>,
) -> Option<Decimal> {
    let (a, b) = (a.value()?, b.value()?);
    let attempt = |a, b| operation(Scaled::of(a), Scaled::of(b))?.fitting();
    attempt(a, b).or_else(|| attempt(a.normalize(), b.normalize()))
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
        let (add, sub, mul): (Operation, Operation, Operation) = (
            |a, b| a.checked_add(b),
            |a, b| a.checked_sub(b),
            |a, b| a.checked_mul(b),
        );
        let table: [(&str, Operation, &str, Option<&str>); 11] = [
            ("1.00000000000000000000000000001", add, "1", None),
            ("20.0", add, "1", Some("21.0")),
            ("0.1", add, "0.2", Some("0.3")),
            ("1", sub, "1.00", Some("0.00")),
            (LONGEST, add, "1", None),
            (LONGEST, add, "0.1", None),
            (LONGEST, add, "0.000", Some(LONGEST)),
            ("1.10", mul, "2", Some("2.20")),
            ("0.00000000000001", mul, "0.000000000000001", None),
            (
                "0.00000000000001",
                mul,
                "0.000000000000010",
                Some("0.0000000000000000000000000001"),
            ),
            (LONGEST, mul, "1.000", Some(LONGEST)),
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
            let sum = a.checked_add(&b).unwrap();
            prop_assert_eq!(sum.checked_sub(&b), Some(a.clone()));
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
