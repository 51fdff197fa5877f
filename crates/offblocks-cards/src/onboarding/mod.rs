//! What comes before the first card: a customer that owns a wallet, and an account.
//!
//! ```no_run
//! # #[cfg(feature = "wallet")]
//! # async fn example(
//! #     cards: offblocks_cards::Cards,
//! #     wallet: offblocks_cards::LocalWallet,
//! # ) -> Result<(), Box<dyn std::error::Error>> {
//! let customer = cards.onboard(&wallet, "customer-1").simulate_verification().await?;
//! let account = cards.open_account(customer.id, &wallet, "EUR").await?;
//! # Ok(())
//! # }
//! ```

mod account;
mod customer;
mod error;
mod signer;

pub use account::AccountOpening;
pub use customer::Onboarding;
pub use error::OnboardingError;
pub use signer::WalletSigner;
