//! A wallet whose key is in this process.

use std::fmt;

use k256::ecdsa::SigningKey;
use offblocks_types::BlockchainAccountId;
use sha3::{Digest as _, Keccak256};

use super::signer::WalletSigner;

/// An Ethereum wallet whose key is in this process: for sandboxes and tests, and for programmes that
/// hold their customers' keys. It signs messages of EIP-4361 about its own address and nothing else.
#[derive(Clone)]
pub struct LocalWallet {
    key: SigningKey,
    owner: BlockchainAccountId,
    address: [u8; 20],
}

/// Why a wallet cannot be used, or does not sign.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WalletError {
    /// The secret is zero, or above the order of the curve.
    #[error("the secret is not a valid key of secp256k1; take other random numbers")]
    Secret,
    /// The chain is not one of EVM.
    #[error("{0:?} is not a chain of EVM: write it as CAIP-2, such as eip155:300")]
    Chain(String),
    /// The message is not one to sign in with.
    #[error("the message is not a valid sign-in message (EIP-4361); it was not signed")]
    Message,
    /// The message is for another address.
    #[error("the message is for another address than the wallet's; it was not signed")]
    OtherAddress,
    /// The library fails.
    #[error("the wallet cannot sign")]
    Sign,
}

impl LocalWallet {
    /// The wallet of this private key, on a chain such as `eip155:300`.
    ///
    /// # Errors
    /// When the secret is not a valid key, or the chain is not one of EVM.
    pub fn new(secret: &[u8; 32], chain: &str) -> Result<Self, WalletError> {
        let key = SigningKey::from_slice(secret).map_err(|_| WalletError::Secret)?;
        let point = key.verifying_key().to_encoded_point(false);
        let hash = Keccak256::digest(&point.as_bytes()[1..]);
        let mut address = [0; 20];
        address.copy_from_slice(&hash[12..]);
        let wrong_chain = || WalletError::Chain(chain.to_owned());
        if !chain.starts_with("eip155:") {
            return Err(wrong_chain());
        }
        let owner = format!("{chain}:{}", siwe::eip55(&address));
        Ok(Self {
            owner: owner.parse().map_err(|_| wrong_chain())?,
            key,
            address,
        })
    }

    /// The address as wallets show it (EIP-55).
    #[must_use]
    pub fn address(&self) -> String {
        siwe::eip55(&self.address)
    }

    /// Signs a challenge as `personal_sign` does (EIP-191): r, s and v in 65 bytes.
    ///
    /// # Errors
    /// When it is not a message of EIP-4361 for this address.
    pub fn sign_challenge(&self, challenge: &[u8]) -> Result<Vec<u8>, WalletError> {
        let text = std::str::from_utf8(challenge).map_err(|_| WalletError::Message)?;
        let message: siwe::Message = text.parse().map_err(|_| WalletError::Message)?;
        if message.address != self.address {
            return Err(WalletError::OtherAddress);
        }
        let hash = message.eip191_hash().map_err(|_| WalletError::Message)?;
        let signed = self.key.sign_prehash_recoverable(&hash);
        let (signature, recovery) = signed.map_err(|_| WalletError::Sign)?;
        let mut bytes = signature.to_bytes().to_vec();
        bytes.push(27 + recovery.to_byte());
        Ok(bytes)
    }
}

impl WalletSigner for LocalWallet {
    type Error = WalletError;

    fn owner(&self) -> BlockchainAccountId {
        self.owner.clone()
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, WalletError> {
        self.sign_challenge(message)
    }
}

impl fmt::Debug for LocalWallet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LocalWallet({})", self.owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wallet(last: u8) -> LocalWallet {
        let mut secret = [0; 32];
        secret[31] = last;
        LocalWallet::new(&secret, "eip155:300").unwrap()
    }

    fn message(address: &str) -> String {
        format!(
            "offblocks.test wants you to sign in with your Ethereum account:\n{address}\n\nTest.\n\n\
             URI: https://offblocks.test\nVersion: 1\nChain ID: 300\nNonce: abcdefgh1\n\
             Issued At: 2026-01-02T03:04:05Z"
        )
    }

    #[test]
    fn an_address_is_that_of_its_key() {
        // A well-known pair: the private key with the value 1.
        let address = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
        assert_eq!(wallet(1).address(), address);
        assert_eq!(
            wallet(1).owner().to_string(),
            format!("eip155:300:{address}")
        );
    }

    #[test]
    fn its_signatures_are_valid_and_only_for_its_own_address() {
        let wallet = wallet(7);
        let text = message(&wallet.address());
        let signature = wallet.sign_challenge(text.as_bytes()).unwrap();
        let signature: [u8; 65] = signature.try_into().unwrap();
        let parsed: siwe::Message = text.parse().unwrap();
        parsed.verify_eip191(&signature).unwrap();
        let other = message("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
        assert!(matches!(
            wallet.sign_challenge(other.as_bytes()),
            Err(WalletError::OtherAddress)
        ));
        for text in ["pay everything to 0x0", "\u{0}"] {
            let rejected = wallet.sign_challenge(text.as_bytes());
            assert!(matches!(rejected, Err(WalletError::Message)), "{text}");
        }
    }

    #[test]
    fn secrets_and_chains_that_cannot_be_are_rejected() {
        assert!(matches!(
            LocalWallet::new(&[0; 32], "eip155:300"),
            Err(WalletError::Secret)
        ));
        for chain in ["solana:mainnet", "eip155:", "eip155:3 0", ""] {
            let made = LocalWallet::new(&[1; 32], chain);
            assert!(matches!(made, Err(WalletError::Chain(_))), "{chain:?}");
        }
        assert!(!format!("{:?}", wallet(7)).contains("SigningKey"));
    }
}
