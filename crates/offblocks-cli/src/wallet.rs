//! A customer's wallet, created for one walk and dropped after it.

use offblocks_sandbox::{Wallet, WalletError};

use crate::failure::Failure;

/// A new wallet, from random numbers of the operating system.
pub(crate) fn new() -> Result<Wallet, Failure> {
    let mut secret = [0; 32];
    aws_lc_rs::rand::fill(&mut secret)
        .map_err(|_| Failure::because("the operating system gave no random numbers"))?;
    let wallet = Wallet::from_secret(&secret);
    wallet.map_err(|error: WalletError| Failure::new("a wallet could not be created", error))
}
