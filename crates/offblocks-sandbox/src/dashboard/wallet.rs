//! Throw-away wallets for customers that are created on a page.

use aws_lc_rs::hmac;
use k256::ecdsa::SigningKey;
use offblocks_types::support::Base64;
use offblocks_types::{BlockchainAccountId, OwnerSignature};
use sha3::{Digest as _, Keccak256};

use crate::domain::Work;
use crate::failure::Failure;
use crate::store::programme;

/// Where the wallets of these customers are.
pub(super) const CHAIN: &str = "eip155:300";

/// A wallet whose key is derived from a secret of the database and the customer's external id, so
/// that it need not be kept.
pub(super) struct Wallet(SigningKey);

impl Wallet {
    /// The wallet of the customer of this external id.
    pub(super) async fn of(work: &mut Work<'_>, external_id: &str) -> Result<Self, Failure> {
        let secret = programme::token_key(work.conn).await?.secret;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let text = format!("wallet of a page's customer\n{external_id}");
        let number = hmac::sign(&key, text.as_bytes());
        // A number beyond the curve's order is as likely as guessing a key.
        let key = SigningKey::from_slice(number.as_ref())
            .map_err(|_| Failure::invalid("this external id gives no wallet: choose another"))?;
        Ok(Self(key))
    }

    /// Its account on a chain.
    pub(super) fn account(&self) -> Result<BlockchainAccountId, Failure> {
        let account = format!("{CHAIN}:{}", siwe::eip55(&self.address()));
        let account = account.parse();
        account.map_err(|_| Failure::invalid("the wallet has no account on this chain"))
    }

    /// Whether this account is its own.
    pub(super) fn owns(&self, account: &BlockchainAccountId) -> bool {
        let address = siwe::eip55(&self.address());
        account.address().eq_ignore_ascii_case(&address)
    }

    /// The challenge, signed as `personal_sign` does (EIP-191).
    pub(super) fn sign(
        &self,
        owner: BlockchainAccountId,
        challenge: Base64,
    ) -> Result<OwnerSignature, Failure> {
        let unsigned = || Failure::invalid("the wallet cannot sign the challenge");
        let text = std::str::from_utf8(challenge.as_ref()).map_err(|_| unsigned())?;
        let message: siwe::Message = text.parse().map_err(|_| unsigned())?;
        let hash = message.eip191_hash().map_err(|_| unsigned())?;
        let signed = self.0.sign_prehash_recoverable(&hash);
        let (signature, recovery) = signed.map_err(|_| unsigned())?;
        let mut bytes = signature.to_bytes().to_vec();
        bytes.push(27 + recovery.to_byte());
        Ok(OwnerSignature::new(owner, challenge, Base64::from(bytes)))
    }

    fn address(&self) -> [u8; 20] {
        let point = self.0.verifying_key().to_encoded_point(false);
        let hash = Keccak256::digest(&point.as_bytes()[1..]);
        let mut address = [0; 20];
        address.copy_from_slice(&hash[12..]);
        address
    }
}
