//! One entry of the log.

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, Method};
use offblocks_server::Checks;

use super::redact;
use crate::faults::AppliedFault;

/// A request to the API, and its outcome. It holds no secret: tokens and the API secret are
/// replaced before they get here.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// Its number since the sandbox started, from 1.
    pub number: u64,
    /// When its head was read, by the sandbox's clock.
    pub received_at: DateTime<Utc>,
    /// How long it took until the last byte of the response was handed over, by a clock that is
    /// never set.
    pub duration: Duration,
    /// The method.
    pub method: Method,
    /// The host that it named, with the port.
    pub host: String,
    /// Path and query as they were sent.
    pub target: String,
    /// The operation of the contract; `None` where the contract has no such path or method.
    pub operation: Option<&'static str>,
    /// The status of the response; `None` where the client hung up before there was one, or a fault
    /// kept it back.
    pub status: Option<u16>,
    /// The fault that was applied to it.
    pub fault: Option<AppliedFault>,
    /// The request's id, as `x-request-id` shows it.
    pub request_id: Option<String>,
    /// The idempotency key that was sent.
    pub idempotency_key: Option<String>,
    /// Whether the response is the one stored under the idempotency key.
    pub replayed: bool,
    /// The result of each check, as far as the request came.
    pub checks: Checks,
    /// The request's headers.
    pub request_headers: LoggedHeaders,
    /// The request's body, as far as it was read.
    pub request_body: LoggedBody,
    /// The response's headers.
    pub response_headers: LoggedHeaders,
    /// The response's body.
    pub response_body: LoggedBody,
}

impl LoggedRequest {
    /// About how many bytes of memory it takes.
    pub(super) fn weight(&self) -> usize {
        let texts = [&self.host, &self.target]
            .into_iter()
            .chain(&self.request_id)
            .chain(&self.idempotency_key);
        size_of::<Self>()
            + texts.map(String::len).sum::<usize>()
            + self.request_headers.0.len()
            + self.response_headers.0.len()
            + self.request_body.excerpt.len()
            + self.response_body.excerpt.len()
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// Header fields, kept in one piece of text so that an entry takes little memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoggedHeaders(String);

impl LoggedHeaders {
    /// The fields of a message, the secrets among them replaced.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let size = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 3);
        let mut text = String::with_capacity(size.sum());
        for (name, value) in headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            let value = redact::header(name.as_str(), &value);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name}: {value}");
        }
        Self(text)
    }

    /// Adds a field that is put on the message further outside.
    pub(super) fn add(&mut self, name: &str, value: impl std::fmt::Display) {
        if self.get(name).is_none() {
            // Writing to a string cannot fail.
            let _ = writeln!(self.0, "{name}: {value}");
        }
    }

    /// Names in lower case, and values, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.lines().filter_map(|line| line.split_once(": "))
    }

    /// The first value of a field; its name is given in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.iter();
        fields
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

/// The beginning of a body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedBody {
    /// The bytes that are kept, the secrets among them replaced.
    pub excerpt: Vec<u8>,
    /// How many bytes were sent.
    pub length: u64,
    /// Whether [`LoggedBody::excerpt`] is all of it.
    pub whole: bool,
}

impl LoggedBody {
    /// The first half, where the connection ended then.
    pub(super) fn half(mut self) -> Self {
        self.length /= 2;
        self.excerpt
            .truncate(usize::try_from(self.length).unwrap_or(usize::MAX));
        self.whole = false;
        self
    }

    /// The text that is kept; `None` where it is not text.
    pub fn text(&self) -> Option<&str> {
        match std::str::from_utf8(&self.excerpt) {
            Ok(text) => Some(text),
            // A character that was cut must not hide the others.
            Err(error) if !self.whole && error.error_len().is_none() => {
                std::str::from_utf8(&self.excerpt[..error.valid_up_to()]).ok()
            }
            Err(_) => None,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An entry that says nothing special.
    pub(in super::super) fn entry() -> LoggedRequest {
        LoggedRequest {
            number: 0,
            received_at: DateTime::UNIX_EPOCH,
            duration: Duration::from_micros(1_500),
            method: Method::GET,
            host: "127.0.0.1:8080".to_owned(),
            target: "/v1/cards?x=1".to_owned(),
            operation: Some("getCards"),
            status: Some(200),
            fault: None,
            request_id: None,
            idempotency_key: None,
            replayed: false,
            checks: Checks::default(),
            request_headers: LoggedHeaders::default(),
            request_body: LoggedBody::default(),
            response_headers: LoggedHeaders::default(),
            response_body: LoggedBody::default(),
        }
    }

    #[test]
    fn headers_are_kept_in_their_order() {
        let mut headers = HeaderMap::new();
        headers.append("accept", "*/*".parse().unwrap());
        headers.append("authorization", "Bearer hush".parse().unwrap());
        headers.append("accept", "a: b".parse().unwrap());
        let kept = LoggedHeaders::of(&headers);
        let mut fields: Vec<_> = kept.iter().collect();
        fields.sort_unstable();
        let expected = [
            ("accept", "*/*"),
            ("accept", "a: b"),
            ("authorization", "Bearer [redacted]"),
        ];
        assert_eq!(fields, expected);
        assert_eq!(kept.get("accept"), Some("*/*"));
    }

    #[test]
    fn a_cut_character_does_not_hide_the_text() {
        let mut body = LoggedBody {
            excerpt: "é".as_bytes()[..1].to_vec(),
            length: 2,
            whole: false,
        };
        assert_eq!(body.text(), Some(""));
        body.whole = true;
        assert_eq!(body.text(), None);
    }
}
