//! Vectors in JSON lines, and the requests they hold.

use std::collections::BTreeMap;
use std::path::Path;

use http::uri::Scheme;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use offblocks_signature::Message;
use serde::{Deserialize, Serialize};

/// One recorded request: what was sent, the key, and whether it has to be accepted.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vector {
    pub name: String,
    pub method: String,
    pub url: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub public_key_pem: String,
    pub key_id: String,
    pub expect: bool,
    /// The variant of the error, in the project's own vectors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A request as a server receives it: path and `Host`, no scheme.
pub struct Received {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
}

impl Received {
    pub fn message(&self) -> Message<'_> {
        Message::new(&self.method, &self.uri, &self.headers)
    }
}

impl Vector {
    pub fn request(&self) -> Received {
        let (_, rest) = self.url.split_once("://").unwrap();
        let (host, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        for (name, value) in &self.headers {
            headers.append(
                HeaderName::try_from(name.as_str()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        Received {
            method: self.method.parse().unwrap(),
            uri: if target.is_empty() { "/" } else { target }
                .parse()
                .unwrap(),
            headers,
        }
    }

    pub fn scheme(&self) -> Scheme {
        self.url.split_once("://").unwrap().0.parse().unwrap()
    }
}

/// Reads vectors by a path relative to this crate.
pub fn read_vectors(path: &str) -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("put the vectors at {}: {error}", path.display()));
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
