//! The settings of a sandbox.

mod database;
mod host;
mod limits;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use offblocks_types::CardNetwork;
use offblocks_types::support::Secret;
use rust_decimal::Decimal;
use uuid::Uuid;

pub use database::{Database, DatabaseError, PostgresSchema};
pub use host::{HostName, HostNameError};
pub use limits::Limits;

/// The `apiKey` that the contract's examples use, and the sandbox's default.
pub const DEFAULT_API_KEY: Uuid = Uuid::from_u128(0xb7a1f3c2_5e0d_4f6a_9c38_2d71e6408f15);

/// The `apiSecret` that the contract's examples use, and the sandbox's default. It is
/// public, so the sandbox does not listen to other machines with it.
pub const DEFAULT_API_SECRET: &str = "d46699a4467072a68221794ae0cc7ba6bf09505b";

/// The settings of a sandbox. The defaults are for a developer's machine and for tests.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Where the data is stored.
    pub database: Database,
    /// The most bytes the database may take, in steps of 4096; `None` for as many as its disk, or
    /// the 1 GiB that SQLite has for a database in memory. Writes that need more get a response
    /// with 507. PostgreSQL has its own limits.
    pub max_database_size: Option<u64>,
    /// The credentials a new database is given. An existing one keeps its own.
    pub credentials: Credentials,
    /// How long automatic steps (screening, deployment, issuing, capture, …) take.
    /// With zero they have happened by the next request.
    pub follow_up_delay: Duration,
    /// How long a bearer token is valid.
    pub token_lifetime: Duration,
    /// How long an ownership challenge can be signed.
    pub challenge_lifetime: Duration,
    /// How long an idempotency key is remembered.
    pub idempotency_lifetime: Duration,
    /// Whether the signature under an account's challenge is checked. OffBlocks' own sandbox does
    /// not check it today, so this sandbox does not check it unless this is set.
    pub check_account_signatures: bool,
    /// How long the sandbox waits for requests in flight when it stops.
    pub patience: Duration,
    /// Sizes and time limits for clients.
    pub limits: Limits,
    /// Hosts that requests may name, besides those that are always allowed: on a loopback listener
    /// `localhost` and the loopback addresses, beyond loopback every IP address too. Requests for
    /// other hosts are a 421, so that no foreign page can reach the sandbox by a name that leads to it
    /// (DNS rebinding).
    pub allowed_hosts: Vec<HostName>,
    /// Whether a rejected signature's problem shows the signature base that the sandbox computed.
    /// A listener on loopback always does.
    pub explain: bool,
    /// How many programmes there may be beside the sandbox's own data.
    pub max_programmes: usize,
    /// Whether signatures and digests are checked. Without that, a sandbox may only listen on loopback:
    /// every caller with a token is accepted.
    pub verify_signatures: bool,
    /// The token with which other machines may use the control plane below `/_sandbox`. Without it they
    /// may not. This machine needs no token.
    pub control_token: Option<Secret>,
    /// The authority that ownership challenges name.
    pub challenge_domain: String,
    /// The currency of accounts (ISO 4217).
    pub currency: String,
    /// For each merchant currency other than [`Settings::currency`], how much of the account's
    /// currency one unit is worth. A currency that is not listed is rejected.
    pub exchange_rates: BTreeMap<String, Decimal>,
    /// Whether physical cards can be ordered, which OffBlocks does not support at the moment.
    pub physical_cards: bool,
    /// The name on issued cards.
    pub cardholder: String,
    /// The network of issued cards.
    pub network: CardNetwork,
    /// The hosts that webhooks may be delivered to besides this machine: names or addresses. A
    /// name that is not listed has to lead to a loopback address.
    pub allow_webhook_hosts: BTreeSet<String>,
    /// How long a receiver may take to respond to a delivery.
    pub webhook_timeout: Duration,
    /// How long a delivery that is not acknowledged is retried, by the sandbox's clock.
    pub webhook_retry_window: Duration,
    /// How many finished deliveries the log keeps: this many that were acknowledged, and this many that
    /// were discarded.
    pub delivery_log: u32,
    /// How many requests the request log keeps; none with zero.
    pub request_log: usize,
    /// About how many bytes of memory the request log takes at most.
    pub request_log_bytes: usize,
    /// What an account gets when it is deployed, in its token. The default is 10^20, so that nothing is
    /// declined for the balance unless you set a lower value.
    pub initial_balance: Decimal,
    /// The network fee of each transaction, in tokens.
    pub network_fee: Decimal,
    /// The service fee of each transaction, as a share of its amount: 0.01 is one per cent. It is
    /// rounded to six digits after the point, half to even.
    pub service_fee_rate: Decimal,
    /// The partner fee of each transaction, as [`Settings::service_fee_rate`].
    pub partner_fee_rate: Decimal,
}

impl Default for Settings {
    fn default() -> Self {
        let hour = Duration::from_secs(60 * 60);
        Self {
            database: Database::Memory,
            max_database_size: None,
            credentials: Credentials::default(),
            follow_up_delay: Duration::from_millis(50),
            token_lifetime: hour,
            challenge_lifetime: hour,
            idempotency_lifetime: hour,
            check_account_signatures: false,
            patience: Duration::from_secs(5),
            limits: Limits::default(),
            allowed_hosts: Vec::new(),
            explain: false,
            max_programmes: 64,
            verify_signatures: true,
            control_token: None,
            challenge_domain: "api.sandbox.offblocks.xyz".to_owned(),
            currency: "EUR".to_owned(),
            exchange_rates: BTreeMap::new(),
            physical_cards: false,
            cardholder: "Test Cardholder".to_owned(),
            network: CardNetwork::Visa,
            allow_webhook_hosts: BTreeSet::new(),
            webhook_timeout: Duration::from_secs(10),
            webhook_retry_window: 24 * hour,
            delivery_log: 1_000,
            request_log: 1_000,
            request_log_bytes: 8 * 1024 * 1024,
            initial_balance: Decimal::from(10_u128.pow(20)),
            network_fee: Decimal::new(1, 2),
            service_fee_rate: Decimal::ZERO,
            partner_fee_rate: Decimal::ZERO,
        }
    }
}

/// An API key and its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The public half.
    pub api_key: Uuid,
    /// The secret half; never shown, and wiped from memory when dropped.
    pub api_secret: Secret,
}

impl Credentials {
    /// Credentials of these two halves.
    pub fn new(api_key: Uuid, api_secret: impl Into<Secret>) -> Self {
        Self {
            api_key,
            api_secret: api_secret.into(),
        }
    }
}

impl Default for Credentials {
    /// The contract's example credentials, which are public.
    fn default() -> Self {
        Self::new(DEFAULT_API_KEY, DEFAULT_API_SECRET)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", Settings::default());
        assert!(
            shown.contains("b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15"),
            "{shown}"
        );
        assert!(!shown.contains(DEFAULT_API_SECRET), "{shown}");
    }

    #[test]
    fn the_default_credentials_are_the_examples_of_the_contract() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/offblocks.yaml");
        let contract = std::fs::read_to_string(path).unwrap();
        for value in [DEFAULT_API_KEY.to_string(), DEFAULT_API_SECRET.to_owned()] {
            let fix = "change the constants above to the contract's examples of getToken";
            assert!(
                contract.contains(&value),
                "{value} is not an example of {path}: {fix}"
            );
        }
    }
}
