//! What a client remembers between calls: credentials, the current token and the signing key.

mod token;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use offblocks_signature::Signer;
use offblocks_types::Secret;
use uuid::Uuid;

use crate::clock::{Clock, Random};
use crate::drift::DriftWatch;
use crate::retry::RetryPolicy;

pub(crate) use token::{Token, Tokens};

/// The value the generated client carries for its hook. Clones share it.
#[derive(Clone)]
pub struct Session {
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) signer: Option<Arc<Signer>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) watch: DriftWatch,
}

/// What tokens are fetched with.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub api_key: Uuid,
    pub api_secret: Secret,
}

/// Shows no key and no token.
impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("signs", &self.signer.is_some())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
