//! The credentials with which tokens are fetched.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use offblocks_types::Secret;
use uuid::Uuid;

/// An API key and its secret, with which tokens are fetched.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The API key.
    pub api_key: Uuid,
    /// Its secret.
    pub api_secret: Secret,
}

impl Credentials {
    /// These credentials.
    ///
    /// ```
    /// use offblocks_client::Credentials;
    ///
    /// let credentials = Credentials::new("b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15".parse()?, "the secret");
    /// assert!(!format!("{credentials:?}").contains("the secret"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(api_key: Uuid, api_secret: impl Into<Secret>) -> Self {
        Self {
            api_key,
            api_secret: api_secret.into(),
        }
    }
}

/// What a [`CredentialsProvider`] returns.
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// Gives the credentials each time a token is fetched, for example from a vault that rotates them.
pub trait CredentialsProvider: Send + Sync + 'static {
    /// The credentials that are valid now. An error ends the calls that wait for a token.
    fn credentials(&self) -> CredentialsFuture<'_>;
}

impl CredentialsProvider for Credentials {
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

/// Where bearer tokens come from.
#[derive(Clone, Default)]
pub(crate) enum TokenSource {
    /// Calls that need a token fail.
    #[default]
    Nowhere,
    /// This token, until another one is given.
    Given(Secret),
    Fetched(Arc<dyn CredentialsProvider>),
}

/// Shows no secret.
impl fmt::Debug for TokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Nowhere => "Nowhere",
            Self::Given(_) => "Given",
            Self::Fetched(_) => "Fetched",
        })
    }
}
