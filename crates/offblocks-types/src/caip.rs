//! Identifiers on blockchains, as the Chain Agnostic Improvement Proposals (CAIP) write them.
//!
//! Each is a text that was checked when it was made, so its parts can be read without an error.
//! Texts are kept and compared as they were given. Where a chain accepts two spellings of one address
//! (letter case on `eip155` chains), they are different identifiers here.

mod macros;
mod parts;

use macros::identifier;
use parts::{ADDRESS, ASSET_NAMESPACE, NAMESPACE, REFERENCE, TOKEN};
use std::fmt;

/// A blockchain: `eip155:1`, `starknet:SN_MAIN` (CAIP-2).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockchainId(String);

identifier!(BlockchainId, "a blockchain (CAIP-2)");

/// An account on a blockchain: `eip155:1:0x869f…` (CAIP-10).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockchainAccountId(String);

identifier!(BlockchainAccountId, "an account on a blockchain (CAIP-10)");

/// An asset on a blockchain: `eip155:1/erc20:0x6b17…` (CAIP-19).
///
/// The form published for Starknet, `starknet:SN_MAIN:0x05a1…`, does not say what kind of asset
/// it is, so it is not a CAIP-19 identifier. That form is read too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockchainAssetId(String);

identifier!(BlockchainAssetId, "an asset on a blockchain (CAIP-19)");

/// A transaction on a blockchain: the chain, a colon and the transaction's hash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockchainTransactionId(String);

identifier!(BlockchainTransactionId, "a transaction on a blockchain");

/// Why a text is not a valid identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaipError {
    /// What was expected (for example "an account on a blockchain (CAIP-10)").
    pub expected: &'static str,
    /// The part that is wrong, and what it may be.
    pub reason: &'static str,
}

impl fmt::Display for CaipError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not {}: {}", self.expected, self.reason)
    }
}

impl std::error::Error for CaipError {}

impl BlockchainId {
    /// The kind of chain: `eip155`.
    #[must_use]
    pub fn namespace(&self) -> &str {
        before(&self.0, ':')
    }

    /// The chain within its kind: `1`.
    #[must_use]
    pub fn reference(&self) -> &str {
        after(&self.0, ':')
    }

    fn check(text: &str) -> Result<(), &'static str> {
        let whole = "a chain is a namespace, a colon and a reference";
        let (namespace, reference) = text.split_once(':').ok_or(whole)?;
        NAMESPACE.check(namespace)?;
        REFERENCE.check(reference)
    }
}

impl BlockchainAccountId {
    /// The account of this address on a chain.
    ///
    /// # Errors
    ///
    /// [`CaipError`] when the address is empty, too long, or has characters that are not allowed in one.
    pub fn new(chain: &BlockchainId, address: &str) -> Result<Self, CaipError> {
        format!("{chain}:{address}").try_into()
    }

    /// The chain.
    #[must_use]
    pub fn chain(&self) -> BlockchainId {
        BlockchainId(last(&self.0, ':').0.to_owned())
    }

    /// The address on the chain.
    #[must_use]
    pub fn address(&self) -> &str {
        last(&self.0, ':').1
    }

    fn check(text: &str) -> Result<(), &'static str> {
        check_on_chain(text, "an account is a chain, a colon and an address")
    }
}

impl BlockchainTransactionId {
    /// The transaction of this hash on a chain.
    ///
    /// # Errors
    ///
    /// [`CaipError`] when the hash is empty, too long, or has characters that are not allowed in one.
    pub fn new(chain: &BlockchainId, hash: &str) -> Result<Self, CaipError> {
        format!("{chain}:{hash}").try_into()
    }

    /// The chain.
    #[must_use]
    pub fn chain(&self) -> BlockchainId {
        BlockchainId(last(&self.0, ':').0.to_owned())
    }

    /// The transaction's hash.
    #[must_use]
    pub fn hash(&self) -> &str {
        last(&self.0, ':').1
    }

    fn check(text: &str) -> Result<(), &'static str> {
        check_on_chain(text, "a transaction is a chain, a colon and a hash")
    }
}

impl BlockchainAssetId {
    /// The chain.
    #[must_use]
    pub fn chain(&self) -> BlockchainId {
        let chain = self.0.split_once('/').or_else(|| self.0.rsplit_once(':'));
        BlockchainId(chain.map_or(self.0.as_str(), |(chain, _)| chain).to_owned())
    }

    /// The kind of asset: `erc20`. `None` where the identifier does not say it.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        let (_, asset) = self.0.split_once('/')?;
        Some(before(asset, ':'))
    }

    /// The asset within its kind: the contract's address.
    #[must_use]
    pub fn reference(&self) -> &str {
        match self.0.split_once('/') {
            Some((_, asset)) => before(after(asset, ':'), '/'),
            None => last(&self.0, ':').1,
        }
    }

    /// One token of the asset, for assets whose tokens differ.
    #[must_use]
    pub fn token_id(&self) -> Option<&str> {
        let (_, asset) = self.0.split_once('/')?;
        asset.split_once('/').map(|(_, token)| token)
    }

    fn check(text: &str) -> Result<(), &'static str> {
        let whole = "an asset is a chain, a slash, a namespace, a colon and a reference";
        let Some((chain, asset)) = text.split_once('/') else {
            return check_on_chain(text, whole);
        };
        BlockchainId::check(chain)?;
        let (namespace, rest) = asset.split_once(':').ok_or(whole)?;
        ASSET_NAMESPACE.check(namespace)?;
        let Some((reference, token)) = rest.split_once('/') else {
            return ADDRESS.check(rest);
        };
        ADDRESS.check(reference)?;
        TOKEN.check(token)
    }
}

fn check_on_chain(text: &str, whole: &'static str) -> Result<(), &'static str> {
    let (chain, address) = text.rsplit_once(':').ok_or(whole)?;
    if !chain.contains(':') {
        return Err(whole);
    }
    BlockchainId::check(chain)?;
    ADDRESS.check(address)
}

fn before(text: &str, at: char) -> &str {
    text.split_once(at).map_or(text, |(before, _)| before)
}

fn after(text: &str, at: char) -> &str {
    text.split_once(at).map_or("", |(_, after)| after)
}

fn last(text: &str, at: char) -> (&str, &str) {
    text.rsplit_once(at).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests;
