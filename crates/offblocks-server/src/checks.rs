//! The result of each check of a call: for logs that show callers why they were rejected.

use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value};

use crate::support::ParameterFault;
use crate::{Operation, Rejection};

/// The result of each check of a call, in the extensions of its response.
///
/// The layers of this crate write it. A response that did not pass through them, such as a 404, has none.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Checks {
    /// The bearer token.
    pub token: Verdict,
    /// The message signature.
    pub signature: Verdict,
    /// The digest of the body.
    pub digest: Verdict,
    /// The idempotency key.
    pub idempotency: Verdict,
    /// Parameters and body against the contract.
    pub schema: Verdict,
    /// How the server read a signature that it rejected: the members that
    /// [`VerificationLayer::explain`](crate::VerificationLayer::explain) adds to the problem.
    pub explanation: Option<Map<String, Value>>,
}

/// The result of one check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Another check rejected the call before.
    #[default]
    NotReached,
    /// The contract does not require it.
    NotNeeded,
    /// Nothing is wrong.
    Passed,
    /// The call was rejected for this reason.
    Failed(String),
}

impl Verdict {
    /// Whether the call may continue.
    #[must_use]
    pub const fn lets_pass(&self) -> bool {
        matches!(self, Self::NotNeeded | Self::Passed)
    }

    /// `Passed` where the check was needed.
    pub(crate) const fn passed(needed: bool) -> Self {
        if needed {
            Self::Passed
        } else {
            Self::NotNeeded
        }
    }
}

impl Checks {
    /// Notes that neither a signature nor a digest was asked for.
    pub(crate) fn pass_unsigned(&mut self) {
        self.signature = Verdict::NotNeeded;
        self.digest = Verdict::NotNeeded;
    }

    /// The checks of the call that got this response. A [`Rejection`] in the response shows whether the
    /// call keeps to the contract.
    #[must_use]
    pub fn of(response: &Response) -> Option<Self> {
        let mut checks = response.extensions().get::<Self>()?.clone();
        if let Some(rejection) = response.extensions().get::<Rejection>() {
            checks.reject(rejection);
        } else if checks.schema == Verdict::NotReached
            && checks.idempotency.lets_pass()
            && response.status() != StatusCode::NOT_IMPLEMENTED
        {
            checks.schema = Verdict::Passed;
        }
        Some(checks)
    }

    /// Notes a rejection that a layer or the reading of parameters and body made.
    pub(crate) fn reject(&mut self, rejection: &Rejection) {
        let reason = Verdict::Failed(rejection.to_string());
        if is_about_key(rejection) {
            self.idempotency = reason;
        } else {
            self.schema = reason;
        }
    }

    /// Notes that verification let the call pass.
    pub(crate) fn pass(&mut self, operation: Option<&Operation>, has_body: bool) {
        let signed = operation.is_none_or(|operation| operation.signed);
        let digested = operation.is_some_and(|operation| operation.digest);
        self.signature = Verdict::passed(signed);
        self.digest = Verdict::passed(has_body && (signed || digested));
    }

    /// Writes what verification found into the response, beside what the layers inside wrote.
    pub(crate) fn note_verification(self, response: &mut Response) {
        let extensions = response.extensions_mut();
        match extensions.get_mut::<Self>() {
            Some(inner) => {
                inner.token = self.token;
                inner.signature = self.signature;
                inner.digest = self.digest;
            }
            None => drop(extensions.insert(self)),
        }
    }

    /// Writes the verdict on the idempotency key into the response.
    pub(crate) fn note_idempotency(verdict: Verdict, response: &mut Response) {
        let extensions = response.extensions_mut();
        extensions.get_or_insert_default::<Self>().idempotency = verdict;
    }
}

fn is_about_key(rejection: &Rejection) -> bool {
    match rejection {
        Rejection::Parameter { name, fault, .. } => {
            let key = name.eq_ignore_ascii_case("idempotency-key");
            key && !matches!(fault, ParameterFault::Encoding)
        }
        _ => false,
    }
}
