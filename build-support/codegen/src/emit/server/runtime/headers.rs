//! Headers of responses, from values of the types that the contract gives them.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use serde::Serialize;
use serde_json::Value;

use super::Problem;

/// How the value of a header becomes text (OpenAPI, "Style Values": `simple`).
#[derive(Debug, Clone, Copy)]
pub struct HeaderRule {
    /// The header's name.
    pub name: &'static str,
    /// Whether the members of an object stand as `name=value` (`true`) or `name,value`.
    pub explode: bool,
    /// Whether the text is JSON.
    pub json: bool,
}

/// The response with headers: `headers` is an object whose properties the rules name. What is null
/// or absent is not sent. A value that no header can carry, for instance one with a line break, is a
/// 500, since the response would not be the one that was meant.
#[must_use]
pub fn with_headers<T: Serialize>(
    mut response: Response,
    headers: &T,
    rules: &[HeaderRule],
) -> Response {
    let Ok(Value::Object(mut values)) = serde_json::to_value(headers) else {
        return Problem::internal().into_response();
    };
    for rule in rules {
        let value = values.remove(rule.name).unwrap_or(Value::Null);
        let Some(texts) = texts(value, rule) else {
            return Problem::internal().into_response();
        };
        for text in texts {
            let name = HeaderName::from_bytes(rule.name.as_bytes());
            let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&text)) else {
                return Problem::internal().into_response();
            };
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// The texts of a header, one for each time that it is sent. Cookies are not joined (RFC 6265,
/// section 3). Nothing where readers would see other texts: one with a comma in a list, or with white
/// space around it.
fn texts(value: Value, rule: &HeaderRule) -> Option<Vec<String>> {
    let repeated = rule.name.eq_ignore_ascii_case(header::SET_COOKIE.as_str());
    Some(match value {
        Value::Null => Vec::new(),
        value if rule.json => vec![value.to_string()],
        Value::Array(items) if repeated => items.into_iter().map(scalar).collect(),
        Value::Array(items) => vec![joined(items.into_iter().map(scalar).collect())?],
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            let parts = members.flat_map(|(key, value)| match rule.explode {
                true => vec![format!("{key}={}", scalar(value))],
                false => vec![key, scalar(value)],
            });
            vec![joined(parts.collect())?]
        }
        value => vec![Some(scalar(value)).filter(is_kept)?],
    })
}

/// Whether readers see a text as it is: they take white space around it away (RFC 9110, section 5.5).
fn is_kept(text: &String) -> bool {
    text.trim() == text
}

fn joined(parts: Vec<String>) -> Option<String> {
    let separable = |part: &String| !part.contains(',') && is_kept(part);
    // One empty text and no text at all look the same.
    let is_told = !matches!(parts.as_slice(), [only] if only.is_empty());
    (is_told && parts.iter().all(separable)).then(|| parts.join(","))
}

/// Text as it is, everything else as JSON.
fn scalar(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
