#![doc = include_str!("../README.md")]
//!
//! # What it decided
//! Where the guides are silent, the sandbox does this:
//! - **One database is one programme**, and one sandbox at a time works on it. Credentials given at the start are for a new database; an
//!   existing one keeps its own. `PUT /auth/credentials` replaces both halves, `DELETE` is for
//!   good, and both void every token. Deleting a key or credentials that are not there is a 400.
//! - **A customer** is known by its external id and by its address: a second one with either is a
//!   409. Only EVM chains of `GET /chains` are supported, for the others there is no challenge.
//! - **Challenges** live for an hour. A wrong signer or signature voids the challenge; signing an
//!   older or expired one does not void the current one. `GET` of a customer's challenge repeats
//!   the one that waits; of an account's it always makes a fresh one, as the contract says. After
//!   signing it is a 400. Under an account's challenge the signature is not checked, as at
//!   OffBlocks today, unless [`Settings::check_account_signatures`] says so; the owner's id and
//!   the challenge always are.
//! - **An account** whose customer is no longer active when its challenge is signed goes to
//!   `failed`. Closing one terminates its cards and leaves a challenge for the owner's consent,
//!   which changes nothing more.
//! - **Deactivating** a customer puts its active accounts and cards to sleep, an account its
//!   active cards. Activating wakes exactly those again. What lies below something inactive cannot
//!   be activated by itself (409).
//! - **A card** without an active customer and account is made, and then fails to issue. One
//!   virtual card an account: a card that failed, was blocked or was terminated makes room. A
//!   shipping address on a virtual card is a 400.
//! - **An authorisation** in another currency than the account's needs a rate in
//!   [`Settings::exchange_rates`], otherwise it is a 400. Accounts have no balance.
//! - **A wrong state** is a 409 where the contract has one, elsewhere a 400.
//! - **Times** carry nanoseconds in the answer that creates something and microseconds later, as
//!   at OffBlocks; `updatedAt` grows with every change, even when the clock stands still. Members
//!   of an answer come in the contract's order, which JSON leaves open.
//!
//! Webhook operations answer 501.

mod api;
mod challenge;
mod clock;
mod domain;
mod failure;
mod idempotency;
mod money;
mod random;
mod sandbox;
mod secrets;
mod serve;
mod settings;
mod store;
mod tokens;
mod verification;
mod world;

pub use clock::{Clock, ManualClock, SystemClock};
pub use random::{Random, SeededRandom, SystemRandom};
pub use sandbox::{BuildError, Sandbox, SandboxBuilder, Surroundings};
pub use serve::{SandboxHandle, ServeError, start_local};
pub use settings::{
    Credentials, DEFAULT_API_KEY, DEFAULT_API_SECRET, Database, DatabaseError, Settings,
};
pub use store::StoreError;
