//! Why a call was rejected.

use http::{HeaderValue, header};
use offblocks_signature::{DigestError, VerifyError};

use super::{TokenError, Unavailable};
use crate::{Problem, Rejection};

/// Why a call was rejected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerificationError {
    /// There is no bearer token.
    #[error("the call carries no bearer token; send `Authorization: Bearer …`")]
    MissingToken,
    /// The header is there, but it is not one bearer token.
    #[error("the authorization header is not one bearer token")]
    MalformedToken,
    /// The token is rejected.
    #[error(transparent)]
    Token(TokenError),
    /// The signature, or the digest it covers, is rejected.
    #[error(transparent)]
    Signature(#[from] VerifyError),
    /// The signature is rejected, with members for the problem that explain why.
    #[error("{0}")]
    Explained(
        #[source] VerifyError,
        serde_json::Map<String, serde_json::Value>,
    ),
    /// The digest of an unsigned body is rejected.
    #[error(transparent)]
    Digest(#[from] DigestError),
    /// The body could not be read.
    #[error(transparent)]
    Body(#[from] Rejection),
    /// Keys cannot be looked up now.
    #[error("keys cannot be looked up now")]
    Unavailable(#[source] Unavailable),
}

impl From<VerificationError> for Problem {
    fn from(error: VerificationError) -> Self {
        let challenge = match &error {
            VerificationError::MissingToken => "Bearer",
            VerificationError::Token(TokenError::Unavailable(_))
            | VerificationError::Unavailable(_) => return Self::internal(),
            VerificationError::MalformedToken => r#"Bearer error="invalid_request""#,
            VerificationError::Token(_) => r#"Bearer error="invalid_token""#,
            VerificationError::Signature(_)
            | VerificationError::Explained(..)
            | VerificationError::Digest(_) => "Signature",
            VerificationError::Body(rejection) => return rejection.clone().into(),
        };
        let problem = Self::unauthorised(error.to_string()).with_header(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(challenge),
        );
        match error {
            VerificationError::Explained(_, members) => {
                members.into_iter().fold(problem, |problem, (name, value)| {
                    problem.with_member(name, value)
                })
            }
            _ => problem,
        }
    }
}
