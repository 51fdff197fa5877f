//! The values of the OffBlocks API, shared by client and server.
//!
//! The types of the contract are generated; what a contract cannot say stands beside them, written
//! by hand: identifiers on blockchains ([`BlockchainAccountId`] and the like), exact arithmetic on
//! [`Decimal`], what a status says ([`CardStatus::is_active`]), and what every webhook event has.
//!
//! What is promised of a value:
//!
//! - **Nothing is lost between reading and writing.** Timestamps keep their nanoseconds, amounts
//!   their digits, and a value of an enum that this version does not know stays what it was.
//!   Only properties the contract does not list are dropped.
//! - **Values compare as they mean.** "20" and "20.0" are equal amounts; timestamps are equal
//!   whatever offset they were written with.
//! - **Secrets are not printed.** [`Secret`] hides itself from `Debug` and is wiped on drop.
//! - **Ranges are not checked here.** The server checks `minLength`, `pattern` and bounds:
//!   it validates bodies by the contract's schema before they become values.
//!
//! ```
//! use offblocks_types::{CardStatus, Decimal};
//!
//! let status: CardStatus = serde_json::from_str("\"frozen\"")?;
//! assert_eq!(status, CardStatus::Unknown("frozen".to_owned()));
//! assert_eq!(serde_json::to_string(&status)?, "\"frozen\"");
//!
//! let amount: Decimal = serde_json::from_str("\"20.0\"")?;
//! assert_eq!(amount, Decimal::from(20));
//! assert_eq!(amount.to_string(), "20.0");
//! # Ok::<(), serde_json::Error>(())
//! ```

mod caip;
#[rustfmt::skip]
mod generated;
mod money;
mod status;
mod webhook_event;

#[cfg(test)]
#[path = "generated/schema_checks.rs"]
#[rustfmt::skip]
mod schema_checks;
#[cfg(test)]
mod schema_agreement;

pub use caip::{
    BlockchainAccountId, BlockchainAssetId, BlockchainId, BlockchainTransactionId, CaipError,
};
pub use generated::support::{Base64, Base64Error, DecimalError, Secret, UnknownValue};
pub use generated::*;
pub use {chrono, url, uuid};
