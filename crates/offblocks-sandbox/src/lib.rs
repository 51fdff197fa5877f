#![doc = include_str!("../README.md")]
//!
//! # What it decided
//! Where the guides are silent, the sandbox does this:
//! - **One database is one programme**: an SQLite file, on which one sandbox at a time works, or a
//!   schema of PostgreSQL, which several can share. Credentials given at the start are for a new database; an
//!   existing one keeps its own. A secret has 8 to 512 characters and no control characters, and
//!   beyond loopback it is not the example of the contract. `PUT /auth/credentials` replaces both halves, `DELETE` is for
//!   good, and both void every token. Deleting a key or credentials that are not there is a 400.
//! - **A customer** is known by its external id and by its address: a second one with either is a
//!   409. Only EVM chains of `GET /chains` are supported, for the others there is no challenge.
//! - **Challenges** live for an hour. A wrong signer or signature voids the challenge; signing an
//!   older or expired one does not void the current one. `GET` of a customer's challenge repeats
//!   the one that waits; of an account's it always makes a fresh one, as the contract says. After
//!   signing it is a 400. Under an account's challenge the signature is not checked, as at
//!   OffBlocks today, unless [`Settings::check_account_signatures`] says so; the owner's id and
//!   the challenge always are.
//!   Signing again is a 409. An account that failed before it was signed has nothing to sign: a 400.
//! - **An account** whose customer is no longer active when its challenge is signed goes to
//!   `failed`. Closing one terminates its cards and leaves a challenge for the owner's consent,
//!   which is signed once and changes nothing more.
//! - **Deactivating** a customer deactivates its active accounts and cards too, an account its
//!   active cards. Activating it reactivates exactly those. What belongs to something inactive
//!   cannot be activated by itself (409).
//! - **A card** without an active customer and account is made, and then fails to issue. One
//!   virtual card an account: a card that failed, was blocked or was terminated makes room. A
//!   shipping address on a virtual card is a 400.
//! - **An authorisation** in another currency than the account's needs a rate in
//!   [`Settings::exchange_rates`]. It is declined, a 400 that says why, for the state of the card,
//!   because the card has expired, for the state of its account or its customer, for the currency, or
//!   for the balance, in this order. Its amount has no more digits after the point than ISO 4217 gives
//!   its currency (two for EUR, none for JPY), as that of a merchant; so has a refund. Where it is
//!   converted, it is rounded to the smallest unit of the account's currency, half to even.
//! - **A card expires** with the end of the month of its `expirationDate`, by UTC and the sandbox's
//!   clock: it authorises nothing more. Its status stays, and what it authorised before is still
//!   captured, released and refunded.
//! - **A balance**: each account has a ledger in its token, one of which is worth one unit of the
//!   account's currency. It is funded with [`Settings::initial_balance`] when it is deployed. An
//!   authorisation holds its amount and the fees as they are then, a capture settles them, a
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
//!   year 9000. On its way it stops at each instant at which a step or a delivery is due, until that
//!   is done, receivers included. A receiver that did not respond to two attempts of a move has 50 ms
//!   for each further one, and 5 ms after forty of those. The database keeps it: a frozen clock stands where it stood, a running one is ahead
//!   by as much as before. A move that is cut off, or stopped by setting the clock, leaves it in the mode
//!   it had, moved as far as it had come. What another call asks for meanwhile happens at the instant of
//!   the stop. A leap second that it is set to counts as the second after it.
//! - **Steps** happen after [`Settings::follow_up_delay`], or as [`Sandbox::set_progression`] says,
//!   which a file keeps too. One that waits to be run ([`Sandbox::run_step`]) has no time. A step leaves
//!   the list when what it waits for goes another way, so that it cannot be run any more.
//! - **Faults** ([`Sandbox::add_fault`]) go around verification, idempotency and the commit. What is
//!   kept under an idempotency key is the right response. Their latencies are of the machine's
//!   clock. They hold until they are removed: the database keeps them, and how often each was met.
//!   Where that decides (the nth call, so often at most, a seed), it is exact among all processes;
//!   other counts are up to a second old after a crash or in another process.
//! - **Several processes on one PostgreSQL** share the clock, faults, delivery modes and rules for
//!   steps. What one is told holds in the others within milliseconds; where a notice was lost with
//!   its connection, within five seconds. One at a time moves the clock: until it has arrived, the
//!   others go on by what they show.
//! - **All data at once** ([`Sandbox::reset`], [`Sandbox::restore`]) leaves the clock, the rules of
//!   steps, faults and programmes as they are. What is due by the clock afterwards happens at once.
//!   Fixtures ([`Sandbox::seed`]) are made by the rules of the API, so an account of an inactive
//!   customer cannot be active. What they make shows the state that was asked for: a step that would
//!   follow within a second waits to be run ([`Sandbox::run_step`]), others follow by their rules. No webhook tells of cards by the thousand ([`Sandbox::populate`]).
//! - **A programme** ([`Sandbox::create_programme`]) is a sandbox of its own at
//!   `/programmes/NAME/v1`, with a control plane and pages at `/programmes/NAME/_sandbox`.
//! - **Webhooks** go to this machine, and to the hosts in [`Settings::allow_webhook_hosts`]. An
//!   address is judged when it is subscribed, a name when it is connected to. Redirects and proxies
//!   are not followed. URLs with a user name or password are a 400, and so is a `PUT` with an
//!   unknown `id`, since the operation documents no 404.
//! - **An event** is written in the transaction that changes its entity, one for each change, and
//!   shows the entity as reading it does from then on. One that no subscription wants is not kept.
//!   Replacing a subscription sends what waits to the new URL; the new types are for later events.
//!   Deleting one discards what waits.
//! - **A delivery** that is not acknowledged with a 2xx is tried again after about 1, 2 and 4
//!   seconds, then after 15 seconds and ever twice as long, up to an hour, each pause shortened at
//!   random by up to a half. After [`Settings::webhook_retry_window`], a day by the sandbox's clock,
//!   it is discarded. Many are under way at once, so they arrive in any order; a receiver that
//!   fails is tried with one at a time. A crash or restart may repeat a delivery but loses none.
//!   [`Sandbox::deliveries`] is the log, [`Sandbox::resend`] sends one again, and
//!   [`Sandbox::set_delivery_modes`] makes deliveries late, doubled or wrong to try a receiver with.
//! - **A wrong state** is a 409 where the contract has one, elsewhere a 400.
//! - **A database that cannot be used** at the moment (its disk is full, another program has locked
//!   it, its file was deleted or replaced, its server is gone) makes a call a 507 or a 503 that says why, beyond what
//!   the contract documents. Nothing has happened then, and the same call with the same key works
//!   once the reason is gone. Reads go on where they can: what is due then waits, and they show
//!   what is there.
//! - **Hosts**: a listener on loopback responds to requests for `localhost`, 127.0.0.0/8 and
//!   `[::1]`, and to others with a 421. Beyond loopback every IP address is taken too, since no name
//!   server decides about those. [`Settings::allowed_hosts`] adds to both.
//! - **Texts** of external ids and addresses have up to 255 characters and no control characters,
//!   and an address has a first line and a city that are not empty;
//!   countries are the two capital letters of ISO 3166-1. An address of a wallet in letters of both cases has to carry
//!   its checksum (EIP-55). Keys, ids and key ids are UUIDs in five groups of hexadecimal digits.
//! - **Clients** are waited for as [`Limits`] says. A rejected signature's problem shows the
//!   signature base that the sandbox computed, on loopback or with [`Settings::explain`].
//! - **A replayed response** carries `Idempotency-Replayed: true`. Rejections that the handler never
//!   saw (413, 415, what breaks a schema) are not stored: the corrected request may use the key.
//! - **Times** carry nanoseconds in the response that creates something and microseconds later, as
//!   at OffBlocks; `updatedAt` grows with every change, even when the clock stands still. Members
//!   of a response come in the contract's order, which JSON leaves open.

mod access;
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
