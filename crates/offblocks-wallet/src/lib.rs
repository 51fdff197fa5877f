#![doc = include_str!("../README.md")]

mod error;
mod wallet;

pub use error::WalletError;
pub use wallet::LocalWallet;
