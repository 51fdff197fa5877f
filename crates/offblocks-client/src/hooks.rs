//! Where the generated operations meet the session.
//!
//! progenitor calls this hook for every request. It must live in the crate that defines `Client`:
//! elsewhere it would compile and silently not be called, which is why the client is generated
//! with hooks *expected*, so that a missing implementation stops the build.

use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::{Request, Response};

use crate::attempt::{self, Failure};
use crate::carried::carry;
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
