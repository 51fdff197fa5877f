//! What is known of currencies, by their codes of ISO 4217.

/// How many digits an amount of this currency has after the point: its minor unit in ISO 4217. Two for
/// the codes that are not listed, as nearly all have.
pub(crate) fn minor_digits(code: &str) -> u32 {
    match code {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

/// The name of the token that is worth one unit of this currency.
pub(crate) fn token_name(code: &str) -> String {
    match code {
        "EUR" => "Sandbox Euro".to_owned(),
        code => format!("Sandbox {code}"),
    }
}

/// The symbol of the token that is worth one unit of this currency.
pub(crate) fn token_symbol(code: &str) -> String {
    format!("{code}S")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_has_the_digits_of_its_minor_unit() {
        for (code, digits) in [("EUR", 2), ("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)] {
            assert_eq!(minor_digits(code), digits, "{code}");
        }
    }

    #[test]
    fn a_token_is_named_after_its_currency() {
        for (code, name, symbol) in [
            ("EUR", "Sandbox Euro", "EURS"),
            ("USD", "Sandbox USD", "USDS"),
        ] {
            assert_eq!(
                (token_name(code).as_str(), token_symbol(code).as_str()),
                (name, symbol)
            );
        }
    }
}
