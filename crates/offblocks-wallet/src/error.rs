//! Why a wallet cannot be used, or does not sign.

/// Why a wallet cannot be used, or does not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WalletError {
    /// The secret is zero, or above the order of the curve.
    #[error("the secret is not a valid key of secp256k1; take other random numbers")]
    Secret,
    /// The chain is not an EVM chain.
    #[error("{0:?} is not a chain of EVM: write it as CAIP-2, such as eip155:300")]
    Chain(String),
    /// The message is not a sign-in message.
    #[error("the message is not a valid sign-in message (EIP-4361), so it was not signed: {0}")]
    Message(String),
    /// The message is for another address.
    #[error("the message is for another address than the wallet's; it was not signed")]
    OtherAddress,
    /// The library fails.
    #[error("the wallet cannot sign")]
    Sign,
}
