//! A wallet whose key is in this process.

use std::fmt;

use k256::ecdsa::SigningKey;
use offblocks_types::{Base64, BlockchainAccountId, OwnerSignature};
use sha3::{Digest as _, Keccak256};

use crate::error::WalletError;

/// The chain that OffBlocks' guides use: zkSync's test chain.
const TEST_CHAIN: &str = "eip155:300";

/// An Ethereum wallet whose key is in this process: for sandboxes and tests, and for programmes that
/// hold their customers' keys. It signs messages of EIP-4361 about its own address and nothing else.
#[derive(Clone)]
pub struct LocalWallet {
    key: SigningKey,
    owner: BlockchainAccountId,
    address: [u8; 20],
}

impl LocalWallet {
    /// The wallet of this private key, on a chain such as `eip155:300`.
    ///
    /// # Errors
    /// When the secret is not a valid key, or the chain is not an EVM chain.
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

    /// The wallet of this number on zkSync's test chain, which OffBlocks' guides use. It is for tests:
    /// the same number always gives the same wallet, so its key is not secret.
    #[must_use]
    pub fn numbered(number: u32) -> Self {
        let mut secret = [0; 32];
        // Never zero, which is not a key.
        secret[27..].copy_from_slice(&(u64::from(number) + 1).to_be_bytes()[3..]);
        Self::new(&secret, TEST_CHAIN).expect("a small number above zero is a key")
    }

    /// The address as wallets show it (EIP-55).
    #[must_use]
    pub fn address(&self) -> String {
        siwe::eip55(&self.address)
    }

    /// The address on its chain, as the API names it (CAIP-10), such as `eip155:300:0x…`.
    #[must_use]
    pub fn owner(&self) -> BlockchainAccountId {
        self.owner.clone()
    }

    /// Whether an account, on any chain, has the wallet's address.
    #[must_use]
    pub fn owns(&self, account: &BlockchainAccountId) -> bool {
        account.address().eq_ignore_ascii_case(&self.address())
    }

    /// Signs a challenge as `personal_sign` does (EIP-191): r, s and v.
    ///
    /// # Errors
    /// When it is not a message of EIP-4361 for this address.
    pub fn sign_challenge(&self, challenge: &[u8]) -> Result<[u8; 65], WalletError> {
        let invalid = |reason: String| WalletError::Message(reason);
        let text = std::str::from_utf8(challenge).map_err(|error| invalid(error.to_string()))?;
        let message: Result<siwe::Message, _> = text.parse();
        let message = message.map_err(|error| invalid(error.to_string()))?;
        if message.address != self.address {
            return Err(WalletError::OtherAddress);
        }
        let hash = message.eip191_hash();
        let hash = hash.map_err(|error| invalid(error.to_string()))?;
        let signed = self.key.sign_prehash_recoverable(&hash);
        let (signature, recovery) = signed.map_err(|_| WalletError::Sign)?;
        let mut bytes = [0; 65];
        bytes[..64].copy_from_slice(&signature.to_bytes());
        bytes[64] = 27 + recovery.to_byte();
        Ok(bytes)
    }

    /// The body that proves ownership with a challenge.
    ///
    /// # Errors
    /// As [`sign_challenge`](Self::sign_challenge).
    pub fn prove(&self, challenge: &Base64) -> Result<OwnerSignature, WalletError> {
        self.prove_as(self.owner(), challenge)
    }

    /// As [`prove`](Self::prove), for another spelling of the wallet's account: on another chain, or with
    /// letters of another case.
    ///
    /// # Errors
    /// As [`sign_challenge`](Self::sign_challenge), and when the account has another address.
    pub fn prove_as(
        &self,
        owner: BlockchainAccountId,
        challenge: &Base64,
    ) -> Result<OwnerSignature, WalletError> {
        if !self.owns(&owner) {
            return Err(WalletError::OtherAddress);
        }
        let signature = self.sign_challenge(challenge.as_bytes())?;
        let signature = Base64::from(signature.to_vec());
        Ok(OwnerSignature::new(owner, challenge.clone(), signature))
    }
}

/// Without the key.
impl fmt::Debug for LocalWallet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LocalWallet({})", self.owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A well-known pair: the private key with the value 1.
    const FIRST: &str = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";

    fn message(address: &str) -> String {
        format!(
            "offblocks.test wants you to sign in with your Ethereum account:\n{address}\n\nTest.\n\n\
             URI: https://offblocks.test\nVersion: 1\nChain ID: 300\nNonce: abcdefgh1\n\
             Issued At: 2026-01-02T03:04:05Z"
        )
    }

    #[test]
    fn an_address_is_that_of_its_key() {
        let wallet = LocalWallet::numbered(0);
        assert_eq!(wallet.address(), FIRST);
        assert_eq!(wallet.owner().to_string(), format!("eip155:300:{FIRST}"));
        assert!(wallet.owns(&wallet.owner()));
        let lower = format!("eip155:1:{}", FIRST.to_lowercase());
        assert!(wallet.owns(&lower.parse().unwrap()));
        assert!(!wallet.owns(&LocalWallet::numbered(1).owner()));
        assert_ne!(
            LocalWallet::numbered(u32::MAX).owner(),
            LocalWallet::numbered(0).owner()
        );
    }

    #[test]
    fn its_signatures_are_valid_and_only_for_its_own_address() {
        let wallet = LocalWallet::new(&[7; 32], TEST_CHAIN).unwrap();
        let text = message(&wallet.address());
        let signature = wallet.sign_challenge(text.as_bytes()).unwrap();
        let parsed: siwe::Message = text.parse().unwrap();
        parsed.verify_eip191(&signature).unwrap();
        let other = wallet.sign_challenge(message(FIRST).as_bytes());
        assert_eq!(other, Err(WalletError::OtherAddress));
        for text in [&b"pay everything to 0x0"[..], b"", b"\0", b"\xff"] {
            let rejected = wallet.sign_challenge(text);
            assert!(
                matches!(rejected, Err(WalletError::Message(_))),
                "{rejected:?}"
            );
        }
    }

    #[test]
    fn a_proof_names_the_account_as_it_was_given() {
        let wallet = LocalWallet::numbered(0);
        let challenge = Base64::from(message(FIRST).into_bytes());
        let proof = wallet.prove(&challenge).unwrap();
        assert_eq!(
            (proof.owner_id, &proof.challenge),
            (wallet.owner(), &challenge)
        );
        let lower: BlockchainAccountId = format!("eip155:1:{}", FIRST.to_lowercase())
            .parse()
            .unwrap();
        let proof = wallet.prove_as(lower.clone(), &challenge).unwrap();
        assert_eq!(proof.owner_id, lower);
        let others = wallet.prove_as(LocalWallet::numbered(1).owner(), &challenge);
        assert_eq!(others.unwrap_err(), WalletError::OtherAddress);
    }

    #[test]
    fn secrets_and_chains_that_cannot_be_are_rejected() {
        for secret in [[0; 32], [0xff; 32]] {
            let made = LocalWallet::new(&secret, TEST_CHAIN);
            assert_eq!(made.unwrap_err(), WalletError::Secret);
        }
        for chain in ["solana:mainnet", "eip155:", "eip155:3 0", ""] {
            let made = LocalWallet::new(&[1; 32], chain);
            assert_eq!(made.unwrap_err(), WalletError::Chain(chain.to_owned()));
        }
        assert!(!format!("{:?}", LocalWallet::numbered(7)).contains("SigningKey"));
    }
}
