//! A request and its response.

use serde::{Deserialize, Serialize};

/// Header fields in the order they came, names in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The first value of a header, whatever the case of its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Adds a field.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_ascii_lowercase(), value.into()));
    }

    /// All fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.0.iter();
        fields.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(fields: T) -> Self {
        let mut headers = Self::default();
        for (name, value) in fields {
            headers.push(name.as_ref(), value);
        }
        headers
    }
}

/// A response as it came from the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceivedResponse {
    /// The status.
    pub status: u16,
    /// The header fields.
    pub headers: Headers,
    /// The body's bytes, without any transfer or content encoding.
    pub body: Vec<u8>,
    /// Whether there was a body that the recording left out.
    pub unrecorded: bool,
}

/// A request and the response to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The method, upper case.
    pub method: String,
    /// The URL as it was called, absolute or from the path on.
    pub url: String,
    /// The request's header fields.
    pub headers: Headers,
    /// The request's body.
    pub body: Vec<u8>,
    /// What came back.
    pub response: ReceivedResponse,
    /// Why the request was made.
    pub intent: Intent,
    /// Where it was recorded (`traffic.har, entry 3`); `None` for a live one.
    pub origin: Option<String>,
    /// For [`Probe::ReplayedKey`]: the response to the first call with the key.
    pub first_response: Option<ReceivedResponse>,
}

impl Exchange {
    /// A call whose response has not come yet; everything else is empty. Characters that a method
    /// cannot have are left out of it.
    #[must_use]
    pub fn new(method: &str, url: impl Into<String>, intent: Intent) -> Self {
        let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let method: String = method.chars().filter(allowed).collect();
        Self {
            method: method.to_ascii_uppercase(),
            url: url.into(),
            headers: Headers::default(),
            body: Vec::new(),
            response: ReceivedResponse::default(),
            intent,
            origin: None,
            first_response: None,
        }
    }
}

/// Why a request was made, which decides what responses it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// It keeps to the contract.
    Ordinary,
    /// It was recorded, and it is unknown why it was made.
    Recorded,
    /// It is wrong on purpose.
    #[serde(untagged)]
    Probe(Probe),
}

/// What is wrong with a call that has to be rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Probe {
    /// There is no token.
    MissingToken,
    /// The server did not issue the token.
    WrongToken,
    /// There is no signature.
    MissingSignature,
    /// Another key signed it than the one that it names.
    WrongSignature,
    /// The digest of the body is missing.
    MissingDigest,
    /// The digest is that of another body.
    WrongDigest,
    /// A required idempotency key is missing.
    MissingKey,
    /// An idempotency key comes again with the same payload: the same response has to come.
    ReplayedKey,
    /// An idempotency key comes again with another payload.
    ReusedKey,
    /// An identifier in the path names nothing.
    UnknownId,
    /// An identifier in the path breaks its schema.
    MalformedId,
    /// The path has no such method.
    WrongMethod,
    /// The body is not JSON, or lacks a required field.
    MalformedBody,
}
