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
        .map_err(|error: sfv::Error| reason(value, &error))
}

/// The most characters of a field that an error repeats.
const EXCERPT: usize = 20;

/// What is wrong with a field, where it is, and what to write instead where that is known.
fn reason(value: &str, error: &sfv::Error) -> String {
    // The alternate form has no index.
    let what = format!("{error:#}");
    let index = error.index();
    let Some(index) = index.filter(|index| value.is_char_boundary(*index)) else {
        return what;
    };
    if let Some(key) = capitals(value, index) {
        let lower = key.to_ascii_lowercase();
        return format!("keys are in lower case: write `{lower}` instead of `{key}`");
    }
    let rest = &value[index..];
    if rest.is_empty() {
        return format!("{what} where it ends");
    }
    let excerpt: String = rest.chars().take(EXCERPT).collect();
    let more = if rest.len() > excerpt.len() {
        "…"
    } else {
        ""
    };
    let character = value[..index].chars().count() + 1;
    format!("{what} at character {character}, where it goes on with `{excerpt}{more}`")
}

/// The key around a place, when it has capitals (RFC 8941, section 3.1.2, has none in keys).
fn capitals(value: &str, index: usize) -> Option<&str> {
    let of_key = |character: char| character.is_ascii_alphanumeric() || "_-.*".contains(character);
    let begin = value[..index]
        .rfind(|character| !of_key(character))
        .map_or(0, |at| at + 1);
    let length = value[begin..].find(|character| !of_key(character));
    let key = &value[begin..length.map_or(value.len(), |length| begin + length)];
    let before = value[..begin].trim_end().chars().next_back();
    let after = value[begin + key.len()..].chars().next();
    let stands_as_key = matches!(before, None | Some(',' | ';'))
        && matches!(after, None | Some('=' | ';' | ',' | ' '));
    (stands_as_key && key.chars().any(|it| it.is_ascii_uppercase())).then_some(key)
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

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (value, expected) in [
            ("SHA-512=:AA==:", "write `sha-512` instead of `SHA-512`"),
            ("a=1, shA=:AA==:", "write `sha` instead of `shA`"),
            (
                "sig=(\"@method\");Created=1",
                "write `created` instead of `Created`",
            ),
            ("sig=", "where it ends"),
            ("sig=(\"@method\"", "unterminated inner list where it ends"),
            ("sig=:AA==", "unterminated byte sequence"),
            ("sig=1 2", "at character 7, where it goes on with `2`"),
            (
                "sig=Abc{defghijklmnopqrstuvwxyz",
                "at character 8, where it goes on with `{defghijklmnopqrstuv…`",
            ),
            ("sig=1,", "trailing comma"),
        ] {
            let found = dictionary(value).unwrap_err();
            assert!(found.contains(expected), "{value}: {found}");
            assert!(!found.contains("index"), "{value}: {found}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_rejected(value in "[ -~]{0,40}") {
            let _ = dictionary(&value);
        }

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
