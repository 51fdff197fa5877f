//! API secrets: which may be used, and their hashes. The database never holds one that could be
//! used.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_lc_rs::digest::{self, SHA256};
use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA256};
use offblocks_types::support::Secret;

use crate::random::{Random, RandomExt};
use crate::settings::{Credentials, DEFAULT_API_SECRET};

/// API secrets are long and made by machines, so the rounds only have to slow down guessing of
/// a carelessly chosen one.
const ROUNDS: NonZeroU32 = NonZeroU32::new(20_000).expect("the literal is not zero");

/// The fewest characters of an API secret: fewer are guessed in no time.
const SHORTEST: usize = 8;

/// The most characters of an API secret. However they are written in JSON, a body that asks for a
/// token with them fits into the smallest limit that such bodies can be given.
const LONGEST: usize = 512;

/// The smallest limit for bodies without a token, in bytes: room for a secret whose every character
/// is written as two escapes, and for all that stands beside it.
pub(crate) const LEAST_ANONYMOUS_BODY: usize = 8 * 1024;

/// Why an API secret may not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// It has too few characters, not counting white space at its ends.
    #[error("the API secret is too short: choose one of at least {SHORTEST} characters")]
    Short,
    /// It has too many characters.
    #[error("the API secret is too long: choose one of at most {LONGEST} characters")]
    Long,
    /// It has characters that no one can type or see.
    #[error("the API secret holds control characters: choose one without them")]
    Control,
    /// It opens the API too.
    #[error("it is also the API secret: choose another one")]
    Shared,
    /// It is public, and other machines can reach the sandbox.
    #[error(
        "the API secret is that of the default credentials, which are public: where other \
         machines can reach the sandbox, choose another with --api-key and --api-secret, or \
         listen on 127.0.0.1"
    )]
    Public,
}

impl SecretError {
    /// The same about the control token.
    pub(crate) fn of_control_token(self) -> String {
        match self {
            Self::Shared => format!("the control token cannot be used: {self}"),
            _ => self.to_string().replace("API secret", "control token"),
        }
    }
}

/// Who can reach the sandbox. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach(Arc<AtomicBool>);

impl Reach {
    /// Notes that the sandbox listens on this address.
    pub(crate) fn extend(&self, address: SocketAddr) {
        if !address.ip().is_loopback() {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Whether other machines can.
    pub(crate) fn is_beyond_loopback(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Whether an API secret may be used: the one rule, for secrets given at the start and those that
/// `updateCredentials` brings.
///
/// # Errors
/// Why not.
pub(crate) fn check(secret: &Secret, reach: &Reach) -> Result<(), SecretError> {
    check_text(secret)?;
    if secret.expose() == DEFAULT_API_SECRET && reach.is_beyond_loopback() {
        return Err(SecretError::Public);
    }
    Ok(())
}

/// Whether a control token may be used beside these credentials, which must not open more than
/// the API.
///
/// # Errors
/// Why not.
pub(crate) fn check_control_token(
    token: &Secret,
    credentials: &Credentials,
) -> Result<(), SecretError> {
    check_text(token)?;
    match token.expose() == credentials.api_secret.expose() {
        true => Err(SecretError::Shared),
        false => Ok(()),
    }
}

/// The part of the rule that holds for every secret, wherever it is used.
///
/// # Errors
/// Why it may not be used.
pub(crate) fn check_text(secret: &Secret) -> Result<(), SecretError> {
    let secret = secret.expose();
    if secret.trim().chars().count() < SHORTEST {
        return Err(SecretError::Short);
    }
    if secret.chars().count() > LONGEST {
        return Err(SecretError::Long);
    }
    if secret.chars().any(char::is_control) {
        return Err(SecretError::Control);
    }
    Ok(())
}

/// How a hash was made. Databases keep the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// PBKDF2 over the secret. HMAC fills a short key up with zero bytes and hashes a long one, so
    /// several secrets have the same hash. The first version made these.
    Plain = 1,
    /// PBKDF2 over the secret's SHA-256 digest, which has one length.
    Digested = 2,
}

/// The number in the database is not a scheme that this version knows.
#[derive(Debug, thiserror::Error)]
#[error("unknown scheme of a secret's hash")]
pub(crate) struct UnknownScheme;

impl TryFrom<i64> for Scheme {
    type Error = UnknownScheme;

    fn try_from(number: i64) -> Result<Self, UnknownScheme> {
        let all = [Self::Plain, Self::Digested];
        all.into_iter()
            .find(|&scheme| scheme as i64 == number)
            .ok_or(UnknownScheme)
    }
}

/// A salted hash of an API secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SecretHash {
    pub(crate) scheme: Scheme,
    pub(crate) salt: Vec<u8>,
    pub(crate) hash: Vec<u8>,
}

impl SecretHash {
    pub(crate) fn of(secret: &str, random: &dyn Random) -> Self {
        let salt: [u8; 16] = random.bytes();
        let mut hash = [0; 32];
        let key = digest::digest(&SHA256, secret.as_bytes());
        pbkdf2::derive(PBKDF2_HMAC_SHA256, ROUNDS, &salt, key.as_ref(), &mut hash);
        Self {
            scheme: Scheme::Digested,
            salt: salt.into(),
            hash: hash.into(),
        }
    }

    /// Whether `secret` is the hashed one, in time that does not depend on where they differ.
    pub(crate) fn matches(&self, secret: &str) -> bool {
        match self.scheme {
            Scheme::Digested => self.is_of(digest::digest(&SHA256, secret.as_bytes()).as_ref()),
            // What the hash cannot tell apart is told apart here: no secret with a zero byte at
            // its end was ever sensible.
            Scheme::Plain => !secret.ends_with('\0') && self.is_of(secret.as_bytes()),
        }
    }

    fn is_of(&self, key: &[u8]) -> bool {
        pbkdf2::verify(PBKDF2_HMAC_SHA256, ROUNDS, &self.salt, key, &self.hash).is_ok()
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
        for other in ["correcu", "", "correct\0", "correct\0\0"] {
            assert!(!hash.matches(other), "{other:?}");
        }
    }

    #[test]
    fn hashes_of_the_first_version_still_match() {
        let (salt, mut hash) = ([7; 16], [0; 32]);
        pbkdf2::derive(PBKDF2_HMAC_SHA256, ROUNDS, &salt, b"correct", &mut hash);
        let hash = SecretHash {
            scheme: Scheme::Plain,
            salt: salt.into(),
            hash: hash.into(),
        };
        assert!(hash.matches("correct"));
        assert!(!hash.matches("correct\0"));
        assert!(!hash.matches("correcu"));
    }

    #[test]
    fn equal_secrets_hash_differently() {
        let random = SeededRandom::new(1);
        assert!(SecretHash::of("same", &random).hash != SecretHash::of("same", &random).hash);
    }

    #[test]
    fn one_rule_for_every_secret() {
        let (here, beyond) = (Reach::default(), Reach::default());
        here.extend(([127, 0, 0, 1], 8080).into());
        beyond.extend(([0, 0, 0, 0], 8080).into());
        for (secret, reach, expected) in [
            ("", &here, Err(SecretError::Short)),
            ("x", &here, Err(SecretError::Short)),
            ("         x         ", &here, Err(SecretError::Short)),
            ("long enough\0", &here, Err(SecretError::Control)),
            (&"x".repeat(LONGEST + 1), &here, Err(SecretError::Long)),
            (&"𝄞".repeat(LONGEST), &here, Ok(())),
            ("long enough", &here, Ok(())),
            ("long enough", &beyond, Ok(())),
            (DEFAULT_API_SECRET, &here, Ok(())),
            (DEFAULT_API_SECRET, &beyond, Err(SecretError::Public)),
        ] {
            assert_eq!(check(&secret.into(), reach), expected, "{secret:?}");
        }
    }
}
