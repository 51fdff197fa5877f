//! A customer's wallet, created for one walk and dropped after it.

use k256::ecdsa::SigningKey;
use sha3::{Digest as _, Keccak256};

/// An Ethereum wallet.
pub(crate) struct Wallet(SigningKey);

/// A challenge cannot be signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WalletError {
    #[error("the operating system gave no random numbers")]
    Random,
    #[error("the challenge is not text")]
    NotText(#[from] std::str::Utf8Error),
    #[error("the challenge is not a valid sign-in message (EIP-4361)")]
    NotSiwe(#[from] siwe::ParseError),
    #[error("the challenge cannot be hashed")]
    Hash(#[from] std::fmt::Error),
    #[error("the wallet cannot sign")]
    Sign(#[from] k256::ecdsa::Error),
}

impl Wallet {
    /// A new wallet.
    pub(crate) fn generate() -> Result<Self, WalletError> {
        let mut secret = [0; 32];
        aws_lc_rs::rand::fill(&mut secret).map_err(|_| WalletError::Random)?;
        // Fails for 0 and for numbers above the curve's order, once in 2^128 tries.
        Ok(Self(SigningKey::from_slice(&secret)?))
    }

    /// Its address as wallets show it (EIP-55).
    pub(crate) fn address(&self) -> String {
        let point = self.0.verifying_key().to_encoded_point(false);
        let hash = Keccak256::digest(&point.as_bytes()[1..]);
        let mut address = [0; 20];
        address.copy_from_slice(&hash[12..]);
        siwe::eip55(&address)
    }

    /// Signs a challenge as `personal_sign` does (EIP-191): r, s and v in 65 bytes.
    pub(crate) fn sign(&self, challenge: &[u8]) -> Result<Vec<u8>, WalletError> {
        let message: siwe::Message = std::str::from_utf8(challenge)?.parse()?;
        let (signature, recovery) = self.0.sign_prehash_recoverable(&message.eip191_hash()?)?;
        let mut bytes = signature.to_bytes().to_vec();
        bytes.push(27 + recovery.to_byte());
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_its_key() {
        // A well-known pair: the private key with the value 1.
        let mut one = [0; 32];
        one[31] = 1;
        let wallet = Wallet(SigningKey::from_slice(&one).unwrap());
        assert_eq!(
            wallet.address(),
            "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"
        );
    }

    #[test]
    fn its_signatures_are_valid() {
        let wallet = Wallet::generate().unwrap();
        let text = format!(
            "offblocks.test wants you to sign in with your Ethereum account:\n{}\n\nTest.\n\n\
             URI: https://offblocks.test\nVersion: 1\nChain ID: 300\nNonce: abcdefgh1\n\
             Issued At: 2026-01-02T03:04:05Z",
            wallet.address()
        );
        let signature: [u8; 65] = wallet.sign(text.as_bytes()).unwrap().try_into().unwrap();
        let message: siwe::Message = text.parse().unwrap();
        message.verify_eip191(&signature).unwrap();
    }
}
