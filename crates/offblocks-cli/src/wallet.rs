//! A customer's wallet, created for one walk and dropped after it.

use offblocks_cards::LocalWallet;

use crate::failure::Failure;
use crate::system::random_bytes;

/// The chain that the guides use: zkSync Era's test network.
const CHAIN: &str = "eip155:300";

/// A new wallet, from random numbers of the operating system.
pub(crate) fn new() -> Result<LocalWallet, Failure> {
    let wallet = LocalWallet::new(&random_bytes()?, CHAIN);
    wallet.map_err(|error| Failure::new("a wallet could not be created", error))
}
