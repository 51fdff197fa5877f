//! Percent-encoding (RFC 3986, section 2.1), strictly: a broken escape is an error, not text.

/// Decodes `text`; `plus` reads `+` as a space, as forms and queries do.
///
/// `None` when an escape is broken or the bytes are not UTF-8.
pub(super) fn decode(text: &str, plus: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            b'+' if plus => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Characters that can separate something where they are not encoded: those of RFC 3986, section 2.2,
/// the point of labels, and `%` itself.
pub(super) const RESERVED: &[u8] = b"%:/?#[]@!$&'()*+,;=.";

/// The same, and what is unreserved and not alphanumeric: paths write `{from}-{to}`, and clients that
/// encode what stands in a value mean the value.
pub(super) const SEPARATING: &[u8] = b"%:/?#[]@!$&'()*+,;=.-_~";

/// Decodes all of a text but the characters of `kept`, so that two spellings of one text are the same.
///
/// A text that cannot be decoded stays as it is.
pub(super) fn plain(text: &str, kept: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, escape) = rest.split_at(at);
        bytes.extend(before.bytes());
        let Some(code) = escape.get(..3) else {
            return text.to_owned();
        };
        let byte = match code.as_bytes() {
            [_, high, low] => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match byte {
            None => return text.to_owned(),
            Some(byte) if kept.contains(&byte) => {
                bytes.extend(code.to_ascii_uppercase().bytes());
            }
            Some(byte) => bytes.push(byte),
        }
        rest = &escape[3..];
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
