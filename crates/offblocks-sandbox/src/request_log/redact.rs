//! Secrets are replaced before anything is kept.

use serde_json::Value;

/// What stands in the place of a secret.
pub(super) const REDACTED: &str = "[redacted]";

/// Header fields that are credentials as a whole, beside those whose names say so.
const SECRET_HEADERS: [&str; 4] = ["cookie", "proxy-authorization", "set-cookie", "x-api-key"];

/// What the names of secrets contain, in lower case.
const SECRET_WORDS: [&str; 5] = ["secret", "password", "passwd", "privatekey", "private_key"];

/// How every JSON Web Token begins.
const JWT: &str = "eyJ";

/// The value of a header field as it may be kept. The scheme of an authorisation stays.
pub(crate) fn header(name: &str, value: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if lower == "authorization" {
        let scheme = value.split_once(' ').map_or("", |(scheme, _)| scheme);
        let known = ["basic", "bearer", "digest"].contains(&&*scheme.to_ascii_lowercase());
        return match known {
            true => format!("{scheme} {REDACTED}"),
            false => REDACTED.to_owned(),
        };
    }
    let secret = SECRET_HEADERS.contains(&lower.as_str())
        || lower.contains("token")
        || is_secret_name(&lower);
    match secret || value.contains(JWT) {
        true => REDACTED.to_owned(),
        false => value.to_owned(),
    }
}

/// Path and query as they may be kept.
pub(super) fn target(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return token_free(target).to_owned();
    };
    format!("{}?{}", token_free(path), secret_free(query))
}

/// A query without the values of what its names say is secret.
fn secret_free(query: &str) -> String {
    let pairs = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let lower = name.to_ascii_lowercase();
        let secret = is_secret_name(&lower) || lower.contains("token") || value.contains(JWT);
        match secret {
            true => format!("{name}={REDACTED}"),
            false => pair.to_owned(),
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// A URL in a body as it may be kept: receivers of webhooks often know a caller by a secret in its query, or
/// before its host. `None` where it has no such secret, or is no URL.
fn url(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = match authority.rsplit_once('@') {
        Some((_, host)) => format!("{REDACTED}@{host}"),
        None => authority.to_owned(),
    };
    let rest = match rest.split_once('?') {
        Some((path, query)) => format!("{path}?{}", secret_free(query)),
        None => rest.to_owned(),
    };
    let kept = format!("{scheme}://{host}{rest}");
    (kept != text).then_some(kept)
}

fn token_free(path: &str) -> &str {
    if path.contains(JWT) { REDACTED } else { path }
}

/// A body as it may be kept. One that may hold a secret and cannot be read as JSON, because it is
/// malformed or only its beginning is there, is replaced as a whole.
pub(super) fn body(bytes: Vec<u8>) -> Vec<u8> {
    if !is_suspect(&bytes) {
        return bytes;
    }
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(sent) => {
            let mut kept = sent.clone();
            json(&mut kept);
            match kept == sent {
                true => bytes,
                false => kept.to_string().into_bytes(),
            }
        }
        Err(_) => REDACTED.as_bytes().to_vec(),
    }
}

/// Whether a body may hold a secret. An escape may hide the name of a member.
fn is_suspect(bytes: &[u8]) -> bool {
    let begins = |rest: &[u8], word: &str| {
        let head = rest.get(..word.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
    };
    (0..bytes.len()).any(|at| {
        let rest = &bytes[at..];
        match rest[0] {
            b'\\' => begins(rest, "\\u"),
            b'e' => rest.starts_with(JWT.as_bytes()),
            b':' => {
                let mut url = rest.iter().take_while(|byte| **byte != b'"');
                rest.starts_with(b"://") && url.any(|byte| b"?@".contains(byte))
            }
            b's' | b'S' | b'p' | b'P' => SECRET_WORDS.iter().any(|word| begins(rest, word)),
            _ => false,
        }
    })
}

fn json(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match is_secret_name(&name.to_ascii_lowercase()) {
                    true => *member = REDACTED.into(),
                    false => json(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(json),
        Value::String(text) if text.contains(JWT) => *text = REDACTED.to_owned(),
        Value::String(text) => {
            if let Some(kept) = url(text) {
                *text = kept;
            }
        }
        _ => (),
    }
}

fn is_secret_name(lower: &str) -> bool {
    SECRET_WORDS.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        String::from_utf8(body(text.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn secrets_in_bodies_are_replaced() {
        for (sent, expected) in [
            (
                r#"{"apiKey":"k","apiSecret":"hush"}"#,
                r#"{"apiKey":"k","apiSecret":"[redacted]"}"#,
            ),
            (
                r#"{"a":[{"APISECRET":{"x":"hush"}}]}"#,
                r#"{"a":[{"APISECRET":"[redacted]"}]}"#,
            ),
            (
                r#"{"\u0061piSecret":"hush"}"#,
                r#"{"apiSecret":"[redacted]"}"#,
            ),
            (
                r#"{"token":"eyJhbGciOi.hush.x","expiresAt":1}"#,
                r#"{"expiresAt":1,"token":"[redacted]"}"#,
            ),
            (
                r#"{"callbackUrl":"https://a.example/hooks?key=1&access_token=hush&x=y"}"#,
                r#"{"callbackUrl":"https://a.example/hooks?key=1&access_token=[redacted]&x=y"}"#,
            ),
            (
                r#"{"callbackUrl":"https://me:hush@a.example"}"#,
                r#"{"callbackUrl":"https://[redacted]@a.example"}"#,
            ),
            (r#"{"apiSecret":"hush"#, "[redacted]"),
            (r#"apiSecret=hush&x=1"#, "[redacted]"),
        ] {
            let kept = kept(sent);
            assert!(!kept.contains("hush"), "{kept}");
            // The order of members is that of the JSON library.
            match serde_json::from_str::<Value>(expected) {
                Ok(expected) => assert_eq!(serde_json::from_str::<Value>(&kept).unwrap(), expected),
                Err(_) => assert_eq!(kept, expected),
            }
        }
    }

    #[test]
    fn what_is_not_secret_stays_as_it_was_sent() {
        for text in [
            r#"{ "amount" : "20.0" }"#,
            "",
            "not json",
            r#"{"token":"eip155:324/erc20:0x1"}"#,
            r#"{ "callbackUrl" : "https://a.example/hooks?x=1&y" }"#,
        ] {
            assert_eq!(kept(text), text);
        }
        assert_eq!(body(vec![0xff, 0]), [0xff, 0]);
    }

    #[test]
    fn credentials_in_heads_are_replaced() {
        for (name, value, expected) in [
            ("authorization", "Bearer abc", "Bearer [redacted]"),
            ("Authorization", "bearer abc", "bearer [redacted]"),
            ("authorization", "abc def", REDACTED),
            ("authorization", "abc", REDACTED),
            ("cookie", "a=b", REDACTED),
            ("x-sandbox-token", "abc", REDACTED),
            ("x-trace", "eyJhbGciOi.a.b", REDACTED),
            ("accept", "*/*", "*/*"),
            ("signature-input", "sig=()", "sig=()"),
        ] {
            assert_eq!(header(name, value), expected, "{name}: {value}");
        }
        assert_eq!(target("/v1/cards"), "/v1/cards");
        assert_eq!(
            target("/v1/assets?chain=a&token=b"),
            "/v1/assets?chain=a&token=[redacted]"
        );
        assert_eq!(target("/v1/eyJhbGciOi.a.b"), REDACTED);
    }
}
