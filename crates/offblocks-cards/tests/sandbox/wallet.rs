//! A wallet that owns a customer.

use k256::ecdsa::SigningKey;
use offblocks_types::{Base64, BlockchainAccountId, OwnerSignature};
use sha3::{Digest as _, Keccak256};

/// An Ethereum wallet on zkSync's test chain.
pub struct Wallet(SigningKey);

impl Wallet {
    /// Always the same wallet.
    pub fn new() -> Self {
        Self(SigningKey::from_slice(&[7; 32]).unwrap())
    }

    /// The wallet's address, as the API names it.
    pub fn owner(&self) -> BlockchainAccountId {
        let point = self.0.verifying_key().to_encoded_point(false);
        let hash = Keccak256::digest(&point.as_bytes()[1..]);
        let address: [u8; 20] = hash[12..].try_into().unwrap();
        let text = format!("eip155:300:{}", siwe::eip55(&address));
        text.parse().unwrap()
    }

    /// The signature of a challenge.
    pub fn sign(&self, challenge: &Base64) -> OwnerSignature {
        let message = str::from_utf8(challenge.as_bytes()).unwrap();
        let message: siwe::Message = message.parse().unwrap();
        let hash = message.eip191_hash().unwrap();
        let (signature, recovery) = self.0.sign_prehash_recoverable(&hash).unwrap();
        let mut bytes = signature.to_bytes().to_vec();
        bytes.push(27 + recovery.to_byte());
        OwnerSignature::new(self.owner(), challenge.clone(), Base64::from(bytes))
    }
}
