//! A real sandbox, a network in front of it, and a client behind the network.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use offblocks_client::{Client, ClientBuilder, KeyId, RetryBudget, RetryPolicy, SigningKey};
use offblocks_sandbox::{
    DEFAULT_API_KEY, DEFAULT_API_SECRET, ManualClock, Sandbox, SandboxHandle, SeededRandom,
    Settings, Surroundings,
};
use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::{
    AccountId, AccountType, Address, CardType, CreateAccountCardRequest,
    CreateCustomerAccountRequest, CustomerId,
};
use uuid::Uuid;

use crate::network::{ATTEMPT, Network};
use crate::onboarding::onboard;
use crate::onboarding::wallet::Wallet;

/// The id under which the signing key is registered.
pub const KEY_ID: Uuid = Uuid::from_u128(0x86b5_9965);

/// The first line of every card's address.
pub const ADDRESS: &str = "18 Harbour Row";

/// How long the sandbox's automatic steps take by its clock: a card stays `issuing` until it is moved.
const FOLLOW_UP: Duration = Duration::from_secs(60);

/// A sandbox with an active customer.
pub struct Stage {
    /// A client without a network in between.
    pub client: Client,
    pub customer: CustomerId,
    pub account: AccountId,
    pub key: SigningKey,
    clock: ManualClock,
    sandbox: SandboxHandle,
}

impl Stage {
    pub async fn new() -> Self {
        let clock = ManualClock::new(DateTime::<Utc>::from_timestamp(1_795_340_781, 0).unwrap());
        let mut settings = Settings::default();
        settings.follow_up_delay = FOLLOW_UP;
        // The network uses a connection for each exchange.
        settings.limits.connections = 1000;
        let surroundings = Surroundings::new(clock.clone(), SeededRandom::new(1));
        let sandbox = Sandbox::builder(surroundings).settings(settings);
        let sandbox = sandbox.build().await.unwrap().start().await.unwrap();
        let key = SigningKey::generate().unwrap();
        let client = builder(sandbox.base_url().as_str(), &key, &clock);
        let client = client.build().unwrap();
        client.register_signing_key(&key, &key_id()).await.unwrap();
        let settle = || clock.advance(FOLLOW_UP);
        let (customer, account) = onboard(&client, settle).await.unwrap();
        Self {
            client,
            customer,
            account,
            key,
            clock,
            sandbox,
        }
    }

    /// Where the sandbox listens.
    pub fn server(&self) -> SocketAddr {
        self.sandbox.base_url().socket_addrs(|| None).unwrap()[0]
    }

    /// The builder of a client behind a network, with the same keys. It tries a call again so often
    /// that a network that loses one in five does not end it.
    pub fn builder(&self, network: &Network) -> ClientBuilder {
        builder(&network.url, &self.key, &self.clock)
            .timer(network.timer.clone())
            .timeout(ATTEMPT)
            .deadline(ATTEMPT * 2)
            .retry(RetryPolicy::default().with_attempts(1000))
            .retry_budget(RetryBudget::unlimited())
    }

    /// More active accounts of the customer.
    pub async fn accounts(&self, count: usize) -> Vec<AccountId> {
        let wallet = Wallet::new().unwrap();
        let mut accounts = vec![self.account];
        while accounts.len() < count {
            let order =
                CreateCustomerAccountRequest::new(AccountType::CardAccount, vec!["EUR".to_owned()]);
            let call = self.client.create_customer_account(self.customer, order);
            let account = call.await.unwrap();
            let signature = wallet.sign(&account.challenge).unwrap();
            let call = self.client.sign_account_challenge(account.id, signature);
            call.await.unwrap();
            accounts.push(account.id);
        }
        self.clock.advance(FOLLOW_UP);
        accounts
    }
}

fn builder(url: &str, key: &SigningKey, clock: &ManualClock) -> ClientBuilder {
    Client::builder()
        .base_url(url)
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
        .signing_key(key.clone(), key_id())
        .clock(Arc::new(clock.clone()))
}

pub fn key_id() -> KeyId {
    KeyId::new(KEY_ID.to_string()).unwrap()
}

/// The order of a card.
pub fn order() -> CreateAccountCardRequest {
    let address = Address::new(ADDRESS, "Bristol", "GB", "BS1 4RN");
    CreateAccountCardRequest::new(CardType::Virtual, address)
}
