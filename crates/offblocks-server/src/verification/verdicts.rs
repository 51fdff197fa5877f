//! What a rejection says about each check.

use offblocks_signature::VerifyError;

use super::VerificationError;
use crate::{Checks, Verdict};

/// Notes why verification rejected a call.
pub(super) fn note(checks: &mut Checks, error: &VerificationError) {
    let reason = Verdict::Failed(error.to_string());
    match error {
        VerificationError::MissingToken
        | VerificationError::MalformedToken
        | VerificationError::Token(_) => checks.token = reason,
        VerificationError::Signature(VerifyError::Digest(_))
        | VerificationError::Explained(VerifyError::Digest(_), _) => {
            // It is checked last, so the signature itself is right.
            checks.signature = Verdict::Passed;
            checks.digest = reason;
        }
        VerificationError::Digest(_) => checks.digest = reason,
        VerificationError::Body(rejection) => checks.reject(rejection),
        VerificationError::Signature(_)
        | VerificationError::Explained(..)
        | VerificationError::Unavailable(_) => checks.signature = reason,
    }
}
