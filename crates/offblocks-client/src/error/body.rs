//! The body of a response that failed.

use http::StatusCode;

use super::problem::Problem;
use super::redact;

/// The body of a failure: its text, and the problem in it.
#[derive(Default)]
pub(crate) struct Body {
    text: Option<String>,
    problem: Option<Problem>,
    /// Whether the text stays out of `Display` and `Debug`.
    private: bool,
}

/// How much of a body an error's own text quotes, in characters.
const QUOTED: usize = 300;

impl Body {
    /// How much of a failure's body is kept, in bytes.
    pub(crate) const LIMIT: usize = 64 << 10;

    /// Bytes as text, whatever they are; `cut` says that there was more.
    pub(crate) fn new(mut bytes: Vec<u8>, cut: bool) -> Self {
        let cut = cut || bytes.len() > Self::LIMIT;
        bytes.truncate(Self::LIMIT);
        if bytes.is_empty() {
            return Self::default();
        }
        let problem = Problem::read(&bytes);
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if cut {
            text.push('…');
        }
        Self {
            text: Some(text),
            problem,
            private: false,
        }
    }

    /// Successes of the calls below `/auth` hold tokens and are dropped; what else comes from
    /// there could repeat a secret, and is kept but never printed.
    pub(super) fn guarded(self, private: bool, status: StatusCode) -> Self {
        match (private, status.is_success()) {
            (true, true) => Self::default(),
            (private, _) => Self { private, ..self },
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    pub(super) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// What an error's text says of the body: the problem's words, else its beginning.
    pub(super) fn summary(&self) -> Option<String> {
        if self.private {
            return None;
        }
        let said = self.problem.as_ref().and_then(Problem::summary);
        let said = said.or_else(|| self.text.clone())?;
        let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut quoted: String = line.chars().take(QUOTED).collect();
        if quoted.len() < line.len() {
            quoted.push('…');
        }
        (!quoted.is_empty()).then(|| redact::digits(&quoted))
    }
}
