//! Credentials, tokens and signing keys.

use offblocks_types::Authentication;
use uuid::Uuid;

use super::Work;
use crate::clock::later;
use crate::failure::Failure;
use crate::random::RandomExt as _;
use crate::secrets::{self, SecretHash};
use crate::settings::{Credentials, DEFAULT_API_SECRET};
use crate::store::programme::{self, StoredCredentials};
use crate::store::signing_keys;

/// Gives a new database its programme and first credentials; an existing one keeps its own.
pub(crate) async fn found(work: &mut Work<'_>, credentials: &Credentials) -> Result<(), Failure> {
    if programme::exists(work.conn).await? {
        return Ok(());
    }
    programme::create(work.conn, &work.random.bytes::<32>(), work.now).await?;
    store(work, credentials).await
}

/// Whether the database accepts these credentials.
pub(crate) async fn accepts(work: &mut Work<'_>, given: &Credentials) -> Result<bool, Failure> {
    let stored = programme::credentials(work.conn).await?;
    Ok(stored.is_some_and(|stored| {
        stored.api_key == given.api_key && stored.secret.matches(given.api_secret.expose())
    }))
}

/// Whether the secret in use is public.
pub(crate) async fn are_public(work: &mut Work<'_>) -> Result<bool, Failure> {
    let stored = programme::credentials(work.conn).await?;
    Ok(stored.is_some_and(|stored| stored.secret.matches(DEFAULT_API_SECRET)))
}

/// `getToken`: a bearer token for valid credentials.
pub(crate) async fn token(
    work: &mut Work<'_>,
    given: &Credentials,
) -> Result<Authentication, Failure> {
    if !accepts(work, given).await? {
        return Err(Failure::Unauthorised(
            "no such API key, or not its secret".to_owned(),
        ));
    }
    let key = programme::token_key(work.conn).await?;
    let expires_at = later(work.now, work.settings.token_lifetime).timestamp();
    let token = key.issue(
        given.api_key,
        work.random.uuid(),
        work.now.timestamp(),
        expires_at,
    );
    Ok(Authentication::new(token, expires_at, "Bearer"))
}

/// `updateCredentials`: these instead of the ones before, and every token is void.
pub(crate) async fn update(work: &mut Work<'_>, given: &Credentials) -> Result<(), Failure> {
    secrets::check(&given.api_secret, work.reach)
        .map_err(|reason| Failure::at("/apiSecret", reason.to_string()))?;
    store(work, given).await?;
    Ok(programme::revoke_tokens(work.conn).await?)
}

/// `deleteCredentials`: permanent, and every token is void.
pub(crate) async fn delete(work: &mut Work<'_>, api_key: Uuid) -> Result<(), Failure> {
    if !programme::delete_credentials(work.conn, api_key).await? {
        return Err(Failure::at(
            "/apiKey",
            format!("{api_key} is not the API key in use"),
        ));
    }
    Ok(programme::revoke_tokens(work.conn).await?)
}

/// `updateSigningKey`: adds a key, or replaces the one of this id. `pem` was already judged.
pub(crate) async fn put_signing_key(
    work: &mut Work<'_>,
    id: Uuid,
    pem: &str,
) -> Result<(), Failure> {
    Ok(signing_keys::put(work.conn, id, pem, work.now).await?)
}

/// `deleteSigningKey`.
pub(crate) async fn delete_signing_key(work: &mut Work<'_>, id: Uuid) -> Result<(), Failure> {
    if !signing_keys::delete(work.conn, id).await? {
        let reason = format!("there is no signing key {id}");
        return Err(Failure::at("/signingKeyId", reason));
    }
    Ok(())
}

async fn store(work: &mut Work<'_>, given: &Credentials) -> Result<(), Failure> {
    let secret = SecretHash::of(given.api_secret.expose(), work.random);
    let credentials = StoredCredentials {
        api_key: given.api_key,
        secret,
    };
    Ok(programme::replace_credentials(work.conn, &credentials).await?)
}
