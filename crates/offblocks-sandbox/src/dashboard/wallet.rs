//! Throw-away wallets for customers that are created on a page.

use aws_lc_rs::hmac;
use offblocks_wallet::{LocalWallet, WalletError};

use crate::domain::Work;
use crate::failure::Failure;
use crate::store::programme;

/// The chain that the guides use: zkSync's test chain.
const CHAIN: &str = "eip155:300";

/// The wallet of the customer of this external id. Its secret is derived from one of the database, so
/// that it need not be kept.
pub(super) async fn of(work: &mut Work<'_>, external_id: &str) -> Result<LocalWallet, Failure> {
    let secret = programme::token_key(work.conn).await?.secret;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    let text = format!("wallet of a page's customer\n{external_id}");
    let tag = hmac::sign(&key, text.as_bytes());
    let mut secret = [0; 32];
    secret.copy_from_slice(tag.as_ref());
    // A number beyond the curve's order is as likely as guessing a key.
    let wallet = LocalWallet::new(&secret, CHAIN);
    wallet.map_err(|_| Failure::invalid("this external id gives no wallet: choose another"))
}

impl From<WalletError> for Failure {
    fn from(error: WalletError) -> Self {
        Self::invalid(error.to_string())
    }
}
