//! The sandbox's tokens and signing keys, for the verification layer.

use std::sync::Arc;

use offblocks_server::support::hyphenated;
use offblocks_server::{Keys, Principal, TokenError, Tokens, Unavailable};
use offblocks_signature::{KeyId, VerifyingKey};

use crate::store::{StoreError, programme, signing_keys};
use crate::tokens;
use crate::world::World;

/// A database holds one programme, so every caller is it, whatever its credentials are today.
const PROGRAMME: &str = "programme";

/// The tokens this sandbox issued.
pub(crate) struct IssuedTokens(pub(crate) Arc<World>);

impl Tokens for IssuedTokens {
    async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        let key = self
            .key()
            .await
            .map_err(|error| TokenError::Unavailable(error.into()))?;
        match key.verify(token, self.0.now()) {
            Ok(_) => Ok(Principal::new(PROGRAMME)),
            Err(tokens::TokenError::Invalid) => Err(TokenError::Unknown),
            Err(tokens::TokenError::Expired) => Err(TokenError::Expired),
            Err(tokens::TokenError::Revoked) => Err(self.why_revoked().await),
        }
    }
}

impl IssuedTokens {
    /// After credentials were replaced, a caller can get another token. After they were deleted, it cannot.
    async fn why_revoked(&self) -> TokenError {
        let world = World::clone(&self.0);
        let unit_of_work = async move {
            let mut reader = world.store.read().await?;
            Ok(programme::credentials(&mut reader).await?.is_some())
        };
        match self.0.attempt(unit_of_work).await {
            Ok(true) => TokenError::Revoked,
            Ok(false) => TokenError::Deleted,
            Err(error) => TokenError::Unavailable(error.into()),
        }
    }

    async fn key(&self) -> Result<Arc<tokens::TokenKey>, StoreError> {
        let revision = revision(&self.0).await?;
        if let Some(known) = self.0.access.token_key(revision) {
            return Ok(known);
        }
        let world = World::clone(&self.0);
        let unit_of_work = async move {
            let mut reader = world.store.read().await?;
            Ok(programme::token_key(&mut reader).await?)
        };
        let key = self.0.attempt(unit_of_work).await?;
        Ok(self.0.access.hold_token_key(revision, key))
    }
}

/// As of which change of who may call the sandbox is.
async fn revision(world: &Arc<World>) -> Result<i64, StoreError> {
    if !world.store.is_shared() {
        return world.store.access().await;
    }
    let asked = World::clone(world);
    let unit_of_work = async move { Ok(asked.store.access().await?) };
    world.attempt(unit_of_work).await
}

/// The public keys the programme uploaded.
pub(crate) struct UploadedKeys(pub(crate) Arc<World>);

impl Keys for UploadedKeys {
    async fn find(
        &self,
        _principal: Option<&Principal>,
        id: &KeyId,
    ) -> Result<Option<VerifyingKey>, Unavailable> {
        // Ids are UUIDs in this API; whatever else stands there names no key.
        let Some(id) = hyphenated(id.as_str().as_bytes()) else {
            return Ok(None);
        };
        let revision = revision(&self.0).await?;
        if let Some(known) = self.0.access.signing_key(revision, id) {
            return Ok(Some(known));
        }
        let world = World::clone(&self.0);
        let unit_of_work = async move {
            let mut reader = world.store.read().await?;
            Ok(signing_keys::find(&mut reader, id).await?)
        };
        let Some(pem) = self.0.attempt(unit_of_work).await? else {
            return Ok(None);
        };
        let key = VerifyingKey::from_spki_pem(&pem)?;
        self.0.access.hold_signing_key(revision, id, key.clone());
        Ok(Some(key))
    }
}
