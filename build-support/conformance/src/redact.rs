//! Removes secrets from everything that leaves an exchange.

use super::base::Parts;
use serde_json::Value;

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Header fields that may be written down as they are.
const PLAIN: [&str; 12] = [
    "accept",
    "allow",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "host",
    "idempotency-key",
    "retry-after",
    "server",
    "user-agent",
    "x-request-id",
];

/// Members of a body whose text is withheld, in lower case and without separators.
const SECRET: [&str; 17] = [
    "accesstoken",
    "apisecret",
    "authorization",
    "cardnumber",
    "clientsecret",
    "cvc",
    "cvv",
    "idtoken",
    "jwt",
    "pan",
    "password",
    "pin",
    "privatekey",
    "refreshtoken",
    "secret",
    "signature",
    "token",
];

/// The value of a header field, where it may be written down.
#[must_use]
pub fn header<'v>(name: &str, value: &'v str) -> &'v str {
    let name = name.to_ascii_lowercase();
    let plain = PLAIN.contains(&name.as_str()) && !is_secret_text(value);
    if plain { value } else { REDACTED }
}

/// A URL without user name, password, fragment and the values of its query.
#[must_use]
pub fn url(url: &str) -> String {
    let parts = Parts::of(url);
    let origin = parts.origin.unwrap_or_default();
    let query = parts.query.map(|query| {
        let names = query.split('&').map(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            format!("{name}=…")
        });
        format!("?{}", names.collect::<Vec<_>>().join("&"))
    });
    let path = parts.path.split('/');
    let path = path.map(|segment| {
        if is_secret_text(segment) {
            "…"
        } else {
            segment
        }
    });
    let path = path.collect::<Vec<_>>().join("/");
    let url = format!("{origin}{path}{}", query.unwrap_or_default());
    url.replace(char::is_control, "\u{fffd}")
}

/// Replaces secrets in a JSON body; `name` is asked what to write for each, by its member's name.
pub fn json(value: &mut Value, name: &dyn Fn(&str) -> String) {
    walk(value, "", name);
}

/// `key` is the name of the member around the value, or that of a secret further out: all values inside a
/// secret are secrets.
fn walk(value: &mut Value, key: &str, name: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) if is_secret_key(key) || is_secret_text(text) => *text = name(key),
        // It stays a number, so that what is written down can be checked again.
        Value::Number(number) if is_secret_key(key) || is_secret_text(&number.to_string()) => {
            *value = Value::from(0);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, key, name)),
        Value::Object(members) => {
            for (own, mut member) in std::mem::take(members) {
                let nearest = if is_secret_key(key) {
                    key
                } else {
                    own.as_str()
                };
                walk(&mut member, nearest, name);
                let shown = if is_secret_text(&own) {
                    REDACTED.to_owned()
                } else {
                    own
                };
                members.insert(shown, member);
            }
        }
        _ => (),
    }
}

fn is_secret_key(key: &str) -> bool {
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    SECRET.contains(&key.to_ascii_lowercase().as_str())
}

/// A JWT, a bearer token, a private key or a whole card number, whatever it is called.
fn is_secret_text(text: &str) -> bool {
    let bearer = text
        .get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("bearer "));
    let jwt = text.contains("eyJ") && text.matches('.').count() >= 2;
    let pem = text.contains("PRIVATE KEY");
    let digits = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-');
    let text = without_identifiers(text);
    let mut runs = text.split(|c| !digits(c));
    jwt || bearer || pem || runs.any(is_card_number)
}

/// The text without its UUIDs. One in some five hundred holds digits that could be a card number's.
fn without_identifiers(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let is_bound = !kept.ends_with(|c: char| c.is_ascii_alphanumeric());
        let length = match is_bound && begins_with_identifier(rest) {
            true => IDENTIFIER,
            false => {
                kept.push(next);
                next.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    kept
}

/// How many characters a UUID has.
const IDENTIFIER: usize = 36;

fn begins_with_identifier(text: &str) -> bool {
    let is_part = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let Some(identifier) = text.get(..IDENTIFIER) else {
        return false;
    };
    let behind = text[IDENTIFIER..].chars().next();
    identifier.bytes().enumerate().all(is_part)
        && behind.is_none_or(|behind| !behind.is_ascii_alphanumeric() && behind != '-')
}

/// Thirteen to nineteen digits whose last one is their check digit (ISO/IEC 7812-1).
fn is_card_number(run: &str) -> bool {
    let digits: Vec<u32> = run.chars().filter_map(|c| c.to_digit(10)).collect();
    let doubled = |(index, digit): (usize, &u32)| match index % 2 {
        0 => *digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    };
    let sum: u32 = digits.iter().rev().enumerate().map(doubled).sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10)
}

/// A body as it may be written down: JSON without its secrets, nothing else.
#[must_use]
pub fn body(bytes: &[u8]) -> Option<Value> {
    let mut value = serde_json::from_slice(bytes).ok()?;
    json(&mut value, &|_| REDACTED.to_owned());
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as value;

    #[test]
    fn secrets_are_withheld_by_name_and_by_look() {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln";
        let table = [
            (value!({"apiSecret": "s"}), value!({"apiSecret": REDACTED})),
            (
                value!({"api_secret": ["s"]}),
                value!({"api_secret": [REDACTED]}),
            ),
            (value!({"note": jwt}), value!({"note": REDACTED})),
            (
                value!({"n": "4111 1111 1111 1111"}),
                value!({"n": REDACTED}),
            ),
            (
                value!({"tokenType": "Bearer"}),
                value!({"tokenType": "Bearer"}),
            ),
            (
                value!({"maskedPan": "411752******0386"}),
                value!({"maskedPan": "411752******0386"}),
            ),
            (value!({"token": 1}), value!({"token": 0})),
            (value!({"n": 4111111111111111_u64}), value!({"n": 0})),
            (
                value!({"password": {"v": "s", "n": 7}}),
                value!({"password": {"v": REDACTED, "n": 0}}),
            ),
            (value!({"note": "Bearer abc"}), value!({"note": REDACTED})),
            (value!({(jwt): 1}), value!({REDACTED: 1})),
        ];
        for (given, expected) in table {
            assert_eq!(body(given.to_string().as_bytes()), Some(expected));
        }
        assert_eq!(body(b"secret=1"), None);
    }

    #[test]
    fn identifiers_stay_whatever_digits_they_hold() {
        let mut numbers = 0;
        for last in 0..10 {
            let digits = format!("111-11111111111{last}");
            numbers += usize::from(is_secret_text(&digits));
            let id = format!("aaaaaaaa-aaaa-4aaa-a{digits}");
            for text in [
                id.clone(),
                format!("é {id}, {id}"),
                format!("/cards/{id}/x"),
            ] {
                assert!(!is_secret_text(&text), "{text}");
            }
            assert_eq!(url(&format!("/cards/{id}/x")), format!("/cards/{id}/x"));
            let beside = format!("{id} 4111 1111 1111 1111");
            assert!(is_secret_text(&beside), "{beside}");
        }
        assert_eq!(
            numbers, 1,
            "one of them has the check digit of a card number"
        );
    }

    #[test]
    fn urls_and_headers_show_names_only() {
        assert_eq!(url("https://u:p@a.example/x?key=1&b#f"), "/x?key=…&b=…");
        assert_eq!(url("/cards/4111111111111111/x"), "/cards/…/x");
        assert_eq!(header("Authorization", "Bearer x"), REDACTED);
        assert_eq!(
            header("Content-Type", "application/json"),
            "application/json"
        );
        assert_eq!(header("X-Request-Id", "eyJa.b.c"), REDACTED);
    }
}
