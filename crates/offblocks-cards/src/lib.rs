//! The card lifecycle on top of the OffBlocks API.
//!
//! [`rules`] holds the lifecycle itself as data, and needs neither HTTP nor an async runtime: it is all that remains
//! when the default feature `client` is switched off. The rest is `Cards`: it orders cards,
//! waits until they are active, and returns handles that know their state. A move that the lifecycle
//! forbids does not compile, or is rejected before anything is sent.
//!
//! ```no_run
//! # #[cfg(feature = "client")]
//! # async fn example(client: offblocks_client::Client, account: offblocks_types::AccountId)
//! # -> Result<(), Box<dyn std::error::Error>> {
//! use offblocks_cards::Cards;
//! use offblocks_types::{Address, CardType, CreateAccountCardRequest};
//!
//! let cards = Cards::new(client);
//! let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
//! let order = CreateAccountCardRequest::new(CardType::Virtual, address);
//!
//! let pending = cards.issue(account, order).await?;
//! pending.simulate_issue().await?; // only in a sandbox: elsewhere OffBlocks decides
//! let card = pending.wait_until_active().await?;
//!
//! let card = card.deactivate().await?; // an inactive card, which has no `deactivate`
//! let card = card.activate().await?;
//! let card = card.terminate().await?; // a terminated card, which has no moves at all
//! assert!(card.transactions().await?.is_empty());
//! # Ok(())
//! # }
//! ```

pub mod rules;

#[cfg(feature = "client")]
mod authorisation;
#[cfg(feature = "client")]
mod cards;
#[cfg(feature = "client")]
mod connection;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod handle;
#[cfg(feature = "client")]
mod polling;
#[cfg(feature = "client")]
mod simulator;

#[cfg(feature = "client")]
pub use self::{
    authorisation::CardAuthorisation,
    cards::Cards,
    error::{AuthoriseError, CaptureError, MoveFailure, OrderError, RejectedBy, RejectedMove},
    handle::{
        ActiveCard, AnyCard, BlockedCard, CardHandle, FailedCard, InactiveCard, IssuanceError,
        MoveError, PendingCard, SuspendedCard, TerminatedCard, UnknownCard, stage,
    },
    polling::PollingPolicy,
};
#[cfg(feature = "client")]
pub use offblocks_client::{Timer, TokioTimer};
