//! Keys that a test publishes, withdraws and counts.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use offblocks_signature::{KeyError, KeyId, SigningKey};
use offblocks_types::uuid::Uuid;

use crate::keys::{KeyFetchError, KeySource, KeysFuture, PublishedKey, key_id};

/// The keys of a [`TestSender`](super::TestSender), as a source of verification keys. Clones share
/// them.
///
/// ```
/// use offblocks_webhooks::testing::{TestSender, card_event};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sender = TestSender::new("https://bank.example/hooks")?;
/// let (keys, verifier) = (sender.keys(), sender.verifier().build()?);
/// let deliver = || sender.deliver(&card_event(1, "active")).map(http_body_util::Full::new);
/// verifier.verify(deliver()).await?;
///
/// keys.rotate()?;
/// verifier.verify(deliver()).await?;
/// assert_eq!(keys.fetches(), 2, "once at first, and once for the new key");
///
/// keys.set_failing(true);
/// verifier.verify(deliver()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct TestKeys(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    key: SigningKey,
    id: KeyId,
    fetches: usize,
    fails: bool,
}

impl TestKeys {
    pub(super) fn new() -> Result<Self, KeyError> {
        let (id, key) = generated()?;
        let (fetches, fails) = (0, false);
        let state = State {
            key,
            id,
            fetches,
            fails,
        };
        Ok(Self(Arc::new(Mutex::new(state))))
    }

    /// Replaces the key by a new one under a new id. Deliveries that were made before keep the old key.
    ///
    /// # Errors
    /// When the cryptographic library cannot make a key.
    pub fn rotate(&self) -> Result<(), KeyError> {
        let (id, key) = generated()?;
        let mut state = self.lock();
        (state.id, state.key) = (id, key);
        Ok(())
    }

    /// Lets every fetch fail from now on, or succeed again.
    pub fn set_failing(&self, fails: bool) {
        self.lock().fails = fails;
    }

    /// How often keys were fetched.
    #[must_use]
    pub fn fetches(&self) -> usize {
        self.lock().fetches
    }

    pub(super) fn current(&self) -> (KeyId, SigningKey) {
        let state = self.lock();
        (state.id.clone(), state.key.clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeySource for TestKeys {
    fn fetch(&self) -> KeysFuture<'_> {
        Box::pin(async move {
            let mut state = self.lock();
            state.fetches += 1;
            if state.fails {
                return Err(KeyFetchError::call("the test lets fetches fail"));
            }
            let key = state.key.public_key();
            Ok(vec![PublishedKey::new(state.id.clone(), key)])
        })
    }
}

/// A new key, and an id that is computed from it, so that no two keys have the same id.
pub(super) fn generated() -> Result<(KeyId, SigningKey), KeyError> {
    let key = SigningKey::generate()?;
    let text = key.public_key().to_base64_pem();
    // FNV-1a on 128 bits.
    let hash = text
        .bytes()
        .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
    Ok((key_id(Uuid::from_u128(hash)), key))
}
