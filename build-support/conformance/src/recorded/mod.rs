//! Recorded traffic: HAR files and lines of JSON become exchanges.
//!
//! A line of the latter is one exchange:
//!
//! ```json
//! {"request": {"method": "GET", "url": "https://api.example/v1/cards", "headers": {}},
//!  "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": "[]"}}
//! ```
//!
//! A `body` is the text itself; with `"encoding": "base64"` beside it, that of bytes; anything but
//! a string is JSON. Without `body` there was no body; `"unrecorded": true` says that there was one. Header
//! fields are an object, or a list of `{"name", "value"}`. `intent` says why the call was made, by
//! the names of [`Probe`](super::Probe); without it nothing is known of the reason.

mod har;
mod lines;

use super::exchange::Exchange;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use lines::write;

/// Recorded traffic cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct RecordedError {
    /// The file, with the line or entry.
    pub place: String,
    /// What is wrong there.
    pub reason: String,
}

/// Reads a recording: a HAR file or lines of JSON, whichever it is. `name` is what findings and
/// errors call it.
///
/// # Errors
/// When the text is neither, or an entry lacks its method, URL or status.
pub fn read(name: &str, text: &str) -> Result<Vec<Exchange>, RecordedError> {
    let text = text.trim_start_matches('\u{feff}');
    let whole: Result<har::Har, _> = serde_json::from_str(text);
    match whole {
        Ok(har) => har::exchanges(name, har),
        Err(error) if looks_like_har(name, text) => Err(RecordedError {
            place: format!("{name}:{}:{}", error.line(), error.column()),
            reason: "this is not a valid HAR file of version 1.2".to_owned(),
        }),
        Err(_) => lines::read(name, text),
    }
}

/// A HAR file is one object whose first member is `log`.
fn looks_like_har(name: &str, text: &str) -> bool {
    let start = text.trim_start().trim_start_matches('{').trim_start();
    name.to_ascii_lowercase().ends_with(".har") || start.starts_with("\"log\"")
}

/// The bytes of a text in an encoding: base64, or none.
fn bytes(text: &str, encoding: Option<&str>) -> Result<Vec<u8>, String> {
    match encoding {
        None | Some("" | "utf-8" | "utf8") => Ok(text.as_bytes().to_vec()),
        Some("base64") => {
            let compact: String = text.split_whitespace().collect();
            let decoded = STANDARD.decode(compact);
            decoded.map_err(|_| "a body is not valid base64, although it says so".to_owned())
        }
        Some(other) => Err(format!("a body has the unknown encoding `{other}`")),
    }
}

#[cfg(test)]
mod tests;
