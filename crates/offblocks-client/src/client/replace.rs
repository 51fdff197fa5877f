//! The settings of a client that can be read, and those that can be replaced while it is in use.

use std::sync::Arc;

use offblocks_signature::{Clock, KeyId, SigningKey};
use offblocks_types::Secret;

use super::ClientBuilder;
use crate::drift::DriftWatch;
use crate::generated::Client;
use crate::random::Random;
use crate::retry::RetryBudget;
use crate::session::{CredentialsProvider, TokenSource};
use crate::signing::{KeyInMemory, Sign};

impl Client {
    /// A builder of a client.
    ///
    /// Nothing is sent while it is built: the token is fetched by the first call that needs one.
    ///
    /// ```
    /// let client = offblocks_client::Client::builder()
    ///     .base_url("https://api.sandbox.offblocks.xyz/v1")
    ///     .build()?;
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The address every call begins with, without a slash at its end.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().base_url("http://localhost:8080/v1/");
    /// assert_eq!(builder.build()?.base_url(), "http://localhost:8080/v1");
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.baseurl
    }

    /// The watch that looks at every response for [`drift`](crate::drift). Give it other values of
    /// the server too, such as webhook events.
    ///
    /// ```
    /// use http::StatusCode;
    /// use offblocks_client::operations::GET_CHAINS;
    ///
    /// let builder = offblocks_client::Client::builder().base_url("http://localhost:8080/v1");
    /// let client = builder.build()?;
    /// client.drift_watch().response(&GET_CHAINS, StatusCode::OK, b"[]");
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    #[must_use]
    pub fn drift_watch(&self) -> &DriftWatch {
        &self.inner.watch
    }

    /// The clock that the client reads; see [`ClientBuilder::clock`].
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// let builder = offblocks_client::Client::builder().base_url("http://localhost:8080/v1");
    /// let client = builder.clock(|| SystemTime::UNIX_EPOCH).build()?;
    /// assert_eq!(client.clock().unix_seconds(), 0);
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// The randomness that the client uses; see [`ClientBuilder::random`].
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().base_url("http://localhost:8080/v1");
    /// let random = builder.build()?.random().clone();
    /// assert_ne!(random.uuid(), random.uuid());
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn random(&self) -> &Arc<dyn Random> {
        &self.inner.random
    }

    /// Fetches tokens with other credentials from now on, in this client and its clones. The current
    /// token is dropped. Calls on their way still use it.
    ///
    /// ```
    /// # use offblocks_client::{Client, Credentials};
    /// # fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let key = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15".parse()?;
    /// client.replace_credentials(Credentials::new(key, "the new secret"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn replace_credentials(&self, credentials: impl CredentialsProvider) {
        self.inner
            .tokens
            .replace(TokenSource::Fetched(Arc::new(credentials)));
    }

    /// Sends this bearer token from now on, in this client and its clones.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().base_url("http://localhost:8080/v1");
    /// let client = builder.bearer_token("the token of today").build()?;
    /// client.replace_bearer_token("the token of tomorrow");
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn replace_bearer_token(&self, token: impl Into<Secret>) {
        self.inner.tokens.replace(TokenSource::Given(token.into()));
    }

    /// Signs with another key from now on, in this client and its clones. Register its public half
    /// first ([`register_signing_key`](Self::register_signing_key)). Several registered keys are valid at
    /// the same time.
    ///
    /// ```
    /// use offblocks_client::{KeyId, SigningKey};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let (key, id) = (SigningKey::generate()?, KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c")?);
    /// client.register_signing_key(&key, &id).await?;
    /// client.replace_signing_key(key, id);
    /// client.get_chains().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn replace_signing_key(&self, key: SigningKey, id: KeyId) {
        self.replace_signer(KeyInMemory { key, id });
    }

    /// Signs with another signer from now on, in this client and its clones.
    ///
    /// ```
    /// use offblocks_client::{Client, Sign};
    ///
    /// fn rotate(client: &Client, signer: impl Sign) {
    ///     client.replace_signer(signer);
    /// }
    /// ```
    pub fn replace_signer(&self, signer: impl Sign) {
        self.inner.signer.replace(Arc::new(signer));
    }

    /// How much is left of the budget that all retries share.
    ///
    /// ```
    /// use offblocks_client::RetryBudget;
    ///
    /// let builder = offblocks_client::Client::builder().base_url("http://localhost:8080/v1");
    /// let client = builder.retry_budget(RetryBudget::new(50)).build()?;
    /// assert_eq!(client.retry_budget().left(), 50);
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    #[must_use]
    pub fn retry_budget(&self) -> &RetryBudget {
        &self.inner.budget
    }
}
