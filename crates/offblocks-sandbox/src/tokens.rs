//! Bearer tokens: JSON Web Tokens with HS256 and a secret that each database makes for itself.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many verified tokens are held at most. A caller has one.
const TOKENS: usize = 64;

/// The key of a database's tokens. `Debug` shows neither secret nor epoch.
pub(crate) struct TokenKey {
    pub(crate) secret: Vec<u8>,
    /// Raised whenever the credentials change; tokens of an earlier epoch are revoked.
    epoch: i64,
    /// The claims of tokens with a valid signature: verifying a token takes longer than many a request.
    verified: Mutex<HashMap<String, Claims>>,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenKey").finish_non_exhaustive()
    }
}

/// Why a token is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    #[error("the token is not one this server issued: ask POST /auth/token for a new one")]
    Invalid,
    #[error("the token has expired: ask POST /auth/token for a new one")]
    Expired,
    #[error(
        "the token was revoked when the API credentials changed: ask POST /auth/token for a new one"
    )]
    Revoked,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    jti: Uuid,
    iat: i64,
    exp: i64,
    epoch: i64,
}

impl TokenKey {
    pub(crate) fn new(secret: Vec<u8>, epoch: i64) -> Self {
        Self {
            secret,
            epoch,
            verified: Mutex::default(),
        }
    }

    /// A token for `api_key` that lives from `now` until `expires_at` (both whole seconds).
    pub(crate) fn issue(&self, api_key: Uuid, id: Uuid, now: i64, expires_at: i64) -> String {
        let claims = Claims {
            sub: api_key,
            jti: id,
            iat: now,
            exp: expires_at,
            epoch: self.epoch,
        };
        let key = EncodingKey::from_secret(&self.secret);
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
            .expect("claims of numbers and ids always encode")
    }

    /// The API key a live token was issued for.
    pub(crate) fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Uuid, TokenError> {
        let claims = self.claims(token)?;
        if claims.exp <= now.timestamp() {
            return Err(TokenError::Expired);
        }
        if claims.epoch != self.epoch {
            return Err(TokenError::Revoked);
        }
        Ok(claims.sub)
    }

    /// Whether a token was revoked, or was not issued here. One that has expired is not revoked by that.
    pub(crate) fn is_revoked(&self, token: &str) -> bool {
        let claims = self.claims(token);
        !claims.is_ok_and(|claims| claims.epoch == self.epoch)
    }

    /// What a token says, where it was issued here.
    fn claims(&self, token: &str) -> Result<Claims, TokenError> {
        if let Some(known) = self.verified().get(token) {
            return Ok(*known);
        }
        let key = DecodingKey::from_secret(&self.secret);
        let decoded = jsonwebtoken::decode::<Claims>(token, &key, &signature_only());
        let claims = decoded.map_err(|_| TokenError::Invalid)?.claims;
        let mut verified = self.verified();
        if verified.len() >= TOKENS {
            verified.clear();
        }
        verified.insert(token.to_owned(), claims);
        Ok(claims)
    }

    fn verified(&self) -> MutexGuard<'_, HashMap<String, Claims>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The library would compare `exp` with the machine's clock; the injected one decides instead.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(epoch: i64) -> TokenKey {
        TokenKey::new(b"a secret of the test".to_vec(), epoch)
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_token_is_judged_by_signature_expiry_and_epoch() {
        let api_key = Uuid::from_u128(5);
        let token = key(1).issue(api_key, Uuid::from_u128(6), 100, 200);
        let other = TokenKey::new(b"another secret".to_vec(), 1);
        assert_eq!(key(1).verify(&token, at(199)), Ok(api_key));
        assert_eq!(key(1).verify(&token, at(200)), Err(TokenError::Expired));
        assert_eq!(key(2).verify(&token, at(199)), Err(TokenError::Revoked));
        assert_eq!(other.verify(&token, at(199)), Err(TokenError::Invalid));
        assert_eq!(
            key(1).verify("not.a.token", at(199)),
            Err(TokenError::Invalid)
        );
    }

    #[test]
    fn a_token_that_was_verified_is_judged_again() {
        let key = key(1);
        let token = key.issue(Uuid::from_u128(5), Uuid::from_u128(6), 100, 200);
        for _ in 0..2 {
            assert_eq!(key.verify(&token, at(199)), Ok(Uuid::from_u128(5)));
        }
        assert_eq!(key.verify(&token, at(200)), Err(TokenError::Expired));
        let (start, _) = token.split_at(token.len() - 4);
        let altered = format!("{start}AAAA");
        assert_eq!(key.verify(&altered, at(199)), Err(TokenError::Invalid));
        for number in 0..200 {
            let token = key.issue(Uuid::from_u128(5), Uuid::from_u128(number), 100, 200);
            key.verify(&token, at(199)).unwrap();
        }
        assert!(key.verified().len() <= TOKENS);
    }

    #[test]
    fn an_unsigned_token_is_rejected() {
        // {"alg":"none","typ":"JWT"} and claims without a signature.
        let token = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDUiLCJqdGkiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDYiLCJpYXQiOjEwMCwiZXhwIjoyMDAsImVwb2NoIjoxfQ.";
        assert_eq!(key(1).verify(token, at(150)), Err(TokenError::Invalid));
    }
}
