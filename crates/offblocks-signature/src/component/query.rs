//! Single parameters of the query as components (RFC 9421, section 2.2.8).

use sfv::{BareItem, Parameters};

use crate::component_error::ComponentError;

/// The value of the one query parameter that the component's `name` parameter names.
pub(super) fn parameter(
    params: &Parameters,
    query: Option<&str>,
) -> Result<String, ComponentError> {
    let name = match params.get("name") {
        Some(BareItem::String(name)) if params.len() == 1 => name.as_str(),
        _ => {
            return Err(ComponentError::Unsupported {
                identifier: "\"@query-param\" without a name, or with more than that".to_owned(),
            });
        }
    };
    let pairs = query.unwrap_or_default().split('&');
    let mut values = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(key, _)| recoded(key) == name)
        .map(|(_, value)| recoded(value));
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(ComponentError::AmbiguousQueryParameter {
            identifier: format!("\"@query-param\";name={name:?}"),
        }),
    }
}

/// A name or value in the one spelling that both sides can agree on: decoded as a form, encoded
/// again with everything but letters, digits and `*-._` as percent and two capital hex digits.
fn recoded(text: &str) -> String {
    decoded(text.as_bytes()).fold(String::with_capacity(text.len()), |mut coded, byte| {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' => {
                coded.push(char::from(byte));
            }
            _ => coded.push_str(&format!("%{byte:02X}")),
        }
        coded
    })
}

fn decoded(text: &[u8]) -> impl Iterator<Item = u8> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (byte, after) = match rest {
            [] => return None,
            [b'+', after @ ..] => (b' ', after),
            [b'%', high, low, after @ ..] if let Some(byte) = hex(*high, *low) => (byte, after),
            [byte, after @ ..] => (*byte, after),
        };
        rest = after;
        Some(byte)
    })
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
