#![doc = include_str!("../README.md")]
//!
//! # What it decided
//! Where the guides say nothing, the sandbox does this:
//! - **One database is one programme**: an SQLite file, which one sandbox at a time uses, or a schema of
//!   PostgreSQL, which several can share. Credentials given at the start are for a new database. An existing
//!   database keeps its own. A secret has 8 to 512 characters and no control characters. Beyond loopback it
//!   must not be the example of the contract. `PUT /auth/credentials` replaces key and secret, `DELETE` is
//!   permanent, and both void every token. Deleting a key or credentials that do not exist is a 400.
//! - **A customer** is identified by its external id and by its address: a second customer with either is a
//!   409. Only the EVM chains of `GET /chains` are supported. For others there is no challenge.
//! - **Challenges** are valid for an hour. A wrong signer or signature voids the challenge. Signing an
//!   older or expired challenge does not void the current one. `GET` of a customer's challenge returns the
//!   challenge that waits. `GET` of an account's challenge always makes a new one, as the contract says.
//!   After signing, both are a 400. The signature of an account's challenge is not checked, as at
//!   OffBlocks today, unless [`Settings::check_account_signatures`] says so. The owner's id and the
//!   challenge are always checked. Signing again is a 409. An account that failed before its challenge was
//!   signed has nothing to sign: a 400.
//! - **An account** whose customer is no longer active when its challenge is signed goes to
//!   `failed`. Closing one terminates its cards and leaves a challenge for the owner's consent,
//!   which is signed once and changes nothing more.
//! - **Deactivating** a customer deactivates its active accounts and cards too. Deactivating an account
//!   deactivates its active cards. Activating it reactivates exactly those. An account of an inactive
//!   customer, or a card of an inactive account, cannot be activated (409).
//! - **A card** without an active customer and account is made, and then fails to issue. An account has
//!   at most one virtual card. A card that failed, was blocked or was terminated does not count. A shipping
//!   address on a virtual card is a 400.
//! - **An authorisation** in another currency than the account's needs a rate in
//!   [`Settings::exchange_rates`]. It is declined, a 400 that says why, for the state of the card,
//!   because the card has expired, for the state of its account or its customer, for the currency, or
//!   for the balance, in this order. Its amount has no more digits after the point than ISO 4217 gives
//!   its currency (two for EUR, none for JPY), like the amount of a merchant. The same holds for a refund. A
//!   converted amount is rounded to the smallest unit of the account's currency, half to even.
//! - **A card expires** with the end of the month of its `expirationDate`, by UTC and the sandbox's
//!   clock: it authorises nothing more. Its status stays the same. What it authorised before is still
//!   captured, released and refunded.
//! - **A balance**: each account has a ledger in its token. One token is worth one unit of the account's
//!   currency. The account is funded with [`Settings::initial_balance`] when it is deployed. An
//!   authorisation holds its amount and the fees as they are then, a capture settles them, and a
//!   release frees them. Tokens have at most six digits after the point, so that every sum is
//!   exact. `tokenAmount` is the amount and all fees: a network fee of [`Settings::network_fee`],
//!   and shares of the amount for service and partner, none by default. A fee of zero is left out.
//! - **A reversal** ([`Sandbox::reverse`]) gives all of a debit back, fees included; **a refund**
//!   ([`Sandbox::refund`]) is a credit of its own without fees, for all or a part of the debit.
//! - **Decisions of OffBlocks** beyond the simulator ([`Sandbox::suspend_card`] and the like) follow
//!   the same tables. Rejecting an active customer deactivates its accounts and cards. A suspended
//!   card of an inactive account cannot be reinstated (409). Physical cards can be ordered with
//!   [`Settings::physical_cards`]; nothing else about them differs.
//! - **A callback URL** has at most 8,000 characters, percent-encoding included. A delivery whose request
//!   cannot be made is an attempt that failed: it is tried again, and the log says why.
//! - **The clock** ([`Sandbox::set_clock`], [`Sandbox::advance_clock`]) never goes back, nor beyond the
//!   year 9000. A move stops at each instant at which a step or a delivery is due, until that is done and
//!   its receiver has responded. A receiver that did not respond to two attempts of a move has 50 ms for
//!   each further one, and 5 ms after forty of those. The database keeps the clock: a frozen clock keeps its time, and a running clock is
//!   ahead by as much as before. A move that is cut off, or stopped by setting the clock, leaves the clock
//!   in its previous mode, moved as far as it had come. Another call meanwhile happens at the instant at
//!   which the move has stopped. A leap second counts as the second after it.
//! - **Steps** happen after [`Settings::follow_up_delay`], or as [`Sandbox::set_progression`] says,
//!   which a file keeps too. A step that waits to be run ([`Sandbox::run_step`]) has no time. When its
//!   entity takes another way, a step leaves the list and can no longer be run.
//! - **Faults** ([`Sandbox::add_fault`]) are applied outside verification, idempotency and the commit. So
//!   the response without the fault is stored under an idempotency key. Their latencies are measured by the
//!   machine's clock. They are in force until they are removed: the database keeps them, and how often each
//!   was met. Where these counts decide (the nth call, a maximum number, a seed), they are exact among all
//!   processes. Other counts are up to a second old after a crash or in another process.
//! - **Several processes on one PostgreSQL** share the clock, faults, delivery modes and rules for
//!   steps. A change in one process reaches the others within milliseconds, or within five seconds where a
//!   notice was lost with its connection. One process at a time moves the clock. Until it is done, the
//!   others use the clock as it was before.
//! - **All data at once** ([`Sandbox::reset`], [`Sandbox::restore`]) leaves the clock, the rules of
//!   steps, faults and programmes as they are. What is due by the clock afterwards happens at once.
//!   Fixtures ([`Sandbox::seed`]) are made by the rules of the API, so an account of an inactive
//!   customer cannot be active. Each entity is made in the state that was asked for: a step that would
//!   follow within a second waits to be run ([`Sandbox::run_step`]), and others follow by their rules.
//!   Cards that are added in bulk ([`Sandbox::populate`]) cause no webhooks.
//! - **A programme** ([`Sandbox::create_programme`]) is a sandbox of its own at
//!   `/programmes/NAME/v1`, with a control plane and pages at `/programmes/NAME/_sandbox`.
//! - **Webhooks** go to this machine, and to the hosts in [`Settings::allow_webhook_hosts`]. An
//!   address is checked when it is subscribed, and a name when the connection is made. Redirects are not
//!   followed, and proxies are not used. URLs with a user name or password are a 400. A `PUT` with an
//!   unknown `id` is a 400 too, because the operation documents no 404.
//! - **An event** is written in the transaction that changes its entity, one for each change. It shows the
//!   entity as a read shows it from then on. An event without a subscription for its type is not kept.
//!   After a subscription is replaced, waiting deliveries go to the new URL, and the new types are for later
//!   events. Deleting a subscription discards its waiting deliveries.
//! - **A delivery** that is not acknowledged with a 2xx is tried again after about 1, 2 and 4
//!   seconds, then after 15 seconds, and each time after twice as long, up to an hour. Each pause is
//!   shortened at random by up to a half. After [`Settings::webhook_retry_window`], a day by the sandbox's
//!   clock, it is discarded. Many deliveries are under way at the same time, so they arrive in any order. A
//!   receiver that fails gets one at a time. A crash or restart may repeat a delivery but loses none.
//!   [`Sandbox::deliveries`] is the log, [`Sandbox::resend`] sends one again, and
//!   [`Sandbox::set_delivery_modes`] makes deliveries late, doubled or wrong to try a receiver with.
//! - **A wrong state** is a 409 where the contract has one, elsewhere a 400.
//! - **A database that cannot be used** at the moment (its disk is full, another program has locked it, its
//!   file was deleted or replaced, its server cannot be reached) makes a call a 507 or a 503 that says why.
//!   The contract does not document these. Nothing has happened then, and the same call with the same key
//!   works once the reason is removed. Reads continue where possible: they show what is there, and steps
//!   that are due wait.
//! - **Hosts**: a listener on loopback responds to requests for `localhost`, 127.0.0.0/8 and
//!   `[::1]`, and to others with a 421. Beyond loopback every IP address is accepted too, because no name
//!   server decides about those. [`Settings::allowed_hosts`] adds to both.
//! - **Strings** of external ids and addresses have up to 255 characters and no control characters. An
//!   address has a first line and a city that are not empty. Countries are the two capital letters of ISO
//!   3166-1. A wallet's address with letters of both cases must have the right checksum (EIP-55). Keys, ids
//!   and key ids are UUIDs in five groups of hexadecimal digits.
//! - **Time limits for clients** are in [`Limits`]. The problem of a rejected signature shows the
//!   signature base that the sandbox computed, on loopback or with [`Settings::explain`].
//! - **A replayed response** carries `Idempotency-Replayed: true`. Rejections before the handler (413, 415,
//!   a broken schema) are not stored: the corrected request may use the key.
//! - **Times** carry nanoseconds in the response that creates something and microseconds later, as
//!   at OffBlocks; `updatedAt` grows with every change, even when the clock stands still. Members
//!   of a response come in the contract's order, which JSON leaves open.

mod access;
mod admission;
mod api;
mod challenge;
mod clock;
mod clock_control;
mod control;
mod control_error;
mod countries;
mod currency;
mod dashboard;
mod data_control;
mod date;
mod decisions;
mod deliveries;
mod delivery_control;
mod diagnostics;
mod domain;
mod entities;
mod failure;
mod fault_control;
mod faults;
mod fixtures;
mod hex;
mod idempotency;
mod inputs;
mod key_id;
mod listening;
mod logged;
mod metrics;
mod money;
mod money_control;
mod outage;
mod progression;
mod quoted;
mod random;
mod request_log;
mod sandbox;
mod secrets;
mod seeded_key;
mod seeding_control;
mod serve;
mod settings;
mod settings_check;
mod snapshot;
mod store;
mod surroundings;
#[cfg(feature = "testing")]
pub mod testing;
mod ticker;
mod tokens;
mod under_way;
mod units;
mod upkeep;
mod verification;
mod webhooks;
mod world;

pub use clock::{Clock, ManualClock, Reached, SystemClock};
pub use clock_control::{ClockChange, ClockError, ClockMode, ClockReading};
pub use control_error::ControlError;
pub use deliveries::{
    Attempt, AttemptOutcome, Delivery, DeliveryId, DeliveryModes, DeliveryStatus, SignatureMode,
};
pub use delivery_control::ResendError;
pub use domain::step::{Step, StepRule, UnknownStep};
pub use faults::{AppliedFault, Fault, FaultId, FaultKind, FaultReport};
pub use fixtures::{
    AccountFixture, AuthorisationFixture, CardFixture, CustomerFixture, FixtureAction,
    FixtureError, FixtureStep, Fixtures, MOST_CARDS, WebhookFixture,
};
pub use money_control::Balance;
pub use offblocks_wallet::{LocalWallet, WalletError};
pub use progression::WaitingStep;
pub use random::{Random, SeededRandom, SystemRandom};
pub use request_log::{LoggedBody, LoggedHeaders, LoggedRequest};
pub use sandbox::{
    BuildError, NewProgramme, ProgrammeError, ProgrammeName, ProgrammeNameError, Sandbox,
    SandboxBuilder,
};
pub use secrets::SecretError;
pub use serve::{SandboxHandle, ServeError, start_local};
pub use settings::{
    Credentials, DEFAULT_API_KEY, DEFAULT_API_SECRET, Database, DatabaseError, HostName,
    HostNameError, Limits, PostgresSchema, Settings,
};
pub use settings_check::SettingsError;
pub use snapshot::SnapshotError;
pub use store::steps::StepId;
pub use store::{Outage, StoreError};
pub use surroundings::Surroundings;
pub use under_way::{Work, WorkKind};

use world::World;
