//! Where the generated operations meet the session.
//!
//! progenitor calls this hook for every request. It must live in the crate that defines `Client`:
//! elsewhere it would compile and silently not be called, which is why the client is generated
//! with hooks *expected*, so that a missing implementation stops the build.

use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::{Request, Response};

use crate::attempt::{self, Failure};
use crate::error::Error;
use crate::generated::Client;
use crate::generated::operations::Operation;
use crate::session::Session;

impl ClientHooks<Session> for Client {
    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        let operation =
            Operation::find(info.operation_id).expect("the table holds every operation");
        match attempt::run(self, operation, request).await {
            Ok(response) => Ok(response),
            Err(Failure::Transport(error)) => Err(error),
            Err(Failure::Session(error)) => Ok(carry(error)),
        }
    }
}

/// The hook can only fail with an error of the HTTP library. An error of the session therefore
/// travels as a response that nobody sent, and [`rejection`] takes it out again.
fn carry(error: Error) -> Response {
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
