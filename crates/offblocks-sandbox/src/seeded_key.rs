//! Signing keys made of the sandbox's randomness, so that a seeded sandbox always makes the same.

use offblocks_signature::{KeyError, SigningKey};
use offblocks_types::Base64;

use crate::random::{Random, RandomExt as _};

/// The bytes of a private key on P-384 (RFC 5915, section 3).
const LENGTH: usize = 48;

/// What stands before and behind these bytes in an `ECPrivateKey` without its public half
/// (RFC 5915, section 3): version 1, and the curve secp384r1.
const BEFORE: [u8; 7] = [0x30, 0x3e, 0x02, 0x01, 0x01, 0x04, 0x30];
const BEHIND: [u8; 9] = [0xa0, 0x07, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];

/// A new key.
///
/// # Errors
/// When the cryptographic library fails, which means that no memory is left.
pub(crate) fn new(random: &dyn Random) -> Result<SigningKey, KeyError> {
    // A number that is not below the curve's order, or zero, is not a key. Fewer than one in 2^189
    // are not, so a second failure has another reason.
    of(&random.bytes()).or_else(|_| of(&random.bytes()))
}

fn of(number: &[u8; LENGTH]) -> Result<SigningKey, KeyError> {
    let der = [&BEFORE, &number[..], &BEHIND].concat();
    let pem = format!(
        "-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----\n",
        Base64::from(der)
    );
    SigningKey::from_pem(&pem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{SeededRandom, SystemRandom};

    #[test]
    fn the_same_seed_makes_the_same_key() {
        let key = |seed| new(&SeededRandom::new(seed)).unwrap().public_key();
        assert_eq!(key(1).to_spki_pem(), key(1).to_spki_pem());
        assert_ne!(key(1).to_spki_pem(), key(2).to_spki_pem());
    }

    #[test]
    fn a_key_signs_what_its_public_half_verifies() {
        let key = new(&SystemRandom).unwrap();
        let read = SigningKey::from_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
        assert_eq!(
            read.public_key().to_spki_pem(),
            key.public_key().to_spki_pem()
        );
        assert!(key.sign(b"text").is_some());
    }

    #[test]
    fn a_number_that_is_not_a_key_is_an_error() {
        for number in [[0; LENGTH], [0xff; LENGTH]] {
            assert!(of(&number).is_err());
        }
    }
}
