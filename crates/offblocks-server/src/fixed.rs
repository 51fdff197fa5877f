//! Authentication with fixed values, for services of a few operations and for tests.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use offblocks_signature::{KeyId, VerifyingKey};
use offblocks_types::uuid::Uuid;
use offblocks_types::{
    Authentication, DeleteCredentialsRequest, DeleteSigningKeyRequest, GetTokenRequest, Secret,
    UpdateCredentialsRequest, UpdateSigningKeyRequest,
};

use crate::generated::support::RequestContext;
use crate::generated::{
    AuthenticationApi, DeleteCredentialsError, DeleteSigningKeyError, GetTokenError,
    UpdateCredentialsError, UpdateSigningKeyError,
};
use crate::principal::Principal;
use crate::verification::{Keys, TokenError, Tokens, Unavailable};

/// The last second of the year 9999, up to which a fixed token is valid.
const NEVER: i64 = 253_402_300_799;

/// Why credentials cannot be changed.
const FIXED: &str = "the credentials of this server are fixed";

/// One bearer token that is always valid. See [`fixed_token`].
#[derive(Debug, Clone)]
pub struct FixedToken {
    token: Secret,
    principal: Principal,
}

/// Accepts this bearer token, and no other, as that of this principal. A client sends it when it is
/// built with `bearer_token`.
pub fn fixed_token(token: impl Into<Secret>, principal: Principal) -> FixedToken {
    FixedToken {
        token: token.into(),
        principal,
    }
}

impl Tokens for FixedToken {
    async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        // Secrets are compared in constant time.
        match Secret::from(token) == self.token {
            true => Ok(self.principal.clone()),
            false => Err(TokenError::Unknown),
        }
    }
}

/// One signing key that every principal may use. See [`fixed_key`].
#[derive(Debug, Clone)]
pub struct FixedKey {
    id: KeyId,
    key: VerifyingKey,
}

/// Accepts signatures by this key, and by no other.
pub fn fixed_key(id: KeyId, key: VerifyingKey) -> FixedKey {
    FixedKey { id, key }
}

impl Keys for FixedKey {
    async fn find(
        &self,
        _: Option<&Principal>,
        id: &KeyId,
    ) -> Result<Option<VerifyingKey>, Unavailable> {
        Ok((*id == self.id).then(|| self.key.clone()))
    }
}

/// The group Authentication for one caller: it grants one token for one API key, and keeps the
/// signing keys that are registered in memory.
///
/// With it, a service that implements one other group can be called with `offblocks-client`. It implements
/// [`AuthenticationApi`], [`Tokens`] and [`Keys`], and its clones share one state.
///
/// ```
/// use std::sync::Arc;
/// use std::time::SystemTime;
///
/// use offblocks_server::*;
/// use offblocks_signature::{Clock, Verifier};
/// use offblocks_types::uuid::Uuid;
///
/// fn service(cards: impl CardsApi, clock: impl Clock) -> axum::Router {
///     let caller = FixedAuthentication::new(Uuid::from_u128(7), "the secret", "the token");
///     let verifier = Verifier::builder().build();
///     authentication_router(Arc::new(caller.clone()))
///         .merge(cards_router(Arc::new(cards)))
///         .merge(NotImplemented::everything())
///         .layer(VerificationLayer::new(caller.clone(), caller, verifier, clock))
///         .base_path("/v1")
///         .into_router()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct FixedAuthentication {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    api_key: Uuid,
    api_secret: Secret,
    token: FixedToken,
    keys: RwLock<BTreeMap<Uuid, VerifyingKey>>,
}

impl FixedAuthentication {
    /// Grants this token to the caller with this API key and secret. The API key is the caller's
    /// [`Principal`].
    pub fn new(api_key: Uuid, api_secret: impl Into<Secret>, token: impl Into<Secret>) -> Self {
        let shared = Shared {
            api_key,
            api_secret: api_secret.into(),
            token: fixed_token(token, Principal::new(api_key.to_string())),
            keys: RwLock::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    fn keys(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<Uuid, VerifyingKey>> {
        // A panic while the lock was held leaves the map whole: it is changed by single operations.
        let keys = self.shared.keys.write();
        keys.unwrap_or_else(PoisonError::into_inner)
    }
}

impl AuthenticationApi for FixedAuthentication {
    async fn get_token(
        &self,
        _: RequestContext,
        body: GetTokenRequest,
    ) -> Result<Authentication, GetTokenError> {
        let shared = &self.shared;
        let known = body.api_key == shared.api_key && body.api_secret == shared.api_secret;
        match known {
            true => Ok(Authentication::new(
                shared.token.token.clone(),
                NEVER,
                "Bearer",
            )),
            false => Err(GetTokenError::unauthorised(
                "the API key and the secret are not known here",
            )),
        }
    }

    async fn update_signing_key(
        &self,
        _: RequestContext,
        body: UpdateSigningKeyRequest,
    ) -> Result<(), UpdateSigningKeyError> {
        let key = VerifyingKey::from_encoded_pem(body.signing_key.as_bytes())
            .map_err(|error| UpdateSigningKeyError::bad_request(error.to_string()))?;
        self.keys().insert(body.signing_key_id, key);
        Ok(())
    }

    async fn delete_signing_key(
        &self,
        _: RequestContext,
        body: DeleteSigningKeyRequest,
    ) -> Result<(), DeleteSigningKeyError> {
        self.keys().remove(&body.signing_key_id);
        Ok(())
    }

    async fn update_credentials(
        &self,
        _: RequestContext,
        _: UpdateCredentialsRequest,
    ) -> Result<(), UpdateCredentialsError> {
        Err(UpdateCredentialsError::bad_request(FIXED))
    }

    async fn delete_credentials(
        &self,
        _: RequestContext,
        _: DeleteCredentialsRequest,
    ) -> Result<(), DeleteCredentialsError> {
        Err(DeleteCredentialsError::bad_request(FIXED))
    }
}

impl Tokens for FixedAuthentication {
    async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        self.shared.token.verify(token).await
    }
}

impl Keys for FixedAuthentication {
    async fn find(
        &self,
        _: Option<&Principal>,
        id: &KeyId,
    ) -> Result<Option<VerifyingKey>, Unavailable> {
        let id = id.as_str().parse().ok();
        Ok(id.and_then(|id: Uuid| self.keys().get(&id).cloned()))
    }
}
