//! What is known of currencies, by their codes of ISO 4217.

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
    fn a_token_is_named_after_its_currency() {
        for (code, name, symbol) in [
            ("EUR", "Sandbox Euro", "EURS"),
            ("USD", "Sandbox USD", "USDS"),
        ] {
            assert_eq!((token_name(code).as_str(), token_symbol(code).as_str()), (name, symbol));
        }
    }
}
