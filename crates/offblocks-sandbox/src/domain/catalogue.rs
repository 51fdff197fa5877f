//! The chains and assets this sandbox knows. The token addresses are made up, one for each chain:
//! nothing here touches a real network.

use offblocks_types::{Asset, Blockchain, BlockchainAccountId, BlockchainAssetId, BlockchainId};

use crate::currency::{token_name, token_symbol};
use crate::failure::Failure;

/// A chain and the token that accounts on it hold.
struct Chain {
    id: &'static str,
    name: &'static str,
    /// The part of the CAIP-19 identifier after the slash.
    token: &'static str,
}

const CHAINS: &[Chain] = &[
    chain(
        "eip155:324",
        "zkSync Era",
        "erc20:0x0000000000000000000000000000000000000324",
    ),
    chain(
        "eip155:300",
        "zkSync Era Sepolia",
        "erc20:0x0000000000000000000000000000000000000300",
    ),
    chain(
        "eip155:42161",
        "Arbitrum One",
        "erc20:0x0000000000000000000000000000000000042161",
    ),
    chain(
        "eip155:421614",
        "Arbitrum Sepolia",
        "erc20:0x0000000000000000000000000000000000421614",
    ),
    chain(
        "eip155:137",
        "Polygon",
        "erc20:0x0000000000000000000000000000000000000137",
    ),
    chain(
        "eip155:80001",
        "Polygon Mumbai",
        "erc20:0x0000000000000000000000000000000000080001",
    ),
];

/// Where an EVM account lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EvmAccount {
    /// The chain's EIP-155 number.
    pub(crate) chain: u64,
    pub(crate) address: [u8; 20],
}

/// The supported chains.
pub(crate) fn chains() -> Vec<Blockchain> {
    CHAINS
        .iter()
        .map(|chain| Blockchain::new(chain.id(), chain.name))
        .collect()
}

/// The supported assets, of one chain or of all: tokens of this currency.
pub(crate) fn assets(chain: Option<&str>, currency: &str) -> Vec<Asset> {
    let wanted = |known: &&Chain| chain.is_none_or(|id| id == known.id);
    let chains = CHAINS.iter().filter(wanted);
    chains.map(|chain| chain.asset(currency)).collect()
}

/// The token that an account on this chain holds.
pub(crate) fn token(account: &BlockchainAccountId) -> Option<BlockchainAssetId> {
    CHAINS
        .iter()
        .find(|chain| is_on(account, chain))
        .map(Chain::token)
}

/// The EVM account of a CAIP-10 identifier.
///
/// # Errors
/// When it is on another chain than the supported ones, or its address is malformed.
pub(crate) fn evm_account(account: &BlockchainAccountId) -> Result<EvmAccount, Failure> {
    let known = CHAINS.iter().find(|chain| is_on(account, chain));
    let known = known.ok_or_else(|| unsupported(account))?;
    let number = known
        .id
        .strip_prefix("eip155:")
        .and_then(|number| number.parse().ok());
    match (number, crate::challenge::address(account.address())) {
        (Some(chain), Some(address)) => Ok(EvmAccount { chain, address }),
        _ => Err(Failure::invalid(format!(
            "{account} has no address of 0x and 40 hex digits"
        ))),
    }
}

const fn chain(id: &'static str, name: &'static str, token: &'static str) -> Chain {
    Chain { id, name, token }
}

fn is_on(account: &BlockchainAccountId, chain: &Chain) -> bool {
    account.chain().as_str() == chain.id
}

fn unsupported(account: &BlockchainAccountId) -> Failure {
    let known: Vec<_> = CHAINS.iter().map(|chain| chain.id).collect();
    Failure::invalid(format!(
        "{account} is on no supported chain: this sandbox knows {}",
        known.join(", ")
    ))
}

impl Chain {
    fn id(&self) -> BlockchainId {
        self.id
            .parse()
            .expect("the table above holds CAIP-2 identifiers")
    }

    fn token(&self) -> BlockchainAssetId {
        let text = format!("{}/{}", self.id, self.token);
        text.parse()
            .expect("the table above holds CAIP-19 identifiers")
    }

    fn asset(&self, currency: &str) -> Asset {
        let (name, symbol) = (token_name(currency), token_symbol(currency));
        Asset::new(self.token(), self.id(), name, symbol)
    }
}
