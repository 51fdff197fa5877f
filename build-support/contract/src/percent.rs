//! Percent-encoded text (RFC 3986, section 2.1).

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// The text that a percent-encoded one stands for; `None` where an escape is broken or the bytes
/// are not UTF-8.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    // The library takes a broken escape for text, and a reference with one would lead elsewhere.
    let mut escapes = text.split('%').skip(1);
    let is_whole = |rest: &str| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let whole = escapes.all(is_whole);
    percent_decode_str(text)
        .decode_utf8()
        .ok()
        .filter(|_| whole)
}
