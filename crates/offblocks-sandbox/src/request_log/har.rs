//! The log as an HTTP archive (HAR 1.2), which browsers, proxies and `offblocks conformance` read.

use serde_json::{Value, json};

use super::wire::{fields, instant, named, reason, word};
use super::{LoggedBody, LoggedHeaders, LoggedRequest};

/// An archive of these entries.
pub(crate) fn archive<'a>(entries: impl IntoIterator<Item = &'a LoggedRequest>) -> Value {
    let entries: Vec<_> = entries.into_iter().map(entry).collect();
    json!({"log": {
        "version": "1.2",
        "creator": {"name": "offblocks sandbox", "version": env!("CARGO_PKG_VERSION")},
        "entries": entries,
    }})
}

fn entry(logged: &LoggedRequest) -> Value {
    let millis = logged.duration.as_secs_f64() * 1_000.0;
    let checks = named(&logged.checks).map(|(name, verdict)| {
        let mut text = word(verdict).to_owned();
        if let Some(reason) = reason(verdict) {
            text = format!("{text}: {reason}");
        }
        (name.to_owned(), Value::from(text))
    });
    let mut entry = json!({
        "startedDateTime": instant(logged),
        "time": millis,
        "request": request(logged),
        "response": response(logged),
        "cache": {},
        "timings": {"send": 0, "wait": millis, "receive": 0},
        // Members of one's own begin with an underscore.
        "_operation": logged.operation,
        "_checks": Value::Object(checks.into_iter().collect()),
    });
    if let Some(fault) = logged.fault {
        entry["_fault"] = format!("{} {}", fault.id, fault.kind.name()).into();
    }
    entry
}

fn request(logged: &LoggedRequest) -> Value {
    let (_, query) = logged.target.split_once('?').unwrap_or_default();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs: Vec<_> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            json!({"name": name, "value": value})
        })
        .collect();
    let mut request = json!({
        "method": logged.method.as_str(),
        "url": format!("http://{}{}", logged.host, logged.target),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": fields(&logged.request_headers),
        "queryString": pairs,
        "headersSize": -1,
        "bodySize": logged.request_body.length,
    });
    if logged.request_body.length > 0 {
        let mut posted = content(&logged.request_headers, &logged.request_body);
        if let Some(posted) = posted.as_object_mut() {
            // Beside the text there must be no `params`.
            posted.remove("size");
        }
        request["postData"] = posted;
    }
    request
}

/// Without a response, HAR has the status zero.
fn response(logged: &LoggedRequest) -> Value {
    let status = logged.status.unwrap_or_default();
    let phrase = http::StatusCode::from_u16(status).ok();
    let phrase = phrase.and_then(|status| status.canonical_reason());
    json!({
        "status": status,
        "statusText": phrase.unwrap_or_default(),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": fields(&logged.response_headers),
        "content": content(&logged.response_headers, &logged.response_body),
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": logged.response_body.length,
    })
}

/// A body. Of one that was not kept whole only the size is said, so that no reader takes its
/// beginning for all of it.
fn content(headers: &LoggedHeaders, body: &LoggedBody) -> Value {
    let mut content = json!({
        "size": body.length,
        "mimeType": headers.get("content-type").unwrap_or_default(),
    });
    if !body.whole {
        content["comment"] = "the log kept only the beginning of the body".into();
    } else if let Some(text) = body.text() {
        content["text"] = text.into();
    } else {
        let bytes = offblocks_types::support::Base64::from(body.excerpt.clone());
        content["text"] = bytes.to_string().into();
        content["encoding"] = "base64".into();
    }
    content
}

#[cfg(test)]
mod tests {
    use super::super::entry::tests::entry as logged;
    use super::*;

    #[test]
    fn an_entry_says_what_was_sent_and_received() {
        let mut logged = logged();
        logged.response_body = LoggedBody {
            excerpt: b"[]".to_vec(),
            length: 2,
            whole: true,
        };
        let archive = archive([&logged]);
        let entry = &archive["log"]["entries"][0];
        assert_eq!(
            entry["request"]["url"],
            "http://127.0.0.1:8080/v1/cards?x=1"
        );
        assert_eq!(
            entry["request"]["queryString"],
            json!([{"name": "x", "value": "1"}])
        );
        assert_eq!(entry["response"]["content"]["text"], "[]");
        assert_eq!(entry["time"], 1.5);
        assert_eq!(entry["_operation"], "getCards");
    }

    #[test]
    fn what_was_not_kept_is_not_shown_as_the_whole() {
        let mut logged = logged();
        logged.status = None;
        logged.response_body.excerpt = b"[1,".to_vec();
        logged.response_body.length = 70_000;
        let archive = archive([&logged]);
        let response = &archive["log"]["entries"][0]["response"];
        assert_eq!(response["status"], 0);
        assert_eq!(response["content"]["text"], Value::Null);
        assert_eq!(response["content"]["size"], 70_000);
    }
}
