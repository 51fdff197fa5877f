//! Hashing of API secrets: the database never holds one that could be used.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA256};

use crate::random::{Random, RandomExt};

/// API secrets are long and made by machines, so the rounds only have to slow down guessing of
/// a carelessly chosen one.
const ROUNDS: NonZeroU32 = NonZeroU32::new(20_000).expect("the literal is not zero");

/// A salted hash of an API secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SecretHash {
    pub(crate) salt: Vec<u8>,
    pub(crate) hash: Vec<u8>,
}

impl SecretHash {
    pub(crate) fn of(secret: &str, random: &dyn Random) -> Self {
        let salt: [u8; 16] = random.bytes();
        let mut hash = [0; 32];
        pbkdf2::derive(
            PBKDF2_HMAC_SHA256,
            ROUNDS,
            &salt,
            secret.as_bytes(),
            &mut hash,
        );
        Self {
            salt: salt.into(),
            hash: hash.into(),
        }
    }

    /// Whether `secret` is the hashed one, in time that does not depend on where they differ.
    pub(crate) fn matches(&self, secret: &str) -> bool {
        pbkdf2::verify(
            PBKDF2_HMAC_SHA256,
            ROUNDS,
            &self.salt,
            secret.as_bytes(),
            &self.hash,
        )
        .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn only_the_hashed_secret_matches() {
        let hash = SecretHash::of("correct", &SeededRandom::new(1));
        assert!(hash.matches("correct"));
        assert!(!hash.matches("correcu"));
        assert!(!hash.matches(""));
    }

    #[test]
    fn equal_secrets_hash_differently() {
        let random = SeededRandom::new(1);
        assert!(SecretHash::of("same", &random).hash != SecretHash::of("same", &random).hash);
    }
}
