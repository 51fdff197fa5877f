//! Exact amounts.

use offblocks_types::support;
use rust_decimal::Decimal;

/// Digits after the point once an amount was converted into another currency.
const CONVERTED_DIGITS: u32 = 2;

/// The number itself, to calculate with; `None` when it has too many digits for that. Zeros at either
/// end that say nothing do not count.
pub(crate) fn exact(amount: &support::Decimal) -> Option<Decimal> {
    amount.value().or_else(|| amount.normalised().value())
}

/// An amount that the sandbox made or accepted before.
///
/// # Panics
/// Never: [`exact`] had a number for it when it was accepted, and what the sandbox makes is one.
pub(crate) fn kept(amount: &support::Decimal) -> Decimal {
    exact(amount).expect("amounts that are kept were numbers when they were accepted")
}

/// The form in responses: without trailing zeros ("20.0" becomes "20").
pub(crate) fn plain(amount: Decimal) -> support::Decimal {
    amount.normalize().into()
}

/// `amount` at this rate: exact when the rate is one, otherwise rounded to cents, half to even.
/// `None` when the product has more digits than can be kept.
pub(crate) fn convert(amount: Decimal, rate: Decimal) -> Option<Decimal> {
    if rate == Decimal::ONE {
        return Some(amount);
    }
    Some(amount.checked_mul(rate)?.round_dp(CONVERTED_DIGITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversion_is_exact_at_one_and_rounds_half_to_even_elsewhere() {
        for (amount, rate, expected) in [
            ("20.005", "1", "20.005"),
            ("20.005", "1.00", "20.005"),
            ("10", "0.92", "9.2"),
            ("0.25", "0.5", "0.12"),
            ("0.75", "0.5", "0.38"),
            ("0.01", "0.1", "0"),
        ] {
            let converted = convert(amount.parse().unwrap(), rate.parse().unwrap());
            assert_eq!(
                converted.map(|sum| plain(sum).to_string()).as_deref(),
                Some(expected)
            );
        }
    }

    #[test]
    fn zeros_that_say_nothing_are_not_digits() {
        let zeros = "0".repeat(100);
        for (text, expected) in [
            (format!("1.{zeros}"), Some("1")),
            (format!("{zeros}20.50{zeros}"), Some("20.5")),
            (format!("1.{zeros}1"), None),
        ] {
            let found = exact(&text.parse().unwrap()).map(|sum| plain(sum).to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_kept_is_no_amount() {
        assert_eq!(convert(Decimal::MAX, Decimal::TWO), None);
    }
}
