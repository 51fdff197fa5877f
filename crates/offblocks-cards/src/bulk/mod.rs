//! Issuing many cards, each exactly once.
//!
//! [`Cards::issue_many`](crate::Cards::issue_many) takes rows from a [`Journal`], orders a card for
//! each, and writes the outcome back. However often a job is interrupted and run again, each row ends with
//! one card or with a recorded failure:
//!
//! - **The idempotency key of a row is computed** from the job, the row's number and its round. A run
//!   that starts again sends the same key, and the server returns the card that exists.
//! - **The server deletes keys after an hour.** A row whose key may be older than
//!   [`BulkOptions::key_lifetime`] is looked up first: the account's cards are read. A card of the same
//!   order that was created since the job began, and that belongs to no other row, is the row's card.
//!   Where the account has none, a new round with a new key begins.
//! - **The journal records durably what may be sent, before it is sent.**
//!
//! A call that fails temporarily is repeated. A failure of the request is recorded. A failure that concerns
//! every row (credentials, a server that cannot be reached) stops the run, and its rows stay open.
//!
//! A job is kept in a file that one process works with ([`FileJournal`]), or in PostgreSQL, where any number
//! of workers on any number of machines share it (`PostgresJournal`, feature `bulk-postgres`).
//!
//! # What it cannot know
//! Another program may order a card of the same type and billing address for the same account while the job
//! is running. A row that has to be looked up cannot tell such a card from the job's own. Rows of one account
//! are worked on one after the other, so the rows of a job never take each other's cards.

mod accounts;
mod check;
mod control;
mod error;
mod file;
mod journal;
mod key;
mod matching;
mod options;
mod parts;
#[cfg(feature = "bulk-postgres")]
pub mod postgres;
mod progress;
mod row;
mod run;
mod work;

/// Why a row would fail.
pub use crate::order::OrderProblem as RowProblem;
pub use check::CheckedRow;
pub use control::BulkControl;
pub use error::BulkError;
pub use file::{FileJournal, FileJournalError, FileJournalOptions, Recovery, Results};
pub use journal::{Claim, Finished, History, Journal, JournalError, Next, Round};
pub use options::BulkOptions;
#[cfg(feature = "bulk-postgres")]
pub use postgres::{
    JobCommand, JobProgress, JobResult, PostgresJob, PostgresJournal, PostgresJournalError,
    PostgresJournalOptions,
};
pub use progress::{Progress, Summary};
pub use row::{CardRow, RowFailure, RowFailureKind, RowOutcome};
pub use run::BulkRun;
