//! Handles each event once, although it is delivered several times.

mod error;
mod handle;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;

pub use error::{HandleError, ReplayError};
pub use handle::{Handled, Inbox, InboxBuilder};
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use sql::{DEFAULT_CONSUMER, Mark};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use store::{Claim, Lease, ReplayStore};
