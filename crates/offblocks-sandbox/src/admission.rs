//! Whether a caller may still call when its call writes.
//!
//! Tokens and signatures are verified when a call arrives, and its body may take long. What revokes a token
//! or a signing key meanwhile holds from its commit on, so it is asked for again in the transaction that
//! writes, where it cannot change any more.

use http::header;
use offblocks_server::support::hyphenated;
use offblocks_server::{Principal, RequestContext, TokenError, VerifiedSignature};
use offblocks_signature::{Verified, VerifyingKey};

use crate::access::Access;
use crate::failure::Failure;
use crate::store::{Connection, StoreError, control, programme, signing_keys};
use crate::tokens::TokenKey;

/// Rejects a call whose token or signing key was revoked after it was verified.
pub(crate) async fn check(
    conn: &mut Connection,
    access: &Access,
    context: &RequestContext,
) -> Result<(), Failure> {
    // Calls without a principal need no token and no signature.
    if context.extension::<Principal>().is_none() {
        return Ok(());
    }
    let revision = control::access(conn).await?;
    let is_revoked = match access.token_key(revision) {
        Some(key) => is_revoked(&key, context),
        // It is not held: the transaction may be rolled back, and its revision be another one's.
        None => is_revoked(&programme::token_key(conn).await?, context),
    };
    if is_revoked {
        let reason = match programme::credentials(conn).await? {
            Some(_) => TokenError::Revoked,
            None => TokenError::Deleted,
        };
        return Err(Failure::Unauthorised(reason.to_string()));
    }
    let Some(VerifiedSignature(signature)) = context.extension() else {
        return Ok(());
    };
    match is_in_use(conn, access, revision, signature).await? {
        true => Ok(()),
        false => Err(Failure::Unauthorised(format!(
            "the signing key {} was removed or replaced while the call was under way: sign it with one \
             that is registered",
            signature.key_id
        ))),
    }
}

fn is_revoked(key: &TokenKey, context: &RequestContext) -> bool {
    let value = context.headers.get(header::AUTHORIZATION);
    let token = value.and_then(|value| value.to_str().ok()?.split_once(' '));
    token.is_none_or(|(_, token)| key.is_revoked(token.trim()))
}

/// Whether the key that a signature was verified with is still the one of its id.
async fn is_in_use(
    conn: &mut Connection,
    access: &Access,
    revision: i64,
    signature: &Verified,
) -> Result<bool, StoreError> {
    let Some(id) = hyphenated(signature.key_id.as_str().as_bytes()) else {
        return Ok(false);
    };
    if let Some(known) = access.signing_key(revision, id) {
        return Ok(known == signature.key);
    }
    let pem = signing_keys::find(conn, id).await?;
    let key = pem.and_then(|pem| VerifyingKey::from_spki_pem(&pem).ok());
    Ok(key.as_ref() == Some(&signature.key))
}
