//! A sandbox for one test: started within the process, in memory and on a port of its own, with a
//! seed and a clock that the test moves.
//!
//! ```
//! use std::time::Duration;
//! use offblocks_sandbox::testing;
//! use offblocks_types::{CardStatus, WebhookType};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = testing::start().await;
//! let card = sandbox.active_card().await;
//!
//! // What the test is about: a holder freezes the card.
//! let inbox = sandbox.receive(&[WebhookType::CardUpdated]).await;
//! let frozen = sandbox.client().deactivate_card(card.id).send().await?;
//! assert_eq!(frozen.status, CardStatus::Inactive);
//!
//! sandbox.assert_called("deactivateCard", 1);
//! inbox.assert_received(WebhookType::CardUpdated, 1).await;
//!
//! // The token expires without waiting.
//! sandbox.advance(Duration::from_secs(2 * 60 * 60)).await;
//! sandbox.client().get_card(card.id).send().await?;
//! sandbox.assert_called("getToken", 2);
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What is the same in every run
//! With the same seed and the same calls, one after the other, every identifier, time and body is the
//! same. Only the port and the signatures differ, because ECDSA draws a new number for each signature.
//!
//! # Panics
//! Everything here is for tests, and panics where it cannot continue. The message says why.

// The page's code runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../../IN_TESTS.md")]
mod in_tests {}

mod inbox;
mod onboarding;
mod start;

pub use inbox::{Inbox, Received};
pub use offblocks_wallet::LocalWallet;
pub use start::{TestSandbox, TestSandboxBuilder};

/// Starts a sandbox with the defaults of [`TestSandboxBuilder`].
///
/// # Panics
/// When no port can be had.
pub async fn start() -> TestSandbox {
    builder().start().await
}

/// Builds a sandbox that differs from the defaults.
pub fn builder() -> TestSandboxBuilder {
    TestSandboxBuilder::default()
}
