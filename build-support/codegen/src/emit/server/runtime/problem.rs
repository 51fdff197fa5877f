//! Problem details (RFC 9457), the body of every rejection.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};

use super::respond;

/// A rejection, sent as `application/problem+json`.
///
/// Nothing in a problem repeats what the caller sent as a credential: texts name places and rules,
/// not values.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem(Box<Details>);

#[derive(Debug, Clone, PartialEq)]
struct Details {
    status: StatusCode,
    title: String,
    detail: Option<String>,
    violations: Vec<Violation>,
    members: Map<String, Value>,
    headers: HeaderMap,
}

/// One place that broke the contract, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// Where a parameter travels (`path`, `query`, `header`, `cookie`); `None` for the body.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub location: Option<&'static str>,
    /// The parameter's name; `None` for the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The JSON pointer (RFC 6901) of the place; empty for the whole value.
    pub pointer: String,
    /// What is wrong there.
    pub detail: String,
}

impl Violation {
    /// A violation at `pointer` of the body.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            location: None,
            parameter: None,
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

impl Problem {
    /// A problem of this status, titled by the status' own phrase.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        Self(Box::new(Details {
            status,
            title: phrase(status),
            detail: None,
            violations: Vec::new(),
            members: Map::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// A problem of the status of this number; 500 for a number that is not a valid status.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        Self::new(respond::status(status))
    }

    /// 400 with what is wrong.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST).with_detail(detail)
    }

    /// 401 with what is missing. Never repeat a token or signature here.
    pub fn unauthorised(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED).with_detail(detail)
    }

    /// 404 with what was looked for.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND).with_detail(detail)
    }

    /// 409 with what stands in the way.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT).with_detail(detail)
    }

    /// 500. The cause belongs into the server's log, not here.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Says what happened and what to do now.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Replaces the title.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.0.title = title.into();
        self
    }

    /// Replaces the status; the title follows where it was the old status' own phrase.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        if self.0.title == phrase(self.0.status) {
            self.0.title = phrase(status);
        }
        self.0.status = status;
        self
    }

    /// Lists the places that broke the contract.
    #[must_use]
    pub fn with_violations(mut self, violations: Vec<Violation>) -> Self {
        self.0.violations = violations;
        self
    }

    /// Adds an extension member (RFC 9457, section 3.2). One of the names above is ignored.
    #[must_use]
    pub fn with_member(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let name = name.into();
        if !["title", "status", "detail", "pointer", "errors"].contains(&name.as_str()) {
            self.0.members.insert(name, value.into());
        }
        self
    }

    /// Adds a header to the response, such as `Allow` or `WWW-Authenticate`.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// The response with this status instead of the problem's own, as a result type that documents
    /// the status sends it. A number that is not a valid status becomes 500.
    #[must_use]
    pub fn into_response_with_status(self, status: u16) -> Response {
        self.with_status(respond::status(status)).into_response()
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// What happened, where it is said.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// The places that broke the contract.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// The JSON pointer of the first place that broke the contract.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.0
            .violations
            .first()
            .map(|violation| violation.pointer.as_str())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.title)?;
        self.0
            .detail
            .iter()
            .try_for_each(|detail| write!(f, ": {detail}"))
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let wire = Wire {
            title: &self.0.title,
            status: self.0.status.as_u16(),
            detail: self.detail(),
            pointer: self.pointer(),
            errors: &self.0.violations,
            members: &self.0.members,
        };
        let body = serde_json::to_vec(&wire).unwrap_or_default();
        let mut response = (self.0.status, self.0.headers, body).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}

/// The members of a problem in the order they are written.
#[derive(Serialize)]
struct Wire<'a> {
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Violation],
    #[serde(flatten)]
    members: &'a Map<String, Value>,
}

fn phrase(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("Error").to_owned()
}
