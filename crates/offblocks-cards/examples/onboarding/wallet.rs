//! A wallet that owns a customer.

use std::error::Error;

use k256::ecdsa::SigningKey;
use offblocks_types::{Base64, BlockchainAccountId, OwnerSignature};
use sha3::{Digest as _, Keccak256};

/// An Ethereum wallet on zkSync's test chain.
pub struct Wallet(SigningKey);

impl Wallet {
    /// Always the same wallet.
    pub fn new() -> Result<Self, Box<dyn Error>> {
        Ok(Self(SigningKey::from_slice(&[7; 32])?))
    }

    /// The wallet's address, as the API names it.
    pub fn owner(&self) -> Result<BlockchainAccountId, Box<dyn Error>> {
        let point = self.0.verifying_key().to_encoded_point(false);
        let hash = Keccak256::digest(&point.as_bytes()[1..]);
        let address: [u8; 20] = hash[12..].try_into()?;
        Ok(format!("eip155:300:{}", siwe::eip55(&address)).parse()?)
    }

    /// The signature of a challenge.
    pub fn sign(&self, challenge: &Base64) -> Result<OwnerSignature, Box<dyn Error>> {
        let message: siwe::Message = std::str::from_utf8(challenge.as_bytes())?.parse()?;
        let hash = message.eip191_hash()?;
        let (signature, recovery) = self.0.sign_prehash_recoverable(&hash)?;
        let mut bytes = signature.to_bytes().to_vec();
        bytes.push(27 + recovery.to_byte());
        let signature = Base64::from(bytes);
        Ok(OwnerSignature::new(
            self.owner()?,
            challenge.clone(),
            signature,
        ))
    }
}
