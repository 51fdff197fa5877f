//! Problem documents.

use serde::Deserialize;
use serde_json::Value;

use super::is_request_id;

/// A problem document (RFC 9457), as far as the server filled it in.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The server's name for the request.
    pub request_id: Option<String>,
    /// The places of the request that broke the contract (an extension that `offblocks-server`
    /// sends as `errors`).
    pub violations: Vec<Violation>,
    /// The extension members (RFC 9457, section 3.2): all others, as the server sent them.
    pub extensions: serde_json::Map<String, Value>,
}

/// One place of a request that broke the contract, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Violation {
    /// JSON pointer (RFC 6901) of the place in the body; empty for the whole.
    #[serde(default)]
    pub pointer: String,
    /// The parameter's name, when it is not the body.
    pub parameter: Option<String>,
    /// What is wrong there.
    pub detail: String,
}

impl Problem {
    /// Reads a body that says at least one thing a problem says. A member of another type than
    /// RFC 9457 gives it counts as absent.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let members: Value = serde_json::from_slice(body).ok()?;
        let text = |name: &str| members.get(name)?.as_str().map(str::to_owned);
        let status = || u16::try_from(members.get("status")?.as_u64()?).ok();
        let places = members.get("errors").and_then(Value::as_array);
        let place = |place: &Value| Violation::deserialize(place).ok();
        let known = ["type", "title", "status", "detail", "requestId", "errors"];
        let mut extensions = members.as_object().cloned().unwrap_or_default();
        extensions.retain(|name, _| !known.contains(&name.as_str()));
        let problem = Self {
            r#type: text("type"),
            title: text("title"),
            status: status(),
            detail: text("detail"),
            request_id: text("requestId").filter(|id| is_request_id(id)),
            violations: places.into_iter().flatten().filter_map(place).collect(),
            extensions,
        };
        let says = problem.title.is_some() || problem.detail.is_some();
        says.then_some(problem)
    }

    /// Detail before title, and the first place.
    pub(super) fn summary(&self) -> Option<String> {
        let said = self.detail.as_ref().or(self.title.as_ref())?;
        Some(match self.violations.first() {
            Some(first) => format!("{said}: {first}"),
            None => said.clone(),
        })
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = match (&self.parameter, self.pointer.as_str()) {
            (Some(parameter), _) => parameter,
            (None, "") => return formatter.write_str(&self.detail),
            (None, pointer) => pointer,
        };
        write!(formatter, "{} (at {place})", self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_read_and_what_it_garbles_is_absent() {
        let body = br#"{"title": "Bad Request", "status": 400, "detail": "the body is wrong",
            "balance": 30, "errors": [{"pointer": "/type", "detail": "is missing"}, 7]}"#;
        let problem = Problem::read(body).expect("it is a problem");
        assert_eq!(problem.status, Some(400));
        assert_eq!(problem.violations.len(), 1);
        assert_eq!(problem.extensions.len(), 1);
        assert_eq!(problem.extensions["balance"], 30);
        let summary = problem.summary();
        assert_eq!(
            summary.as_deref(),
            Some("the body is wrong: is missing (at /type)")
        );
        let garbled = br#"{"title": "Bad", "status": "400", "errors": {"a": 1}}"#;
        let problem = Problem::read(garbled).expect("it is a problem still");
        assert_eq!((problem.status, problem.violations.len()), (None, 0));
    }

    #[test]
    fn other_bodies_are_no_problems() {
        for body in ["", "oh no", "[]", "{}", r#"{"error": "x"}"#, r#""title""#] {
            assert_eq!(Problem::read(body.as_bytes()), None, "of {body}");
        }
    }
}
