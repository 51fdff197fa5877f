//! Exact amounts.

use offblocks_types::support;
use rust_decimal::Decimal;

use crate::currency::minor_digits;
use crate::failure::Failure;

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

/// `amount` at this rate in a currency, rounded to its smallest unit, half to even. `None` when the
/// product has more digits than can be kept.
pub(crate) fn convert(amount: Decimal, rate: Decimal, currency: &str) -> Option<Decimal> {
    Some(amount.checked_mul(rate)?.round_dp(minor_digits(currency)))
}

/// Rejects an amount with more digits after the point than its currency has: no merchant can ask it.
pub(crate) fn check_digits(amount: Decimal, currency: &str) -> Result<(), Failure> {
    let digits = minor_digits(currency);
    if amount.normalize().scale() <= digits {
        return Ok(());
    }
    Err(Failure::invalid(match digits {
        0 => format!("{currency} has no smaller unit: write the amount without a fraction"),
        _ => {
            format!("{currency} has {digits} digits after the point: write the amount with no more")
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversion_rounds_half_to_even_to_the_smallest_unit() {
        for (amount, rate, currency, expected) in [
            ("20.05", "1", "EUR", "20.05"),
            ("20.05", "1.00", "EUR", "20.05"),
            ("10", "0.92", "EUR", "9.2"),
            ("0.25", "0.5", "EUR", "0.12"),
            ("0.75", "0.5", "EUR", "0.38"),
            ("0.01", "0.1", "EUR", "0"),
            ("10.01", "161.5", "JPY", "1617"),
            ("10.01", "0.3333", "KWD", "3.336"),
        ] {
            let (amount, rate) = (amount.parse().unwrap(), rate.parse().unwrap());
            let converted = convert(amount, rate, currency);
            assert_eq!(
                converted.map(|sum| plain(sum).to_string()).as_deref(),
                Some(expected)
            );
        }
    }

    #[test]
    fn an_amount_has_the_digits_of_its_currency() {
        for (amount, currency, expected) in [
            ("20.05", "EUR", true),
            ("20.050", "EUR", true),
            ("20.005", "EUR", false),
            ("1234", "JPY", true),
            ("1234.0", "JPY", true),
            ("1234.567", "JPY", false),
            ("1.234", "KWD", true),
            ("1.2345", "KWD", false),
        ] {
            let checked = check_digits(amount.parse().unwrap(), currency);
            assert_eq!(checked.is_ok(), expected, "{amount} {currency}");
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
        assert_eq!(convert(Decimal::MAX, Decimal::TWO, "EUR"), None);
    }
}
