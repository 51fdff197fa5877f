//! Follows cards by the webhooks that a sandbox of its own delivers twice and out of order, and waits until
//! an event or a poll shows that a card is active.
//!
//! `cargo run -p offblocks-cards --features wallet --example tracker_behind_webhooks`

#![expect(clippy::print_stdout, reason = "an example may print")]

use std::error::Error;
use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::{Router, routing::post};
use futures_util::stream;
use offblocks_cards::rules::CardState;
use offblocks_cards::{CardTracker, Cards, LocalWallet, Observation};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{
    DEFAULT_API_KEY, DEFAULT_API_SECRET, DeliveryModes, Sandbox, Settings, Surroundings,
};
use offblocks_types::{Address, Card, CardStatus, SaveWebhookRequest, WebhookEvent, WebhookType};
use offblocks_webhooks::{VerifiedEvent, WebhookVerifier};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedSender};

/// What the handler needs.
#[derive(Clone)]
struct App {
    verifier: WebhookVerifier,
    tracker: Arc<CardTracker>,
    /// For those who wait for an entity.
    events: UnboundedSender<WebhookEvent>,
}

/// Lets the extractor find the verifier.
impl FromRef<App> for WebhookVerifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

/// Every delivery comes here, once its signature is verified. The tracker does not need to remember events:
/// an event that comes twice or late changes nothing.
async fn receive(State(app): State<App>, event: VerifiedEvent) -> StatusCode {
    if let Some(Observation::Changed(change)) = app.tracker.observe_event(&event.event) {
        println!("the card {} is {} now", change.card_id, change.to);
    }
    // The example may have ended.
    let _ = app.events.send(event.event);
    StatusCode::OK
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let mut settings = Settings::default();
    settings.follow_up_delay = std::time::Duration::ZERO;
    let sandbox = Sandbox::builder(Surroundings::real()).settings(settings);
    let sandbox = sandbox.build().await?;
    let mut modes = DeliveryModes::default();
    modes.duplicate = true;
    modes.reorder = true;
    sandbox.set_delivery_modes(None, modes).await?;
    let running = sandbox.clone().start().await?;
    let client = client(running.base_url().as_str()).await?;

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let callback_url = format!("http://{}/hooks", listener.local_addr()?);
    let tracker = Arc::new(CardTracker::new());
    let (events, received) = mpsc::unbounded_channel();
    let app = App {
        verifier: WebhookVerifier::builder(&callback_url, client.clone()).build()?,
        tracker: Arc::clone(&tracker),
        events,
    };
    let router = Router::new().route("/hooks", post(receive)).with_state(app);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let subscription = SaveWebhookRequest::new(callback_url.as_str(), WebhookType::ALL.to_vec());
    client.save_webhook(subscription).await?;

    let cards = Cards::new(client);
    let wallet = LocalWallet::new(&[7; 32], "eip155:300")?;
    let onboarding = cards.onboard(&wallet, "customer-1");
    let customer = onboarding.simulate_verification().await?;
    let account = cards.open_account(customer.id, &wallet, "EUR").await?;
    let address = Address::new("4 Quay Lane", "Bristol", "GB", "BS1 4RN");
    let pending = cards.order(account.id, address).simulate().await?;

    let events = stream::unfold(received, async |mut received| {
        let event = received.recv().await?;
        Some((event, received))
    });
    let mut events = Box::pin(events);
    let wait = cards
        .wait_for::<Card>(pending.id())
        .until(CardState::Active);
    let card = wait.events(&mut events).await?;
    // A poll may have come first. What it shows is a sighting like any other.
    let _ = tracker.observe(&card);
    println!("the tracker knows {} card", tracker.len());
    if tracker.status(card.id) != Some(CardStatus::Active) {
        return Err("the tracker should know that the card is active".into());
    }
    serving.abort();
    running.stop().await?;
    Ok(())
}

/// A client with a new key, which the server knows.
async fn client(base_url: &str) -> Result<Client, Box<dyn Error>> {
    let key = SigningKey::generate()?;
    let key_id = KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c")?;
    let client = Client::builder()
        .base_url(base_url)
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
        .signing_key(key.clone(), key_id.clone())
        .build()?;
    client.register_signing_key(&key, &key_id).await?;
    Ok(client)
}
