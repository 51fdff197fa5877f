//! A running sandbox, a client it knows, and time that passes only by waiting.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use offblocks_cards::{ActiveCard, Cards, LocalWallet, PendingCard, PollingPolicy, Timer};
use offblocks_client::{Client, ClientBuilder};
use offblocks_sandbox::{
    Clock as _, DEFAULT_API_KEY, DEFAULT_API_SECRET, ManualClock, Sandbox, SandboxHandle,
    SeededRandom, Settings, Surroundings,
};
use offblocks_signature::{KeyId, SigningKey};
use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;
use offblocks_types::{AccountId, Address, CardType, CreateAccountCardRequest, CustomerId};

/// How long the sandbox takes for automatic steps.
pub const FOLLOW_UP: Duration = Duration::from_secs(3);

pub struct Stage {
    pub client: Client,
    pub cards: Cards,
    pub customer: CustomerId,
    pub account: AccountId,
    pub wallet: LocalWallet,
    clock: ManualClock,
    key: SigningKey,
    sandbox: SandboxHandle,
}

impl Stage {
    /// A customer and an account, both active, and no card yet.
    pub async fn new() -> Self {
        Self::with_follow_up(FOLLOW_UP).await
    }

    /// The same, where automatic steps take this long.
    pub async fn with_follow_up(delay: Duration) -> Self {
        let clock = ManualClock::new(DateTime::<Utc>::from_timestamp(1_795_340_781, 0).unwrap());
        let sandbox = sandbox(clock.clone(), delay).await;
        let key = SigningKey::generate().unwrap();
        let client = client(&sandbox, key.clone(), clock.clone()).await;
        let timer = Arc::new(SandboxTimer(clock.clone()));
        let cards = Cards::with_timer(client.clone(), timer, PollingPolicy::default());
        let wallet = LocalWallet::new(&[7; 32], "eip155:300").unwrap();
        let onboarding = cards.onboard(&wallet, "customer-1");
        let customer = onboarding.simulate_verification().await.unwrap().id;
        let account = cards
            .open_account(customer, &wallet, "EUR")
            .await
            .unwrap()
            .id;
        Self {
            cards,
            client,
            customer,
            account,
            wallet,
            clock,
            key,
            sandbox,
        }
    }

    /// Where the sandbox listens, and its base URL.
    pub fn address(&self) -> offblocks_types::url::Url {
        self.sandbox.base_url().clone()
    }

    /// The builder of another client of the sandbox, with the same keys.
    pub fn builder(&self) -> ClientBuilder {
        builder(
            self.address().as_str(),
            self.key.clone(),
            self.clock.clone(),
        )
    }

    /// Lets the sandbox's time pass.
    pub fn advance(&self, duration: Duration) {
        self.clock.advance(duration);
    }

    /// A card that is being issued.
    pub async fn pending(&self) -> PendingCard {
        self.cards
            .issue(self.account, virtual_card())
            .await
            .unwrap()
    }

    pub async fn active(&self) -> ActiveCard {
        let pending = self.pending().await;
        pending.simulate_issue().await.unwrap();
        pending.wait_until_active().await.unwrap()
    }
}

pub fn virtual_card() -> CreateAccountCardRequest {
    let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
    CreateAccountCardRequest::new(CardType::Virtual, address)
}

/// The clock of the sandbox, moved by waiting.
#[derive(Debug)]
struct SandboxTimer(ManualClock);

impl Timer for SandboxTimer {
    fn elapsed(&self) -> Duration {
        let now = SystemTime::from(self.0.now());
        now.duration_since(SystemTime::UNIX_EPOCH).unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.advance(duration);
        Box::pin(std::future::ready(()))
    }
}

async fn sandbox(clock: ManualClock, delay: Duration) -> SandboxHandle {
    let mut settings = Settings::default();
    settings.follow_up_delay = delay;
    let surroundings = Surroundings::new(clock, SeededRandom::new(1));
    let sandbox = Sandbox::builder(surroundings)
        .settings(settings)
        .build()
        .await
        .unwrap();
    sandbox.start().await.unwrap()
}

/// The id under which the signing key is registered.
const KEY_ID: Uuid = Uuid::from_u128(0x86b5_9965);

fn builder(url: &str, key: SigningKey, clock: ManualClock) -> ClientBuilder {
    Client::builder()
        .base_url(url)
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
        .signing_key(key, KeyId::new(KEY_ID.to_string()).unwrap())
        .clock(clock)
        .on_drift(|drift| panic!("the sandbox left the contract: {drift:?}"))
}

async fn client(sandbox: &SandboxHandle, key: SigningKey, clock: ManualClock) -> Client {
    let client = builder(sandbox.base_url().as_str(), key.clone(), clock)
        .build()
        .unwrap();
    let id = KeyId::new(KEY_ID.to_string()).unwrap();
    client.register_signing_key(&key, &id).await.unwrap();
    client
}
