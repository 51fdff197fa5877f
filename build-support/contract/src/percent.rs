//! Percent-encoded text (RFC 3986, section 2.1).

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// Decodes all of a text but the characters that can separate something where they are not encoded
/// (RFC 3986, section 2.2, and the point of labels) and `%` itself, so that two spellings of one text
/// are the same. A text with a broken escape stays as it is.
pub(crate) fn normal(text: &str) -> Cow<'_, str> {
    const KEPT: &str = "%:/?#[]@!$&'()*+,;=.";
    if decode(text).is_none() {
        return text.into();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('%') {
        bytes.extend(before.bytes());
        let (code, after) = escape.split_at_checked(2).unwrap_or((escape, ""));
        match u8::from_str_radix(code, 16) {
            Ok(byte) if !KEPT.contains(char::from(byte)) => bytes.push(byte),
            _ => bytes.extend(format!("%{}", code.to_ascii_uppercase()).bytes()),
        }
        rest = after;
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).map_or(text.into(), Cow::Owned)
}

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
