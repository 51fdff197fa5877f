//! Header fields as structured fields (RFC 8941), across several header lines.

use http::{HeaderMap, HeaderName};
use sfv::{Dictionary, Parser, Version};

/// A field value holds more than visible ASCII, spaces and tabs.
#[derive(Debug)]
pub(crate) struct NotAscii;

/// The value of a field: its lines trimmed and joined by a comma and a space (RFC 9421,
/// section 2.1), or `None` when there is no such field.
pub(crate) fn combined(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, NotAscii> {
    let mut lines = headers.get_all(name).iter();
    let Some(first) = lines.next() else {
        return Ok(None);
    };
    let mut value = first.to_str().map_err(|_| NotAscii)?.trim().to_owned();
    for line in lines {
        value.push_str(", ");
        value.push_str(line.to_str().map_err(|_| NotAscii)?.trim());
    }
    Ok(Some(value))
}

/// Reads a dictionary; the error says what is wrong and where.
///
/// RFC 9421 builds on RFC 8941, whose strings are the only place where a comma is not a separator.
/// [`members`] relies on this.
pub(crate) fn dictionary(value: &str) -> Result<Dictionary, String> {
    Parser::new(value)
        .with_version(Version::Rfc8941)
        .parse()
        .map_err(|error: sfv::Error| error.to_string())
}

/// The members of a dictionary that is known to be well formed, each with its key and the text of
/// its value exactly as received.
pub(crate) fn members(value: &str) -> impl Iterator<Item = (&str, &str)> {
    split_outside_strings(value).map(|member| {
        let member = member.trim_matches([' ', '\t']);
        let end = member.find(['=', ';']).unwrap_or(member.len());
        let (key, rest) = member.split_at(end);
        (key, rest.strip_prefix('=').unwrap_or(rest))
    })
}

/// Splits at the commas that are not inside a string.
fn split_outside_strings(value: &str) -> impl Iterator<Item = &str> {
    let mut in_string = false;
    let mut escaped = false;
    value.split(move |character| {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            ',' if !in_string => return true,
            _ => {}
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    const NAME: HeaderName = HeaderName::from_static("example");

    #[test]
    fn lines_are_trimmed_and_joined() {
        let mut headers = HeaderMap::new();
        assert_eq!(combined(&headers, &NAME).unwrap(), None);
        headers.append(NAME, HeaderValue::from_static(""));
        assert_eq!(combined(&headers, &NAME).unwrap().as_deref(), Some(""));
        headers.append(NAME, HeaderValue::from_static("  a, b\t "));
        assert_eq!(
            combined(&headers, &NAME).unwrap().as_deref(),
            Some(", a, b")
        );
    }

    #[test]
    fn the_text_of_a_member_is_kept_as_received() {
        let value = r#"a=("x"  "y,z");b="\",\\" ,	c;q="=", d=1;b;a=(1)"#;
        let found: Vec<_> = members(value).collect();
        assert_eq!(found[0], ("a", r#"("x"  "y,z");b="\",\\""#));
        assert_eq!(found[1], ("c", r#";q="=""#));
        assert_eq!(found[2], ("d", "1;b;a=(1)"));
        assert_eq!(found.len(), 3);
    }

    proptest! {
        #[test]
        fn members_are_those_of_the_parser(value in r#"[ab]=(\("?[ab, ]{0,3}"?\)|"([a,]|\\"){0,3}"|1)(;a="?[, ]?"?)?(, ?[a-c](=1)?){0,2}"#) {
            if let Ok(dictionary) = dictionary(&value) {
                let keys: std::collections::BTreeSet<_> = members(&value).map(|(key, _)| key).collect();
                let parsed: std::collections::BTreeSet<_> = dictionary.keys().map(|key| key.as_str()).collect();
                prop_assert_eq!(keys, parsed);
            }
        }
    }
}
