//! Who may call: the secret of tokens and the signing keys, read once for each change of them.
//!
//! The database counts the changes. What was read since the last change is still valid, so a key or
//! token is rejected from the moment its revocation was committed. A process that is alone on a database
//! has the count in memory. Several processes read it with each request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use offblocks_signature::VerifyingKey;
use uuid::Uuid;

use crate::tokens::TokenKey;

/// How many keys are held at most. A programme has a few.
const KEYS: usize = 256;

/// What was read last.
#[derive(Debug, Default)]
pub(crate) struct Access(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// As of which change.
    revision: i64,
    token_key: Option<Arc<TokenKey>>,
    keys: HashMap<Uuid, VerifyingKey>,
}

impl Access {
    /// What tokens are verified with, where it was read as of this revision.
    pub(crate) fn token_key(&self, revision: i64) -> Option<Arc<TokenKey>> {
        self.of(revision).token_key.clone()
    }

    /// Holds what tokens are verified with. It was read after this revision was.
    pub(crate) fn hold_token_key(&self, revision: i64, key: TokenKey) -> Arc<TokenKey> {
        let key = Arc::new(key);
        self.of(revision).token_key = Some(Arc::clone(&key));
        key
    }

    /// A signing key, where it was read as of this revision.
    pub(crate) fn signing_key(&self, revision: i64, id: Uuid) -> Option<VerifyingKey> {
        self.of(revision).keys.get(&id).cloned()
    }

    /// Holds a signing key. It was read after this revision was.
    pub(crate) fn hold_signing_key(&self, revision: i64, id: Uuid, key: VerifyingKey) {
        let mut known = self.of(revision);
        if known.keys.len() >= KEYS {
            known.keys.clear();
        }
        known.keys.insert(id, key);
    }

    /// What was read as of this revision; nothing where it changed.
    fn of(&self, revision: i64) -> MutexGuard<'_, Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.revision != revision {
            *known = Known {
                revision,
                ..Known::default()
            };
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use offblocks_signature::SigningKey;

    use super::*;

    #[test]
    fn what_was_read_counts_until_something_changes() {
        let access = Access::default();
        let id = Uuid::from_u128(1);
        let key = SigningKey::generate().unwrap().public_key();
        access.hold_signing_key(3, id, key);
        let secret = b"a secret".to_vec();
        access.hold_token_key(3, TokenKey::new(secret, 1));
        assert!(access.signing_key(3, id).is_some());
        assert!(access.signing_key(3, Uuid::from_u128(2)).is_none());
        assert!(access.token_key(3).is_some());
        assert!(access.signing_key(4, id).is_none());
        assert!(access.token_key(4).is_none());
        assert!(
            access.signing_key(3, id).is_none(),
            "it is not known any more"
        );
    }
}
