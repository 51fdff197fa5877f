//! Captured requests: raw ones, HAR files and lines of JSON. Pure.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

/// How many header fields of a raw request are read.
const FIELDS: usize = 128;

/// A request that was captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Captured {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// The requests in a file. `name` is what errors call it.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Captured>, String> {
    let starts = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if starts == Some(&b'{') {
        let text = std::str::from_utf8(bytes);
        let text = text.map_err(|_| format!("{name} is not UTF-8"))?;
        let exchanges = conformance::recorded::read(name, text);
        let exchanges = exchanges.map_err(|error| error.to_string())?;
        return exchanges.iter().map(of_exchange).collect();
    }
    raw(bytes)
        .map(|request| vec![request])
        .map_err(|reason| format!("{name} is neither a HAR file nor an HTTP/1.1 request: {reason}"))
}

fn of_exchange(exchange: &conformance::Exchange) -> Result<Captured, String> {
    let place = exchange.origin.as_deref().unwrap_or(&exchange.url);
    captured(
        &exchange.method,
        &exchange.url,
        exchange
            .headers
            .iter()
            .map(|(name, value)| (name, value.as_bytes())),
        exchange.body.clone(),
    )
    .map_err(|reason| format!("{place}: {reason}"))
}

/// An HTTP/1.1 request as it was sent. Lines may end with a line feed alone, as editors write them.
fn raw(bytes: &[u8]) -> Result<Captured, String> {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    let head = match request.parse(bytes).map_err(|error| error.to_string())? {
        httparse::Status::Complete(head) => head,
        httparse::Status::Partial => {
            return Err("an empty line has to stand behind the header".to_owned());
        }
    };
    let (method, path) = (
        request.method.unwrap_or_default(),
        request.path.unwrap_or_default(),
    );
    let fields = request
        .headers
        .iter()
        .map(|field| (field.name, field.value));
    let mut captured = captured(method, path, fields, bytes[head..].to_vec())?;
    // An editor adds a line feed at the end, which was not sent.
    let length = captured.headers.get(http::header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    captured.body.truncate(length.unwrap_or(usize::MAX));
    Ok(captured)
}

fn captured<'a>(
    method: &str,
    url: &str,
    fields: impl Iterator<Item = (&'a str, &'a [u8])>,
    body: Vec<u8>,
) -> Result<Captured, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in fields.filter(|(name, _)| !name.starts_with(':')) {
        let unusable = || format!("the header field `{name}` is not valid");
        let name = HeaderName::try_from(name).map_err(|_| unusable())?;
        let value = HeaderValue::from_bytes(value).map_err(|_| unusable())?;
        headers.append(name, value);
    }
    Ok(Captured {
        method: method
            .parse()
            .map_err(|_| format!("`{method}` is not a method"))?,
        uri: url.parse().map_err(|_| format!("`{url}` is not a URL"))?,
        headers,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_requests_are_read() {
        let text = "POST /v1/a?b=c HTTP/1.1\nHost: api.test\ncontent-length: 2\n\n{}\n";
        let all = read("r", text.as_bytes()).unwrap();
        let [request] = all.as_slice() else {
            panic!("one request: {all:?}");
        };
        assert_eq!(
            (request.method.as_str(), request.uri.to_string().as_str()),
            ("POST", "/v1/a?b=c")
        );
        assert_eq!(request.headers["host"], "api.test");
        assert_eq!(request.body, b"{}");
    }

    #[test]
    fn what_is_not_a_request_is_said() {
        for (text, expected) in [
            ("GET / HTTP/1.1\nHost: a\n", "empty line"),
            ("hello", "neither"),
            ("{\"log\": 1}", "HAR"),
        ] {
            let error = read("r", text.as_bytes()).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
