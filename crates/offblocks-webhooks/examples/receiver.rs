//! A receiver of webhooks in axum that handles each event once, in a transaction of its database.
//! It runs against a sandbox of its own, which delivers every event twice and out of order.
//!
//! `cargo run -p offblocks-webhooks --example receiver`

#![expect(clippy::print_stdout, reason = "an example may print")]

use std::error::Error;

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::post};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{
    DEFAULT_API_KEY, DEFAULT_API_SECRET, DeliveryModes, Sandbox, Surroundings,
};
use offblocks_types::{
    CreateCustomerRequest, CustomerUpdate, SaveWebhookRequest, WebhookEvent, WebhookType,
};
use offblocks_webhooks::{ReplayError, SqliteStore, VerifiedEvent, WebhookVerifier};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{Sqlite, Transaction};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// What the handler needs.
#[derive(Clone)]
struct App {
    verifier: WebhookVerifier,
    pool: SqlitePool,
    events: SqliteStore,
    /// Only so that the example knows when it can end.
    handled: mpsc::UnboundedSender<String>,
}

/// Lets the extractor find the verifier.
impl FromRef<App> for WebhookVerifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

/// Every delivery comes here, once its signature is verified.
async fn receive(State(app): State<App>, event: VerifiedEvent) -> Result<StatusCode, Failure> {
    let mut transaction = app.pool.begin().await?;
    let now = event.delivery.received_at;
    let mark = app.events.mark_done(&mut transaction, event.event_id, now);
    if mark.await?.is_duplicate() {
        // It was handled before: acknowledge it, so that it is not sent again.
        return Ok(StatusCode::OK);
    }
    match &event.event {
        WebhookEvent::CustomerUpdate(customer) => note(&mut transaction, customer).await?,
        // Types that are not of interest, or that are newer than this program.
        other => println!("nothing to do for {}", other.webhook_type()),
    }
    // The event is done if and only if this succeeds.
    transaction.commit().await?;
    // The example may have ended.
    let _ = app.handled.send(event.event_id.to_string());
    Ok(StatusCode::OK)
}

/// Notes the newest state of a customer. An older event that comes late changes nothing.
async fn note(
    transaction: &mut Transaction<'_, Sqlite>,
    customer: &CustomerUpdate,
) -> Result<(), sqlx::Error> {
    let statement = "INSERT INTO customers (id, name, status, updated_at, events) \
        VALUES ($1, $2, $3, $4, 1) ON CONFLICT (id) DO UPDATE SET events = events + 1, \
        status = CASE WHEN $4 > updated_at THEN $3 ELSE status END, \
        updated_at = max(updated_at, $4)";
    let query = sqlx::query(statement)
        .bind(customer.id.to_string())
        .bind(&customer.external_id)
        .bind(customer.status.as_str())
        .bind(customer.updated_at.timestamp_micros());
    query.execute(&mut **transaction).await?;
    Ok(())
}

/// The event is not handled: OffBlocks sends it again after any response but a 2xx.
struct Failure(Response);

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        println!("the database failed: {error}");
        Self(StatusCode::SERVICE_UNAVAILABLE.into_response())
    }
}

impl From<ReplayError> for Failure {
    fn from(error: ReplayError) -> Self {
        Self(error.into_response())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.0
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder(Surroundings::real()).build().await?;
    let mut modes = DeliveryModes::default();
    modes.duplicate = true;
    modes.reorder = true;
    sandbox.set_delivery_modes(None, modes).await?;
    let running = sandbox.clone().start().await?;
    let client = client(running.base_url().as_str()).await?;

    let folder = tempfile::tempdir()?;
    let options = SqliteConnectOptions::new().create_if_missing(true);
    let options = options.filename(folder.path().join("receiver.db"));
    let pool = SqlitePool::connect_with(options).await?;
    let table = "CREATE TABLE customers \
        (id TEXT PRIMARY KEY, name TEXT, status TEXT, updated_at BIGINT, events BIGINT)";
    sqlx::query(table).execute(&pool).await?;
    let events = SqliteStore::new(pool.clone());
    events.create_table().await?;

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let callback_url = format!("http://{}/hooks/offblocks", listener.local_addr()?);
    let (handled, mut done) = mpsc::unbounded_channel();
    let app = App {
        verifier: WebhookVerifier::builder(&callback_url, client.clone()).build()?,
        pool: pool.clone(),
        events,
        handled,
    };
    let router = Router::new()
        .route("/hooks/offblocks", post(receive))
        .with_state(app);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });

    let types = WebhookType::ALL.to_vec();
    let subscription = SaveWebhookRequest::new(callback_url.as_str(), types);
    client.save_webhook(subscription).await?;
    for number in 1..=4_u8 {
        let address = format!("eip155:300:0x{number:040x}").parse()?;
        let name = format!("customer-{number}");
        client
            .create_customer(CreateCustomerRequest::new(address, name))
            .await?;
    }
    for _ in 1..=4 {
        done.recv().await.ok_or("the receiver ended")?;
    }

    let rows = "SELECT name, status, events FROM customers ORDER BY name";
    let rows: Vec<(String, String, i64)> = sqlx::query_as(rows).fetch_all(&pool).await?;
    for (name, status, events) in &rows {
        println!("{name} is {status}, after {events} event");
    }
    if rows.len() != 4 || rows.iter().any(|(.., events)| *events != 1) {
        return Err("each customer should have had one event".into());
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
