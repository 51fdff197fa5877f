#![doc = include_str!("../README.md")]

mod delivery;
mod error;
mod event;
#[cfg(feature = "axum")]
mod extractor;
mod inbox;
mod keys;
#[cfg(feature = "tower")]
mod layer;
mod response;
mod system;
#[cfg(feature = "testing")]
pub mod testing;
mod timer;
mod verifier;

pub use delivery::VerifiedDelivery;
pub use error::WebhookError;
pub use event::{FromWebhookEvent, VerifiedEvent};
#[cfg(feature = "postgres")]
pub use inbox::PostgresStore;
#[cfg(feature = "sqlite")]
pub use inbox::SqliteStore;
pub use inbox::{
    Claim, HandleError, Handled, Inbox, InboxBuilder, Lease, MemoryStore, ReplayError, ReplayStore,
};
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use inbox::{DEFAULT_CONSUMER, Mark};
pub use keys::{KeyFetchError, KeyPolicy, KeySource, KeysFuture, PublishedKey};
#[cfg(feature = "tower")]
pub use layer::{VerifyLayer, VerifyService};
pub use offblocks_signature::{Clock, KeyId, VerifyError, VerifyingKey};
pub use timer::Timer;
pub use verifier::{
    CallbackUrlError, DEFAULT_BODY_LIMIT, DEFAULT_CREATED_WINDOW, WebhookVerifier,
    WebhookVerifierBuilder,
};
