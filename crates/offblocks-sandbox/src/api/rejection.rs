//! Rejections as the responses that each operation documents.

use http::{HeaderValue, StatusCode, header};
use offblocks_server::{Problem, Violation};

use crate::failure::Failure;

/// Makes `?` work on a [`Failure`] in the operations with these errors.
macro_rules! rejections {
    ($($error:ident),+ $(,)?) => {
        $(
            impl From<$crate::failure::Failure> for $error {
                fn from(failure: $crate::failure::Failure) -> Self {
                    $crate::api::rejection::reject(failure, Self::from_problem)
                }
            }
        )+
    };
}

pub(super) use rejections;

/// The documented response for a failure: a status the operation does not document becomes 400.
pub(super) fn reject<E>(failure: Failure, documented: fn(Problem) -> Result<E, Problem>) -> E {
    documented(problem(failure))
        .or_else(|problem| documented(problem.with_status(StatusCode::BAD_REQUEST)))
        .or_else(|_| documented(Problem::internal()))
        .unwrap_or_else(|problem| unreachable!("every operation documents a 500: {problem}"))
}

fn problem(failure: Failure) -> Problem {
    match failure {
        Failure::Invalid(reason) => Problem::bad_request(reason),
        Failure::InvalidMember { pointer, reason } => {
            let place = Violation::at(pointer, reason.as_str());
            Problem::bad_request(reason).with_violations(vec![place])
        }
        // RFC 9110 asks for a challenge with every 401. What opens the API is a bearer token.
        Failure::Unauthorised(reason) => Problem::unauthorised(reason)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
        Failure::Missing(reason) => Problem::not_found(reason),
        Failure::Conflict(reason) => Problem::conflict(reason),
        Failure::Store(error) => {
            error.log("the database failed");
            Problem::internal()
        }
    }
}
