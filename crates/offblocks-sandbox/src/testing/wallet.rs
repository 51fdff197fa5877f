//! An Ethereum wallet, made from its secret number: the owner of a customer.

use k256::ecdsa::SigningKey;
use offblocks_types::{Base64, BlockchainAccountId, OwnerSignature};
use sha3::{Digest as _, Keccak256};

/// An Ethereum wallet. The same number always makes the same one.
#[derive(Debug, Clone)]
pub struct Wallet(SigningKey);

impl Wallet {
    /// The wallet of this number; those of two numbers differ.
    pub fn new(number: u32) -> Self {
        let mut secret = [0; 32];
        // Never zero, which is not a key.
        secret[27..].copy_from_slice(&(u64::from(number) + 1).to_be_bytes()[3..]);
        let key = SigningKey::from_slice(&secret);
        Self(key.expect("a small number above zero is a key"))
    }

    /// Its CAIP-10 identifier on a chain such as `eip155:300`.
    pub fn on(&self, chain: &str) -> String {
        format!("{chain}:{}", siwe::eip55(&self.address()))
    }

    /// Its identifier on zkSync's test chain, which the guides use.
    pub fn owner(&self) -> BlockchainAccountId {
        let owner = self.on("eip155:300").parse();
        owner.expect("a chain and an address are an identifier")
    }

    /// What `personal_sign` (EIP-191) makes of a challenge: r, s and v.
    ///
    /// # Panics
    /// When it is not a challenge as the sandbox issues them (EIP-4361).
    pub fn sign(&self, challenge: &[u8]) -> [u8; 65] {
        let text = std::str::from_utf8(challenge).expect("a challenge is text");
        let message: siwe::Message = text.parse().expect("a challenge is an EIP-4361 message");
        let hash = message.eip191_hash().expect("the message has a text form");
        let signed = self.0.sign_prehash_recoverable(&hash);
        let (signature, recovery) = signed.expect("a hash of 32 bytes can be signed");
        let mut bytes = [0; 65];
        bytes[..64].copy_from_slice(&signature.to_bytes());
        bytes[64] = 27 + recovery.to_byte();
        bytes
    }

    /// The body that proves ownership with a challenge.
    ///
    /// # Panics
    /// As [`Wallet::sign`].
    pub fn prove(&self, challenge: &Base64) -> OwnerSignature {
        let signature = Base64::from(self.sign(challenge.as_bytes()).to_vec());
        OwnerSignature::new(self.owner(), challenge.clone(), signature)
    }

    fn address(&self) -> [u8; 20] {
        let point = self.0.verifying_key().to_encoded_point(false);
        let hash = Keccak256::digest(&point.as_bytes()[1..]);
        let mut address = [0; 20];
        address.copy_from_slice(&hash[12..]);
        address
    }
}
