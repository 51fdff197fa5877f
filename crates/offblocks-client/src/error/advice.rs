//! What happened and what to do now, as tables.

use http::StatusCode;

use super::Kind;
use crate::generated::operations::Operation;

/// What happened, as it follows the operation's name.
pub(super) fn happened(kind: Kind, status: Option<StatusCode>) -> String {
    match (kind, status) {
        (Kind::Setup, _) => "was not sent".to_owned(),
        (Kind::Connect, _) => "could not connect".to_owned(),
        (Kind::Timeout, _) => "timed out".to_owned(),
        (Kind::Interrupted, _) => "broke off before the response was whole".to_owned(),
        (Kind::Decode, _) => "succeeded with a response that the client cannot read".to_owned(),
        (Kind::OutcomeUnknown, _) => "may have been carried out".to_owned(),
        (Kind::Status, Some(status)) => format!("failed with {status}"),
        (Kind::Status, None) => "was rejected".to_owned(),
    }
}

/// What an advice depends on.
pub(super) struct Case {
    pub kind: Kind,
    pub status: Option<StatusCode>,
    pub operation: &'static Operation,
    /// Whether the call carried an idempotency key.
    pub keyed: bool,
    pub unknown: bool,
    pub still_running: bool,
}

impl Case {
    /// What to do now.
    pub(super) fn now(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Setup => None,
            Kind::Connect if self.unknown => Some(self.again()),
            Kind::Connect => Some("check the base URL and the network, then send it again"),
            Kind::Timeout | Kind::Interrupted | Kind::OutcomeUnknown => Some(self.again()),
            Kind::Decode if self.unknown => Some(self.again()),
            Kind::Decode if self.reads() => Some("compare the crate's contract with the server's"),
            Kind::Decode => Some(
                "it was carried out: read the resource instead of sending it again, and compare \
                 the crate's contract with the server's",
            ),
            Kind::Status => self.after(self.status?),
        }
    }

    fn after(&self, status: StatusCode) -> Option<&'static str> {
        Some(match status.as_u16() {
            400 => "correct the request; unchanged it will fail again",
            401 if !self.operation.bearer => "check the API key and its secret",
            401 if !self.operation.signed => "check the API credentials",
            401 => "check the API credentials, and that the signing key is registered",
            403 => "ask whether these credentials may do this",
            // Without an identifier in it, only the part before the path can be wrong.
            404 if !self.operation.path.contains('{') => {
                "check the base URL; it ends with the base path, such as `/v1`"
            }
            404 => "check the identifier",
            409 if self.still_running => "wait, then send it again with the same idempotency key",
            409 => "fetch the current state before trying again",
            405 => "check the base URL; the server does not offer this operation there",
            407 => "give the proxy's user and password in the URL of the proxy",
            413 => "send less: the server, or a gateway before it, rejects a body of this size",
            415 => "check the gateway in between: the API takes the JSON that this client sends",
            422 => "use a fresh idempotency key for another payload",
            408 | 429 if self.keyed => "wait, then send it again with the same idempotency key",
            408 | 429 => "wait, then send it again",
            304 => "switch off the cache in between; the client asks for no revalidation",
            101 => "check what is in between; the client asks for no other protocol",
            300..=399 => "check the base URL; redirects are not followed",
            501 => "the server does not offer this operation; check the base URL and its version",
            500..=599 if self.unknown => self.again(),
            500..=599 => "send it again later",
            _ => return None,
        })
    }

    /// How to repeat a call that may have been carried out.
    fn again(&self) -> &'static str {
        match (self.reads(), self.keyed) {
            (true, _) => "send it again",
            _ if !self.unknown => "send it again",
            (false, true) => {
                "it may have been carried out: send it again with the same idempotency key"
            }
            (false, false) => "it may have been carried out: check that before you send it again",
        }
    }

    fn reads(&self) -> bool {
        !self.operation.changes()
    }
}
