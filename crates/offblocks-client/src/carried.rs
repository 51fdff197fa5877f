//! Errors of the session, carried through the HTTP library.

use reqwest::Response;

use crate::error::Error;

/// The hook can only fail with an error of the HTTP library. An error of the session therefore
/// is carried in the extensions of a response of our own, and [`rejection`] takes it out again.
pub(crate) fn carry(error: Error) -> Response {
    let mut response = http::Response::new(Vec::new());
    response.extensions_mut().insert(Rejection(error));
    Response::from(response)
}

/// The session's error, if this response carries one.
pub(crate) fn rejection(response: &mut Response) -> Option<Error> {
    let rejection = response.extensions_mut().remove::<Rejection>();
    rejection.map(|Rejection(error)| error)
}

#[derive(Debug, Clone)]
struct Rejection(Error);
