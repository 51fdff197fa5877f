//! YAML 1.2 core schema: what an unquoted scalar stands for.
//!
//! Source: YAML 1.2.2, section 10.3.2. `yes`, `no`, `on`, `off` and dates are strings.

use super::node::Value;
use serde_json::Number;

/// What an unquoted scalar stands for.
#[derive(Debug, PartialEq)]
pub(super) enum Plain {
    /// A value JSON has too.
    Value(Value),
    /// A number that cannot be held exactly; the nearest one that can.
    Inexact(Number),
    /// A number JSON has no word for: `.inf`, `.nan`, or beyond what a double holds.
    NotInJson,
}

/// Resolves an unquoted scalar.
pub(super) fn plain(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Value(Value::Null),
        "true" | "True" | "TRUE" => Plain::Value(Value::Bool(true)),
        "false" | "False" | "FALSE" => Plain::Value(Value::Bool(false)),
        _ => number(text).unwrap_or_else(|| Plain::Value(Value::String(text.to_owned()))),
    }
}

/// Resolves a number; `None` where the text is not a valid number.
pub(super) fn number(text: &str) -> Option<Plain> {
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if is_infinite_or_nan(text, unsigned) {
        return Some(Plain::NotInJson);
    }
    is_decimal(unsigned).then(|| decimal(text))
}

/// Resolves a number of JSON's grammar, the only numbers a JSON text has.
pub(super) fn json_number(text: &str) -> Plain {
    decimal(text)
}

fn radix(digits: &str, radix: u32) -> Option<Plain> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix);
    Some(value.map_or(Plain::NotInJson, |value| {
        Plain::Value(Value::Number(value.into()))
    }))
}

fn is_infinite_or_nan(text: &str, unsigned: &str) -> bool {
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, and whole numbers with it.
fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let mantissa_holds = (is_digits(whole)
        && fraction.is_none_or(|f| f.is_empty() || is_digits(f)))
        || (whole.is_empty() && fraction.is_some_and(is_digits));
    mantissa_holds && exponent.is_none_or(|e| is_digits(e.strip_prefix(['-', '+']).unwrap_or(e)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn decimal(text: &str) -> Plain {
    if let Ok(value) = text.parse::<u64>() {
        return Plain::Value(Value::Number(value.into()));
    }
    if let Ok(value) = text.parse::<i64>()
        && value != 0
    {
        return Plain::Value(Value::Number(value.into()));
    }
    let nearest = text.parse::<f64>().ok().and_then(Number::from_f64);
    match nearest {
        None => Plain::NotInJson,
        Some(value) if significant(text) == significant(&value.to_string()) => {
            Plain::Value(Value::Number(value))
        }
        Some(value) => Plain::Inexact(value),
    }
}

/// The digits that carry the value and the power of ten of the last one, sign aside: two texts
/// have the same exactly when they name the same magnitude.
fn significant(text: &str) -> (String, i64) {
    let unsigned = text.trim_start_matches(['-', '+']);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let kept = digits.trim_end_matches('0');
    let dropped = (digits.len() - kept.len()) as i64;
    let power = exponent.parse::<i64>().unwrap_or(i64::MAX / 2);
    let digits = kept.trim_start_matches('0').to_owned();
    if digits.is_empty() {
        return (digits, 0);
    }
    (digits, power - fraction.len() as i64 + dropped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn core_schema() {
        let table = [
            ("", json!(null)),
            ("~", json!(null)),
            ("NULL", json!(null)),
            ("nUll", json!("nUll")),
            ("True", json!(true)),
            ("FALSE", json!(false)),
            ("yes", json!("yes")),
            ("off", json!("off")),
            ("200", json!(200)),
            ("-7", json!(-7)),
            ("+7", json!(7)),
            ("007", json!(7)),
            ("0o17", json!(15)),
            ("0x1F", json!(31)),
            ("0xZZ", json!("0xZZ")),
            ("-0x1F", json!("-0x1F")),
            ("1.0", json!(1.0)),
            ("1.", json!(1.0)),
            (".5", json!(0.5)),
            ("1e3", json!(1e3)),
            ("12e", json!("12e")),
            (".", json!(".")),
            ("-", json!("-")),
            ("1.0.0", json!("1.0.0")),
            ("1_000", json!("1_000")),
            ("0b11", json!("0b11")),
            ("12:30", json!("12:30")),
            ("2024-01-12", json!("2024-01-12")),
            ("infinity", json!("infinity")),
            ("nan", json!("nan")),
            ("18446744073709551615", json!(u64::MAX)),
            ("-9223372036854775808", json!(i64::MIN)),
        ];
        for (text, expected) in table {
            let Plain::Value(value) = plain(text) else {
                panic!("{text:?} should be a value");
            };
            let node = super::super::Node::new(value, Default::default());
            assert_eq!(node.to_json(), expected, "for {text:?}");
        }
    }

    #[test]
    fn numbers_that_json_cannot_hold_are_told_apart() {
        for text in [
            ".inf",
            "-.INF",
            "+.Inf",
            ".nan",
            "1e999",
            "0xFFFFFFFFFFFFFFFFF",
        ] {
            assert_eq!(plain(text), Plain::NotInJson, "for {text:?}");
        }
        for text in ["0.1000000000000000055", "18446744073709551616.5", "1e-400"] {
            assert!(matches!(plain(text), Plain::Inexact(_)), "for {text:?}");
        }
        for text in [
            "0.1",
            "20.00",
            "1.50e2",
            "1e300",
            "123456789012345680000",
            "0.0",
            "-0",
        ] {
            assert!(matches!(plain(text), Plain::Value(_)), "for {text:?}");
        }
    }
}
