//! The wallet that signs for a customer.

use std::error::Error;
use std::future::Future;

use offblocks_types::uuid::Uuid;
use offblocks_types::{Base64, BlockchainAccountId, OwnerSignature};

use super::error::OnboardingError;

/// The wallet of a customer: it proves that the customer owns a blockchain address. Implement it for a
/// browser's wallet, a hardware wallet or a signing service; the feature `wallet` has one whose key is
/// in this process.
pub trait WalletSigner: Send + Sync {
    /// Why the wallet does not sign.
    type Error: Error + Send + Sync + 'static;

    /// The address, as the API names it (CAIP-10), such as `eip155:300:0x…`.
    fn owner(&self) -> BlockchainAccountId;

    /// Signs a message as `personal_sign` does (EIP-191). On EVM chains the message is text in the form
    /// of EIP-4361. Check it before you sign: the signature signs in.
    ///
    /// Returns the bytes of the signature: r, s and v for EVM chains.
    fn sign(&self, message: &[u8]) -> impl Future<Output = Result<Vec<u8>, Self::Error>> + Send;
}

#[cfg(feature = "wallet")]
impl WalletSigner for offblocks_wallet::LocalWallet {
    type Error = offblocks_wallet::WalletError;

    fn owner(&self) -> BlockchainAccountId {
        Self::owner(self)
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Self::Error> {
        self.sign_challenge(message)
            .map(|signature| signature.to_vec())
    }
}

/// The body that proves ownership with a challenge.
async fn prove(
    wallet: &impl WalletSigner,
    challenge: Base64,
) -> Result<OwnerSignature, OnboardingError> {
    let signature = wallet.sign(challenge.as_bytes()).await;
    let signature = signature.map_err(|error| OnboardingError::Wallet(error.into()))?;
    let signature = Base64::from(signature);
    Ok(OwnerSignature::new(wallet.owner(), challenge, signature))
}

/// The challenge of what a call has created, where it can still be signed.
///
/// Under a key that was used before, the response is the earlier one: its challenge may have been signed or
/// replaced since.
pub(super) fn usable(key: Option<Uuid>, challenge: &Base64) -> Option<Base64> {
    key.is_none().then(|| challenge.clone())
}

/// Has the wallet sign the challenge from the creation, or otherwise the challenge that is open now, and
/// sends the proof. Where no challenge is open, it was signed before.
pub(super) async fn prove_ownership<T, F>(
    wallet: &impl WalletSigner,
    created: Option<Base64>,
    open: impl Future<Output = Result<Option<Base64>, OnboardingError>>,
    send: impl FnOnce(OwnerSignature) -> F,
) -> Result<(), OnboardingError>
where
    F: Future<Output = Result<T, offblocks_client::Error>>,
{
    let challenge = match created {
        Some(challenge) => Some(challenge),
        None => open.await?,
    };
    if let Some(challenge) = challenge {
        let proof = prove(wallet, challenge).await?;
        signed(send(proof).await)?;
    }
    Ok(())
}

/// A challenge that was signed before counts as signed: the response to that call was lost.
fn signed<T>(response: Result<T, offblocks_client::Error>) -> Result<(), offblocks_client::Error> {
    match response {
        Err(error) if !error.is_conflict() => Err(error),
        _ => Ok(()),
    }
}
