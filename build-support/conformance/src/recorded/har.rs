//! HAR 1.2, as browsers and proxies write it.

use super::{RecordedError, bytes};
use crate::exchange::{Exchange, Headers, Intent, ReceivedResponse};
use serde::Deserialize;

/// A HAR file, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(super) struct Har {
    log: Log,
}

#[derive(Debug, Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    request: Request,
    response: Response,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
    post_data: Option<Content>,
}

#[derive(Debug, Deserialize)]
struct Response {
    /// Zero, or less in some tools, where no response came.
    status: i64,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    content: Content,
}

#[derive(Debug, Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    /// Absent where the tool left the body out.
    text: Option<String>,
    encoding: Option<String>,
    mime_type: Option<String>,
    /// Less than zero where it is not known.
    size: Option<f64>,
}

/// The exchanges of a HAR file. Entries without a response are left out.
pub(super) fn exchanges(name: &str, har: Har) -> Result<Vec<Exchange>, RecordedError> {
    let entries = har.log.entries.into_iter().enumerate();
    let with_response = entries.filter(|(_, entry)| entry.response.status > 0);
    with_response
        .map(|(index, entry)| {
            let place = format!("{name}, entry {}", index + 1);
            let wrong = |reason: String| RecordedError {
                place: place.clone(),
                reason,
            };
            exchange(entry, &place).map_err(wrong)
        })
        .collect()
}

fn exchange(entry: Entry, place: &str) -> Result<Exchange, String> {
    let Entry { request, response } = entry;
    let mut exchange = Exchange::new(&request.method, request.url, Intent::Recorded);
    exchange.origin = Some(place.to_owned());
    exchange.headers = headers(request.headers);
    if let Some(posted) = request.post_data {
        add_type(&mut exchange.headers, posted.mime_type.as_deref());
        let text = posted.text.unwrap_or_default();
        exchange.body = bytes(&text, posted.encoding.as_deref())?;
    }
    let status = u16::try_from(response.status);
    let mut received = ReceivedResponse {
        status: status.map_err(|_| format!("{} is not a valid status", response.status))?,
        headers: headers(response.headers),
        ..ReceivedResponse::default()
    };
    let content = response.content;
    received.unrecorded = content.text.is_none() && content.size.is_some_and(|size| size != 0.0);
    let text = content.text.unwrap_or_default();
    received.body = bytes(&text, content.encoding.as_deref())?;
    if !received.body.is_empty() {
        add_type(&mut received.headers, content.mime_type.as_deref());
    }
    exchange.response = received;
    Ok(exchange)
}

fn headers(fields: Vec<Header>) -> Headers {
    let fields = fields.into_iter();
    fields.map(|field| (field.name, field.value)).collect()
}

/// Some tools drop the header and keep the type beside the body. The type that tools
/// make up for unknown bodies says nothing.
fn add_type(headers: &mut Headers, mime_type: Option<&str>) {
    let known = mime_type.filter(|it| !it.is_empty() && *it != "x-unknown");
    if let Some(mime_type) = known
        && headers.get("content-type").is_none()
    {
        headers.push("content-type", mime_type);
    }
}
