//! The formats of contracts that the validator does not know by itself.
//!
//! Generated servers cannot depend on this crate, so they have a copy
//! (`build-support/codegen/src/emit/server/runtime/formats.rs`). A test of codegen runs the same cases
//! for both.

/// A format: its name, and whether a string is in it.
pub type Format = (&'static str, fn(&str) -> bool);

/// The formats of strings that are checked beside those of JSON Schema itself.
pub const FORMATS: [Format; 3] = [
    ("byte", is_base64),
    ("decimal", is_decimal),
    ("url", is_url),
];

/// `format: byte`: base64 with the standard alphabet and its padding (RFC 4648, section 4).
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len().is_multiple_of(4) && text.len() - digits.len() <= 2 && digits.bytes().all(alphabet)
}

/// `format: decimal`: an optional minus sign, digits, and an optional fraction; no exponent.
fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// `format: url`: an absolute address with a scheme (RFC 3986, section 3.1) and something behind
/// `://`, without white space and control characters.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let named = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    let plain = |character: char| !character.is_whitespace() && !character.is_control();
    named && scheme.bytes().all(letter) && !rest.is_empty() && rest.chars().all(plain)
}
