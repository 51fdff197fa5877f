//! The steps of a verification, in their order.

use axum::extract::OriginalUri;
use http::{HeaderMap, header, request::Parts};
use offblocks_signature::{ContentDigest, KeyId, Message, Verified, Verifier, VerifyingKey};

use super::{Keys, Tokens, VerificationError as Error};
use crate::Principal;

/// Whose token the call carries.
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

/// The signature that holds. Keys are looked up first, since lookups are asynchronous.
pub(super) async fn signature<K: Keys>(
    keys: &K,
    verifier: &Verifier,
    (parts, body): (&Parts, &[u8]),
    now: i64,
) -> Result<Verified, Error> {
    // A router nested by its user sees a shortened path; what was signed is the original one.
    let uri = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |OriginalUri(uri)| uri);
    let principal = parts.extensions.get::<Principal>();
    let message = Message::new(&parts.method, uri, &parts.headers);
    let mut known: Vec<(KeyId, VerifyingKey)> = Vec::new();
    for id in verifier.key_ids(&message)? {
        if let Some(key) = keys
            .find(principal, &id)
            .await
            .map_err(Error::Unavailable)?
        {
            known.push((id, key));
        }
    }
    let find = |id: &KeyId| {
        known
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, key)| key.clone())
    };
    Ok(verifier.verify(&message, body, now, find)?)
}

/// The digest of a body that the contract wants digested but not signed.
pub(super) fn digest(headers: &HeaderMap, body: &[u8]) -> Result<(), Error> {
    Ok(ContentDigest::verify(headers, body)?)
}
