//! The tokens and keys of a server's callers.

use std::future::Future;

use offblocks_signature::{KeyId, Verified, VerifyingKey};

use crate::Principal;

/// Why a lookup could not be made. It is logged; callers see a 500.
pub type Unavailable = Box<dyn std::error::Error + Send + Sync>;

/// Looks up the bearer tokens that are valid now.
pub trait Tokens: Send + Sync + 'static {
    /// The principal of this token. Several tokens of one principal may be valid at the same time.
    fn verify(&self, token: &str) -> impl Future<Output = Result<Principal, TokenError>> + Send;
}

/// Why a token was rejected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It was not issued here, or it is damaged.
    #[error("the token is not known here; ask POST /auth/token for a new one")]
    Unknown,
    /// It has expired.
    #[error("the token has expired; ask POST /auth/token for a new one")]
    Expired,
    /// It was revoked.
    #[error("the token was revoked; ask POST /auth/token for a new one")]
    Revoked,
    /// It was revoked because the credentials with which it was issued were deleted.
    #[error(
        "the API credentials were deleted, and all tokens with them; POST /auth/token no longer \
         accepts them: have new credentials made"
    )]
    Deleted,
    /// Tokens cannot be looked up now.
    #[error("tokens cannot be looked up now")]
    Unavailable(#[source] Unavailable),
}

/// Accepts no token: for receivers, whose callers only sign.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTokens;

impl Tokens for NoTokens {
    async fn verify(&self, _: &str) -> Result<Principal, TokenError> {
        Err(TokenError::Unknown)
    }
}

/// Looks up the public keys of callers.
pub trait Keys: Send + Sync + 'static {
    /// The key of this id that `principal` registered; the principal is absent where an operation
    /// requires no token. A key of another principal must not be found.
    fn find(
        &self,
        principal: Option<&Principal>,
        id: &KeyId,
    ) -> impl Future<Output = Result<Option<VerifyingKey>, Unavailable>> + Send;
}

/// The signature that let a request through, in its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSignature(pub Verified);
