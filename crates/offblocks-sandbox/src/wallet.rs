//! Ethereum wallets: the owners of customers.

use k256::ecdsa::SigningKey;
use offblocks_types::{Base64, BlockchainAccountId, OwnerSignature};
use sha3::{Digest as _, Keccak256};

/// The chain that the guides use: zkSync's test chain.
const CHAIN: &str = "eip155:300";

/// An Ethereum wallet, for trying things out. The same secret always makes the same one.
#[derive(Debug, Clone)]
pub struct Wallet(SigningKey);

/// A wallet cannot be made, or cannot sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WalletError {
    /// The secret is not one that a wallet can have.
    #[error(
        "the secret of a wallet is a number above zero and below the curve's order: take another"
    )]
    Secret,
    /// What is to be signed is not a challenge.
    #[error("the challenge is not a valid sign-in message (EIP-4361): {0}")]
    Challenge(String),
    /// The signature cannot be computed.
    #[error("the wallet cannot sign")]
    Sign,
}

impl Wallet {
    /// The wallet of this number, for tests; those of two numbers differ.
    pub fn new(number: u32) -> Self {
        let mut secret = [0; 32];
        // Never zero, which is not a key.
        secret[27..].copy_from_slice(&(u64::from(number) + 1).to_be_bytes()[3..]);
        Self::from_secret(&secret).expect("a small number above zero is a key")
    }

    /// The wallet of this secret.
    ///
    /// # Errors
    /// [`WalletError::Secret`] for zero, and for numbers beyond the curve's order: of random ones that
    /// is one in 2^128.
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, WalletError> {
        let key = SigningKey::from_slice(secret);
        key.map(Self).map_err(|_| WalletError::Secret)
    }

    /// Its address as wallets show it (EIP-55).
    pub fn address(&self) -> String {
        let point = self.0.verifying_key().to_encoded_point(false);
        let hash = Keccak256::digest(&point.as_bytes()[1..]);
        let mut address = [0; 20];
        address.copy_from_slice(&hash[12..]);
        siwe::eip55(&address)
    }

    /// Its CAIP-10 identifier on a chain such as `eip155:300`.
    pub fn on(&self, chain: &str) -> String {
        format!("{chain}:{}", self.address())
    }

    /// Its identifier on zkSync's test chain, which the guides use.
    pub fn owner(&self) -> BlockchainAccountId {
        let owner = self.on(CHAIN).parse();
        owner.expect("a chain and an address are an identifier")
    }

    /// Whether an account of any chain is its own.
    pub fn owns(&self, account: &BlockchainAccountId) -> bool {
        account.address().eq_ignore_ascii_case(&self.address())
    }

    /// What `personal_sign` (EIP-191) makes of a challenge: r, s and v.
    ///
    /// # Errors
    /// When it is not a challenge as the sandbox issues them (EIP-4361).
    pub fn sign(&self, challenge: &[u8]) -> Result<[u8; 65], WalletError> {
        let invalid = |reason: String| WalletError::Challenge(reason);
        let text = std::str::from_utf8(challenge).map_err(|error| invalid(error.to_string()))?;
        let message: Result<siwe::Message, _> = text.parse();
        let message = message.map_err(|error| invalid(error.to_string()))?;
        let hash = message.eip191_hash();
        let hash = hash.map_err(|error| invalid(error.to_string()))?;
        let signed = self.0.sign_prehash_recoverable(&hash);
        let (signature, recovery) = signed.map_err(|_| WalletError::Sign)?;
        let mut bytes = [0; 65];
        bytes[..64].copy_from_slice(&signature.to_bytes());
        bytes[64] = 27 + recovery.to_byte();
        Ok(bytes)
    }

    /// The body that proves ownership with a challenge.
    ///
    /// # Errors
    /// As [`Wallet::sign`].
    pub fn prove(&self, challenge: &Base64) -> Result<OwnerSignature, WalletError> {
        self.prove_as(self.owner(), challenge)
    }

    /// As [`Wallet::prove`], for an account on another chain.
    ///
    /// # Errors
    /// As [`Wallet::sign`].
    pub fn prove_as(
        &self,
        owner: BlockchainAccountId,
        challenge: &Base64,
    ) -> Result<OwnerSignature, WalletError> {
        let signature = self.sign(challenge.as_bytes())?;
        let signature = Base64::from(signature.to_vec());
        Ok(OwnerSignature::new(owner, challenge.clone(), signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_its_key() {
        // A well-known pair: the private key with the value 1.
        let address = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
        let wallet = Wallet::new(0);
        assert_eq!(wallet.address(), address);
        assert!(wallet.owns(&wallet.owner()));
        let lower = format!("eip155:1:{}", address.to_lowercase());
        assert!(wallet.owns(&lower.parse().unwrap()));
        assert!(!wallet.owns(&Wallet::new(1).owner()));
    }

    #[test]
    fn its_signatures_are_valid() {
        let wallet = Wallet::from_secret(&[7; 32]).unwrap();
        let text = format!(
            "offblocks.test wants you to sign in with your Ethereum account:\n{}\n\nTest.\n\n\
             URI: https://offblocks.test\nVersion: 1\nChain ID: 300\nNonce: abcdefgh1\n\
             Issued At: 2026-01-02T03:04:05Z",
            wallet.address()
        );
        let signature = wallet.sign(text.as_bytes()).unwrap();
        let message: siwe::Message = text.parse().unwrap();
        message.verify_eip191(&signature).unwrap();
    }

    #[test]
    fn what_is_not_a_secret_or_a_challenge_is_rejected() {
        for secret in [[0; 32], [0xff; 32]] {
            let made = Wallet::from_secret(&secret);
            assert_eq!(made.unwrap_err(), WalletError::Secret);
        }
        for text in [&b"\xff"[..], b"", b"pay me"] {
            let signed = Wallet::new(1).sign(text).unwrap_err();
            assert!(matches!(signed, WalletError::Challenge(_)), "{signed}");
        }
    }
}
