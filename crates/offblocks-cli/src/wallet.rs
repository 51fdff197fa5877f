//! A customer's wallet, created for one walk and dropped after it.

use offblocks_cards::LocalWallet;

use crate::failure::Failure;

/// The chain that the guides use: zkSync Era's test network.
const CHAIN: &str = "eip155:300";

/// A new wallet, from random numbers of the operating system.
pub(crate) fn new() -> Result<LocalWallet, Failure> {
    let mut secret = [0; 32];
    aws_lc_rs::rand::fill(&mut secret)
        .map_err(|_| Failure::because("the operating system gave no random numbers"))?;
    let wallet = LocalWallet::new(&secret, CHAIN);
    wallet.map_err(|error| Failure::new("a wallet could not be created", error))
}
