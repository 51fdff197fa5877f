//! An Ethereum wallet, made anew from its secret number.

use k256::ecdsa::SigningKey;
use sha3::{Digest as _, Keccak256};

pub struct Wallet(SigningKey);

impl Wallet {
    pub fn new(secret: u8) -> Self {
        Self::numbered(secret.into())
    }

    /// One of as many different ones as a test needs.
    pub fn numbered(secret: u32) -> Self {
        let mut bytes = [0; 32];
        bytes[28..].copy_from_slice(&secret.to_be_bytes());
        Self(SigningKey::from_slice(&bytes).unwrap())
    }

    /// Its CAIP-10 identifier on a chain such as `eip155:300`.
    pub fn on(&self, chain: &str) -> String {
        format!("{chain}:{}", siwe::eip55(&self.address()))
    }

    /// What `personal_sign` gives: r, s and v.
    pub fn sign(&self, message: &[u8]) -> [u8; 65] {
        let message: siwe::Message = std::str::from_utf8(message).unwrap().parse().unwrap();
        let hash = message.eip191_hash().unwrap();
        let (signature, recovery) = self.0.sign_prehash_recoverable(&hash).unwrap();
        let mut bytes = [0; 65];
        bytes[..64].copy_from_slice(&signature.to_bytes());
        bytes[64] = 27 + recovery.to_byte();
        bytes
    }

    fn address(&self) -> [u8; 20] {
        let point = self.0.verifying_key().to_encoded_point(false);
        let hash = Keccak256::digest(&point.as_bytes()[1..]);
        hash[12..].try_into().unwrap()
    }
}
