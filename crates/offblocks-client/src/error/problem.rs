//! Problem documents.

use serde::Deserialize;

/// A problem document (RFC 9457), as far as the server filled it in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Problem {
    /// A URI that names the class of the problem.
    pub r#type: Option<String>,
    /// The class of the problem in words.
    pub title: Option<String>,
    /// The status, once more.
    pub status: Option<u16>,
    /// This problem in words.
    pub detail: Option<String>,
    /// JSON pointer of the member of the request's body that is wrong.
    pub pointer: Option<String>,
    /// The server's name for the request.
    pub request_id: Option<String>,
}

impl Problem {
    /// Reads a body that says at least one thing a problem says.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let problem: Self = serde_json::from_slice(body).ok()?;
        let says = problem.title.is_some() || problem.detail.is_some();
        says.then_some(problem)
    }

    /// Detail before title, and the place.
    pub(super) fn summary(&self) -> Option<String> {
        let said = self.detail.as_ref().or(self.title.as_ref())?;
        Some(match &self.pointer {
            Some(pointer) => format!("{said} (at {pointer})"),
            None => said.clone(),
        })
    }
}
