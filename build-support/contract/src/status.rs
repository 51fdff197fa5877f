//! Keys of documented responses.

/// Whether a key of `responses` is one: a status from 100 to 599, a range such as `4XX`, or `default`.
#[must_use]
pub fn is_status(key: &str) -> bool {
    let rest = key.strip_prefix(['1', '2', '3', '4', '5']);
    let digits = |rest: &str| rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
    key == "default" || rest.is_some_and(|rest| rest == "XX" || digits(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_responses() {
        for key in ["200", "599", "1XX", "default"] {
            assert!(is_status(key), "{key}");
        }
        for key in ["20", "600", "2xx", "200 ", "Default", "2X0", "2000", ""] {
            assert!(!is_status(key), "{key}");
        }
    }
}
