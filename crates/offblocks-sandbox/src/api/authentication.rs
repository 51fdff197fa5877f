//! Tokens, credentials and signing keys.

use offblocks_server::{
    AuthenticationApi, DeleteCredentialsError, DeleteSigningKeyError, GetTokenError,
    RequestContext, UpdateCredentialsError, UpdateSigningKeyError,
};
use offblocks_signature::VerifyingKey;
use offblocks_types::{
    Authentication, DeleteCredentialsRequest, DeleteSigningKeyRequest, GetTokenRequest,
    UpdateCredentialsRequest, UpdateSigningKeyRequest,
};

use super::rejection::rejections;
use super::{reading, writing};
use crate::domain::credentials;
use crate::failure::Failure;
use crate::settings::Credentials;
use crate::world::World;

rejections!(
    DeleteCredentialsError,
    DeleteSigningKeyError,
    GetTokenError,
    UpdateCredentialsError,
    UpdateSigningKeyError,
);

impl AuthenticationApi for World {
    async fn get_token(
        &self,
        _: RequestContext,
        body: GetTokenRequest,
    ) -> Result<Authentication, GetTokenError> {
        let given = Credentials::new(body.api_key, body.api_secret);
        reading!(self, |work| credentials::token(work, &given))
    }

    async fn update_signing_key(
        &self,
        context: RequestContext,
        body: UpdateSigningKeyRequest,
    ) -> Result<(), UpdateSigningKeyError> {
        let key = VerifyingKey::from_encoded_pem(body.signing_key.as_bytes()).map_err(|error| {
            Failure::at(
                "/signingKey",
                format!("the signing key is rejected: {error}"),
            )
        })?;
        let (id, pem) = (body.signing_key_id, key.to_spki_pem());
        writing!(self, context, |work| credentials::put_signing_key(
            work, id, &pem
        ))
    }

    async fn delete_signing_key(
        &self,
        context: RequestContext,
        body: DeleteSigningKeyRequest,
    ) -> Result<(), DeleteSigningKeyError> {
        writing!(self, context, |work| credentials::delete_signing_key(
            work,
            body.signing_key_id
        ))
    }

    async fn update_credentials(
        &self,
        context: RequestContext,
        body: UpdateCredentialsRequest,
    ) -> Result<(), UpdateCredentialsError> {
        let given = Credentials::new(body.api_key, body.api_secret);
        writing!(self, context, |work| credentials::update(work, &given))
    }

    async fn delete_credentials(
        &self,
        context: RequestContext,
        body: DeleteCredentialsRequest,
    ) -> Result<(), DeleteCredentialsError> {
        writing!(self, context, |work| credentials::delete(
            work,
            body.api_key
        ))
    }
}
