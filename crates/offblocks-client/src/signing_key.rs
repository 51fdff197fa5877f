//! Registering signing keys.

use offblocks_signature::{KeyId, SigningKey};
use offblocks_types::UpdateSigningKeyRequest;

use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::UPDATE_SIGNING_KEY;

impl Client {
    /// Registers the public half of a key under this id (`PUT /auth/signing`), in the form the
    /// contract asks for. Registering the same key again changes nothing.
    ///
    /// ```
    /// use offblocks_client::{KeyId, SigningKey};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let key = SigningKey::generate()?;
    /// let id = KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c")?;
    /// client.register_signing_key(&key, &id).await?;
    /// client.replace_signing_key(key, id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the id is not a UUID, which the contract asks for, or the call fails.
    pub async fn register_signing_key(&self, key: &SigningKey, id: &KeyId) -> Result<(), Error> {
        let id = id.as_str().parse().map_err(|_| {
            Error::new(&UPDATE_SIGNING_KEY, Kind::Setup)
                .because("the contract asks for a UUID as the id of a signing key")
        })?;
        let public = key.public_key().to_spki_pem().into_bytes();
        let request = UpdateSigningKeyRequest::new(id, public);
        self.update_signing_key(request).send().await?;
        Ok(())
    }
}
