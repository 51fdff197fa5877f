//! Why a request never reached a handler, as a type.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::{Location, Problem, Violation};

/// Why a request was rejected before its handler saw it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// 413: the body exceeds the limit.
    #[error("the body is larger than the {limit} bytes this server reads")]
    BodyTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// 400: the connection broke off inside the body.
    #[error("the body ended before all of it arrived")]
    BodyUnreadable,
    /// 408: the rest of the body did not arrive in time.
    #[error("the body took too long to arrive; send the request again")]
    BodyTimeout,
    /// 503: the server holds as much of bodies as it allows.
    #[error("the server is busy with the bodies of other requests; try again soon")]
    Overloaded,
    /// 400: the operation needs a body.
    #[error("this operation needs a body of type {expected}, and the request has none")]
    BodyMissing {
        /// The media type of the contract.
        expected: &'static str,
    },
    /// 400: the body is not text in UTF-8.
    #[error("the body is not text in utf-8")]
    BodyNotText,
    /// 415: the body has another type, or does not say which.
    #[error("the body's content type has to be {expected}{}", but(.sent.as_deref()))]
    UnsupportedMediaType {
        /// The media types of the contract, separated by commas.
        expected: String,
        /// The type that the body has by its headers, where these say one.
        sent: Option<String>,
    },
    /// 415: the body has a content coding.
    #[error("the body has a content coding, and this server reads none; send it as it is")]
    UnsupportedCoding,
    /// 400: the body is not JSON.
    #[error("the body is not valid JSON: {reason} at line {line} column {column}")]
    MalformedJson {
        /// What the reader found.
        reason: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// 400: the body breaks the contract's schema.
    #[error("the body breaks the contract: {}", summary(.0))]
    Invalid(
        /// Every place, the first one found first.
        Vec<Violation>,
    ),
    /// 400: a parameter breaks the contract.
    #[error("{} parameter {name}: {fault}", .location.as_str())]
    Parameter {
        /// Where it travels.
        location: Location,
        /// Its name on the wire.
        name: &'static str,
        /// What is wrong with it.
        fault: ParameterFault,
    },
    /// 500: the server's own tables do not fit together.
    #[error("the server's contract tables are inconsistent: {0}")]
    Inconsistent(
        /// What does not fit.
        String,
    ),
}

/// What is wrong with a parameter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterFault {
    /// It is required and absent.
    #[error("is required")]
    Missing,
    /// A single value was given more than once.
    #[error("is given more than once")]
    Repeated,
    /// A percent escape is broken, or the bytes are not UTF-8.
    #[error("is not percent-encoded text in utf-8")]
    Encoding,
    /// The value breaks the contract's schema.
    #[error("{0}")]
    Invalid(
        /// The reason.
        String,
    ),
}

impl Rejection {
    /// The status it is responded to with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType { .. } | Self::UnsupportedCoding => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Inconsistent(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let problem = Self::new(rejection.status()).with_detail(rejection.to_string());
        match rejection {
            Rejection::Invalid(violations) => problem.with_violations(violations),
            Rejection::UnsupportedMediaType { expected, .. } => match HeaderValue::from_str(&expected) {
                Ok(expected) => problem.with_header(header::ACCEPT, expected),
                Err(_) => problem,
            },
            // RFC 9110, section 15.5.16: the field says which codings would have been read.
            Rejection::UnsupportedCoding => problem.with_header(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            ),
            Rejection::Overloaded => {
                problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
            }
            Rejection::Parameter {
                location,
                name,
                fault,
            } => problem.with_violations(vec![Violation {
                location: Some(location.as_str()),
                parameter: Some(name.to_owned()),
                ..Violation::at("", fault.to_string())
            }]),
            _ => problem,
        }
    }
}

impl IntoResponse for Rejection {
    /// The response carries the rejection in its extensions, so that layers can
    /// distinguish it from a response of a handler.
    fn into_response(self) -> Response {
        let mut response = Problem::from(self.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What was sent instead.
fn but(sent: Option<&str>) -> String {
    match sent {
        Some(sent) => format!(", not {sent}"),
        None => ", and the request names none that can be read".to_owned(),
    }
}

fn summary(violations: &[Violation]) -> String {
    let Some(first) = violations.first() else {
        return "no reason given".to_owned();
    };
    let place = if first.pointer.is_empty() {
        "the whole body"
    } else {
        &first.pointer
    };
    let more = match violations.len() - 1 {
        0 => String::new(),
        others => format!(" (and {others} more)"),
    };
    format!("{place}: {}{more}", first.detail)
}
