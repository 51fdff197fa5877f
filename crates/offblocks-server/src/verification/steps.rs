//! The steps of a verification, in their order.

use axum::extract::OriginalUri;
use http::{HeaderMap, header, request::Parts};
use offblocks_signature::{
    ContentDigest, KeyId, Message, Signatures, Verified, Verifier, VerifyingKey,
};

use super::{Keys, Tokens, VerificationError as Error};
use crate::Principal;

/// The principal whose token the call carries.
pub(super) async fn principal<T: Tokens>(
    tokens: &T,
    headers: &HeaderMap,
) -> Result<Principal, Error> {
    tokens.verify(bearer(headers)?).await.map_err(Error::Token)
}

/// The one bearer token of a call (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Result<&str, Error> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Err(Error::MissingToken),
        (Some(value), None) => value.to_str().map_err(|_| Error::MalformedToken)?,
        (Some(_), Some(_)) => return Err(Error::MalformedToken),
    };
    let (scheme, token) = value.split_once(' ').ok_or(Error::MalformedToken)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.contains(' ') {
        return Err(Error::MalformedToken);
    }
    Ok(token)
}

/// The signatures that a request carries. This does not read the body.
pub(super) fn signatures(verifier: &Verifier, parts: &Parts) -> Result<Signatures, Error> {
    Ok(verifier.signatures(&message(parts))?)
}

/// The keys that a request claims to be signed with, as far as they are known.
pub(super) async fn keys<K: Keys>(
    keys: &K,
    signatures: &Signatures,
    parts: &Parts,
) -> Result<Vec<(KeyId, VerifyingKey)>, Error> {
    let principal = parts.extensions.get::<Principal>();
    let mut known = Vec::new();
    for id in signatures.key_ids() {
        let found = keys.find(principal, id).await;
        if let Some(key) = found.map_err(Error::Unavailable)? {
            known.push((id.clone(), key));
        }
    }
    Ok(known)
}

/// The signature that is valid.
pub(super) fn valid(
    verifier: &Verifier,
    signatures: Signatures,
    known: &[(KeyId, VerifyingKey)],
    parts: &Parts,
    body: &[u8],
    now: i64,
) -> Result<Verified, Error> {
    let find = |id: &KeyId| {
        let mut known = known.iter();
        known
            .find(|(known, _)| known == id)
            .map(|(_, key)| key.clone())
    };
    Ok(verifier.verify_signatures(signatures, &message(parts), body, now, find)?)
}

/// A request as it was signed. A nested router sees a shortened path, so this uses the original.
pub(super) fn message(parts: &Parts) -> Message<'_> {
    let original = parts.extensions.get::<OriginalUri>();
    let uri = original.map_or(&parts.uri, |OriginalUri(uri)| uri);
    Message::new(&parts.method, uri, &parts.headers)
}

/// Checks the digest of a body for which the contract requires a digest but no signature.
pub(super) fn digest(headers: &HeaderMap, body: &[u8]) -> Result<(), Error> {
    Ok(ContentDigest::verify(headers, body)?)
}
