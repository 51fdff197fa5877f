//! Exchanges as JSON, one a line.

use super::{RecordedError, bytes};
use crate::exchange::{Exchange, Headers, Intent, ReceivedResponse};
use crate::redact;
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Debug, Deserialize)]
struct Line {
    request: Request,
    response: Response,
    intent: Option<Intent>,
}

#[derive(Debug, Deserialize)]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Fields,
    #[serde(flatten)]
    content: Content,
}

#[derive(Debug, Deserialize)]
struct Response {
    status: u16,
    #[serde(default)]
    headers: Fields,
    #[serde(default)]
    unrecorded: bool,
    #[serde(flatten)]
    content: Content,
}

#[derive(Debug, Deserialize)]
struct Content {
    body: Option<Value>,
    encoding: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Fields {
    List(Vec<Field>),
    Object(Map<String, Value>),
}

#[derive(Debug, Deserialize)]
struct Field {
    name: String,
    value: String,
}

impl Default for Fields {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

/// Reads the lines of a recording; empty ones are skipped.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Exchange>, RecordedError> {
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let place = format!("{name}:{}", index + 1);
            exchange(line, &place).map_err(|reason| RecordedError { place, reason })
        })
        .collect()
}

/// An exchange as a line of a recording, its secrets withheld; ends with a line break. A body that
/// is not JSON is left out, because it is unknown what in it is a secret.
#[must_use]
pub fn write(exchange: &Exchange) -> String {
    let mut request = json!({
        "method": exchange.method,
        "url": redact::url(&exchange.url),
        "headers": fields(&exchange.headers),
    });
    if !exchange.body.is_empty()
        && let Some(body) = redact::body(&exchange.body)
    {
        request["body"] = text(body);
    }
    let received = &exchange.response;
    let mut response = json!({"status": received.status, "headers": fields(&received.headers)});
    match redact::body(&received.body) {
        Some(body) => response["body"] = text(body),
        None if received.body.is_empty() => (),
        None => response["unrecorded"] = json!(true),
    }
    let line = json!({"request": request, "response": response, "intent": exchange.intent});
    format!("{line}\n")
}

/// A body is kept as text, so that a JSON string stays one.
fn text(body: Value) -> Value {
    Value::String(body.to_string())
}

fn fields(headers: &Headers) -> Value {
    let fields = headers.iter();
    let fields =
        fields.map(|(name, value)| json!({"name": name, "value": redact::header(name, value)}));
    fields.collect()
}

fn exchange(line: &str, place: &str) -> Result<Exchange, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| {
        // The message of the library could quote the line, secrets included.
        format!("column {}: this is not a valid exchange", error.column())
    })?;
    let intent = line.intent.unwrap_or(Intent::Recorded);
    let mut exchange = Exchange::new(&line.request.method, line.request.url, intent);
    exchange.origin = Some(place.to_owned());
    exchange.headers = headers(line.request.headers);
    exchange.body = body(line.request.content)?;
    exchange.response = ReceivedResponse {
        status: line.response.status,
        headers: headers(line.response.headers),
        body: body(line.response.content)?,
        unrecorded: line.response.unrecorded,
    };
    Ok(exchange)
}

fn headers(fields: Fields) -> Headers {
    match fields {
        Fields::List(fields) => fields.into_iter().map(|it| (it.name, it.value)).collect(),
        Fields::Object(members) => members
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(text) => (name, text),
                other => (name, other.to_string()),
            })
            .collect(),
    }
}

fn body(content: Content) -> Result<Vec<u8>, String> {
    match content.body {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => bytes(&text, content.encoding.as_deref()),
        Some(value) => Ok(value.to_string().into_bytes()),
    }
}
