//! The body of a response that failed.

use std::fmt;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

use super::problem::Problem;
use super::redact;

/// The body of a failure: its text, and the problem in it.
#[derive(Default)]
pub(crate) struct Body {
    text: Option<String>,
    problem: Option<Problem>,
    /// Whether the text stays out of `Display` and `Debug`.
    private: bool,
    /// What the body is, where it is not what an API sends.
    foreign: Option<Foreign>,
}

/// How much of a body an error's own text quotes, in characters.
const QUOTED: usize = 300;

impl Body {
    /// How much of a failure's body is kept, in bytes.
    pub(crate) const LIMIT: usize = 64 << 10;

    /// Bytes as text, whatever they are; `cut` says that there was more.
    pub(crate) fn new(mut bytes: Vec<u8>, cut: bool, headers: &HeaderMap) -> Self {
        let cut = cut || bytes.len() > Self::LIMIT;
        bytes.truncate(Self::LIMIT);
        bytes.drain(..bytes.len() - without_mark(&bytes).len());
        if bytes.is_empty() {
            return Self::default();
        }
        let problem = Problem::read(&bytes);
        let foreign = foreign(&bytes, headers);
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if cut {
            text.push('…');
        }
        Self {
            text: Some(text),
            problem,
            private: false,
            foreign,
        }
    }

    /// Successes hold personal data and tokens, and are dropped. What comes from the calls below
    /// `/auth` could repeat a secret, and is kept but never printed.
    pub(crate) fn guarded(self, private: bool, status: StatusCode) -> Self {
        match status.is_success() {
            true => Self::default(),
            false => Self { private, ..self },
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    pub(crate) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// What an error's text says of the body: the problem's words, else its beginning.
    pub(crate) fn summary(&self) -> Option<String> {
        if self.private {
            return None;
        }
        if let Some(foreign) = self.foreign {
            return Some(foreign.to_string());
        }
        let said = self.problem.as_ref().and_then(Problem::summary);
        let said = said.or_else(|| self.text.clone())?;
        let quoted = printable(&said, QUOTED);
        (!quoted.is_empty()).then(|| redact::digits(&quoted))
    }
}

/// The beginning of a server's text, on one line and without control characters, so that it can
/// change neither a log nor a terminal.
pub(crate) fn printable(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut visible = line.chars().filter(|it| !it.is_control());
    let mut quoted: String = visible.by_ref().take(most).collect();
    if visible.next().is_some() {
        quoted.push('…');
    }
    quoted
}

/// A text in UTF-8 without the byte order mark that some gateways put before it. Readers of JSON may
/// ignore it (RFC 8259, section 8.1).
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The kind of a body that an API does not send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// Compressed, although the client accepts no coding.
    Compressed,
    /// A page for people. It comes from a gateway or proxy, so it says nothing of the API.
    Html,
}

impl fmt::Display for Foreign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Compressed => "the body is compressed, which was not asked for",
            Self::Html => {
                "the body is HTML, which a gateway or a proxy in between sends and the API does not"
            }
        })
    }
}

/// What a body is, where it is not what an API sends: its bytes say so, or else its headers.
pub(crate) fn foreign(bytes: &[u8], headers: &HeaderMap) -> Option<Foreign> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let zipped = header(CONTENT_ENCODING).is_some_and(|encoding| {
        let mut codings = encoding.split(',').map(str::trim);
        codings.any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
    });
    let bytes = without_mark(bytes);
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
    let start = start.map_or(&[] as &[u8], |start| &bytes[start..]);
    let html = header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html"));
    match () {
        () if zipped || bytes.starts_with(&[0x1f, 0x8b]) => Some(Foreign::Compressed),
        () if html || start.starts_with(b"<") => Some(Foreign::Html),
        () => None,
    }
}
