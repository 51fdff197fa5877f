//! Exact decimals.

use super::{rejection, survives};
use offblocks_types::{Decimal, DecimalError};
use proptest::prelude::*;
use serde_json::json;
use std::hash::{BuildHasher, RandomState};

fn number(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn amounts_compare_by_value_and_print_as_they_were_read() {
    let hasher = RandomState::new();
    for (a, b) in [
        ("20", "20.0"),
        ("20.0", "20.00"),
        ("0", "0.00"),
        ("-1.50", "-1.5"),
        ("-0", "0.0"),
        ("007", "7"),
        (
            "123456789012.1234567890123456780",
            "123456789012.123456789012345678",
        ),
        ("1.00000000000000000000000000000000", "1"),
    ] {
        let (a, b) = (
            survives::<Decimal>(&json!(a)),
            survives::<Decimal>(&json!(b)),
        );
        assert_eq!(a, b);
        assert_eq!(a.cmp(&b), std::cmp::Ordering::Equal);
        assert_eq!(hasher.hash_one(&a), hasher.hash_one(&b));
        assert_eq!(a.normalised().to_string(), b.normalised().to_string());
    }
    assert!(number("19.99") < number("20") && number("-20") < number("-19.99"));
}

#[test]
fn any_number_of_digits_is_kept_and_only_arithmetic_is_refused() {
    for text in [
        "79228162514264337593543950336",
        "0.00000000000000000000000000001",
        "1.00000000000000000000000000001",
        "123456789012345678901234567890.5",
        "115792089237316195423570985008687907853269984665640564039457.584007913129639935",
    ] {
        let long = survives::<Decimal>(&json!(text));
        assert_eq!(long.to_string(), text);
        assert_eq!(
            (long.value(), long.units(), long.checked_add(&long)),
            (None, None, None)
        );
        let number = rust_decimal::Decimal::try_from(long);
        assert_eq!(number, Err(DecimalError::TooLong), "{text}");
    }
    let list = json!(["20.0", "123456789012345678901234567890.123456789012345678"]);
    let list: Vec<Decimal> = serde_json::from_value(list).unwrap();
    assert!(
        list[0] < list[1],
        "one long amount makes no list unreadable"
    );
    assert_eq!(
        number("79228162514264337593543950335").to_string(),
        "79228162514264337593543950335"
    );
    assert_eq!(number("0.0000000000000000000000000001").scale(), 28);
}

#[test]
fn only_plain_decimals_are_read() {
    for text in [
        "", "-", ".5", "5.", "+1", "1e3", "1_000", "1,5", " 1", "1 ", "NaN", "0x1", "--1", "1.2.3",
        "١",
    ] {
        assert_eq!(
            text.parse::<Decimal>(),
            Err(DecimalError::Malformed),
            "{text:?}"
        );
    }
    for json in [json!(20), json!(20.5), json!(null), json!(["20"])] {
        assert!(rejection::<Decimal>(&json).contains("a decimal number in a string"));
    }
}

#[test]
fn digits_can_be_taken_and_given() {
    let price = Decimal::from_units(1999, 2).unwrap();
    assert_eq!(
        (price.to_string().as_str(), price.units(), price.scale()),
        ("19.99", Some(1999), 2)
    );
    assert_eq!(Decimal::from_units(1, 29), None);
    assert_eq!(
        (
            number("-0.0").to_string().as_str(),
            number("007").to_string().as_str()
        ),
        ("-0.0", "007")
    );
    assert!(Decimal::ZERO.is_zero() && !number("-0").is_negative() && number("-1").is_negative());
}

proptest! {
    #[test]
    fn every_decimal_survives(units in -(1_i128 << 95)..(1_i128 << 95), scale in 0_u32..=28) {
        let amount = Decimal::from_units(units, scale).unwrap();
        let text = amount.to_string();
        prop_assert_eq!(number(&text).to_string(), text);
        prop_assert_eq!(amount.normalised(), amount);
    }

    #[test]
    fn order_and_equality_go_by_value_whatever_the_length(
        a in "-?[0-9]{1,4}[.][0-9]{1,3}",
        b in "-?[0-9]{1,4}[.][0-9]{1,3}",
    ) {
        let (short, other) = (number(&a), number(&b));
        let zeros = "0".repeat(40);
        let (long, longer) = (number(&format!("{a}{zeros}")), number(&format!("{b}{zeros}")));
        let expected = short.value().cmp(&other.value());
        prop_assert_eq!(short.cmp(&other), expected);
        prop_assert_eq!(long.cmp(&longer), expected);
        prop_assert_eq!(long.cmp(&other), expected);
        prop_assert_eq!(long.normalised().to_string(), short.normalised().to_string());
        let hasher = RandomState::new();
        prop_assert_eq!(hasher.hash_one(&long), hasher.hash_one(&short));
    }

    #[test]
    fn trailing_zeros_change_nothing(units: i64, scale in 0_u32..9, zeros in 0_usize..8) {
        let amount = Decimal::from_units(units.into(), scale).unwrap();
        let point = if scale == 0 && zeros > 0 { "." } else { "" };
        let longer = format!("{amount}{point}{}", "0".repeat(zeros));
        prop_assert_eq!(number(&longer), amount);
        prop_assert_eq!(number(&longer).to_string(), longer);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,40}") {
        let _ = text.parse::<Decimal>();
    }
}
