//! The identity of the caller: credentials, tokens, keys, and the clock for signatures.

use std::sync::Arc;

use offblocks_signature::{Clock, KeyId, SigningKey};
use offblocks_types::Secret;
use uuid::Uuid;

use super::ClientBuilder;
use crate::random::Random;
use crate::session::{Credentials, CredentialsProvider, TokenSource};
use crate::signing::{CurrentSigner, KeyInMemory, Sign};

impl ClientBuilder {
    /// The API key and its secret, with which tokens are fetched. Without them, calls that need a
    /// token fail before they are sent.
    ///
    /// ```
    /// let key = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15".parse()?;
    /// let builder = offblocks_client::Client::builder().credentials(key, "the secret");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn credentials(self, api_key: Uuid, api_secret: impl Into<Secret>) -> Self {
        self.credentials_provider(Credentials::new(api_key, api_secret))
    }

    /// Reads the credentials from this provider each time a token is fetched, for example from a vault.
    ///
    /// ```
    /// use offblocks_client::{Client, Credentials, CredentialsFuture, CredentialsProvider};
    ///
    /// struct Vault;
    ///
    /// impl CredentialsProvider for Vault {
    ///     fn credentials(&self) -> CredentialsFuture<'_> {
    ///         Box::pin(async {
    ///             // Ask the vault here.
    ///             let key = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15".parse()?;
    ///             Ok(Credentials::new(key, "the secret of today"))
    ///         })
    ///     }
    /// }
    ///
    /// let builder = Client::builder().credentials_provider(Vault);
    /// ```
    pub fn credentials_provider(mut self, provider: impl CredentialsProvider) -> Self {
        self.tokens = TokenSource::Fetched(Arc::new(provider));
        self
    }

    /// Sends this bearer token and never fetches one. When the server rejects it, calls fail with
    /// 401 until it is [replaced](crate::Client::replace_bearer_token).
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().bearer_token("the token");
    /// ```
    pub fn bearer_token(mut self, token: impl Into<Secret>) -> Self {
        self.tokens = TokenSource::Given(token.into());
        self
    }

    /// The key that signs, and the `signingKeyId` under which its public half is (or will be)
    /// registered. Without it, calls that must be signed fail before they are sent.
    ///
    /// ```
    /// use offblocks_client::{Client, KeyId, SigningKey};
    ///
    /// let id = KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c")?;
    /// let builder = Client::builder().signing_key(SigningKey::generate()?, id);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn signing_key(self, key: SigningKey, id: KeyId) -> Self {
        self.signer(KeyInMemory { key, id })
    }

    /// Signs with a key that is elsewhere; see [`Sign`].
    ///
    /// ```
    /// use offblocks_client::{Client, ClientBuilder, Sign};
    ///
    /// fn with_hardware(module: impl Sign) -> ClientBuilder {
    ///     Client::builder().signer(module)
    /// }
    /// ```
    pub fn signer(mut self, signer: impl Sign) -> Self {
        self.signer = CurrentSigner::new(Some(Arc::new(signer)));
        self
    }

    /// Corrects the clock by the server's time: after a 401 whose `Date` is more than a minute away from
    /// this machine's clock, the client signs by the server's time, and sends the call once more. It helps
    /// where the clock cannot be set right. It is off by default, because the client then signs for any
    /// time that a response claims.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().correct_clock_skew();
    /// ```
    pub fn correct_clock_skew(mut self) -> Self {
        self.corrects_clock_skew = true;
        self
    }

    /// The clock; the machine's clock unless this is called. A closure is a clock too.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// let fixed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_340_781);
    /// let builder = offblocks_client::Client::builder().clock(move || fixed);
    /// ```
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The source of idempotency keys and of the randomness of pauses; the machine's randomness unless this is called.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use offblocks_client::{Client, Random};
    /// use offblocks_types::uuid::Uuid;
    ///
    /// /// The same keys in every run of a test.
    /// #[derive(Debug)]
    /// struct Same;
    ///
    /// impl Random for Same {
    ///     fn uuid(&self) -> Uuid {
    ///         Uuid::from_u128(7)
    ///     }
    /// }
    ///
    /// let builder = Client::builder().random(Arc::new(Same));
    /// ```
    pub fn random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = Some(random);
        self
    }
}
