//! Deliveries of a real sandbox, over HTTP, to a receiver made with the extractor.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{
    DEFAULT_API_KEY, DEFAULT_API_SECRET, Delivery, DeliveryModes, DeliveryStatus, ManualClock,
    Sandbox, SandboxHandle, SeededRandom, Settings, SignatureMode, Surroundings,
};
use offblocks_types::uuid::Uuid;
use offblocks_types::{CreateCustomerRequest, SaveWebhookRequest, WebhookEvent, WebhookType};
use offblocks_webhooks::{SqliteStore, VerifiedEvent, WebhookVerifier};
use sqlx::SqlitePool;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::common::SqliteFile;

struct Stage {
    sandbox: Sandbox,
    handle: SandboxHandle,
    clock: ManualClock,
    client: Client,
    file: SqliteFile,
    serving: JoinHandle<()>,
}

#[derive(Clone)]
struct App {
    verifier: WebhookVerifier,
    pool: SqlitePool,
    events: SqliteStore,
    fails: Arc<std::sync::atomic::AtomicUsize>,
}

impl FromRef<App> for WebhookVerifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

type Failure = (StatusCode, Json<String>);

fn failure(error: impl std::error::Error) -> Failure {
    (StatusCode::SERVICE_UNAVAILABLE, Json(error.to_string()))
}

/// Notes the event in the transaction that marks it. It fails half-way as often as it is told to.
async fn receive(State(app): State<App>, event: VerifiedEvent) -> Result<StatusCode, Failure> {
    let mut transaction = app.pool.begin().await.map_err(failure)?;
    let now = event.delivery.received_at;
    let mark = app.events.mark_done(&mut transaction, event.event_id, now);
    if mark.await.map_err(failure)?.is_duplicate() {
        return Ok(StatusCode::OK);
    }
    let name = match &event.event {
        WebhookEvent::CustomerUpdate(customer) => customer.external_id.clone(),
        WebhookEvent::Unknown(unknown) => unknown.webhook_type.clone(),
        other => other.webhook_type().to_string(),
    };
    let insert = sqlx::query("INSERT INTO handled (event_id, name) VALUES ($1, $2)");
    let insert = insert.bind(event.event_id.to_string()).bind(name);
    insert.execute(&mut *transaction).await.map_err(failure)?;
    let order = std::sync::atomic::Ordering::SeqCst;
    let fewer = |left: usize| left.checked_sub(1);
    if app.fails.fetch_update(order, order, fewer).is_ok() {
        return Err(failure(std::io::Error::other("half-way")));
    }
    transaction.commit().await.map_err(failure)?;
    Ok(StatusCode::OK)
}

impl Stage {
    async fn new(fails: usize) -> Self {
        let clock = ManualClock::new(SystemTime::UNIX_EPOCH.into());
        clock.advance(Duration::from_secs(1_767_323_045));
        let surroundings = Surroundings::new(clock.clone(), SeededRandom::new(7));
        let sandbox = Sandbox::builder(surroundings).settings(Settings::default());
        let sandbox = sandbox.build().await.unwrap();
        let handle = sandbox.clone().start().await.unwrap();
        let (key, key_id) = (SigningKey::generate().unwrap(), Uuid::from_u128(7));
        let client = Client::builder()
            .base_url(handle.base_url().as_str())
            .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
            .signing_key(key.clone(), KeyId::new(key_id.to_string()).unwrap())
            .clock(clock.clone())
            .build()
            .unwrap();
        let key_id = KeyId::new(key_id.to_string()).unwrap();
        client.register_signing_key(&key, &key_id).await.unwrap();

        let file = SqliteFile::new().await;
        let table = "CREATE TABLE handled (event_id TEXT, name TEXT)";
        sqlx::query(table).execute(&file.pool).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let verifier = WebhookVerifier::builder(&url, client.clone()).clock(clock.clone());
        let app = App {
            verifier: verifier.build().unwrap(),
            pool: file.pool.clone(),
            events: file.store().await,
            fails: Arc::new(fails.into()),
        };
        let router = Router::new().route("/hooks", post(receive)).with_state(app);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let types = vec![WebhookType::CustomerUpdated];
        let request = SaveWebhookRequest::new(url.as_str(), types);
        client.save_webhook(request).await.unwrap();
        Self {
            sandbox,
            handle,
            clock,
            client,
            file,
            serving,
        }
    }

    async fn mode(&self, change: impl FnOnce(&mut DeliveryModes)) {
        let mut modes = DeliveryModes::default();
        change(&mut modes);
        let set = self.sandbox.set_delivery_modes(None, modes).await;
        set.unwrap();
    }

    /// Each new customer is one event.
    async fn make_customers(&self, numbers: std::ops::Range<u32>) {
        for number in numbers {
            let address = format!("eip155:300:0x{:040x}", number + 1);
            let name = format!("customer-{number}");
            let request = CreateCustomerRequest::new(address.parse().unwrap(), name);
            self.client.create_customer(request).await.unwrap();
        }
    }

    /// The deliveries, once they are as expected.
    async fn deliveries_once(&self, expected: impl Fn(&[Delivery]) -> bool) -> Vec<Delivery> {
        let waiting = async {
            loop {
                let deliveries = self.sandbox.deliveries(1_000).await.unwrap();
                if expected(&deliveries) {
                    return deliveries;
                }
                tokio::task::yield_now().await;
            }
        };
        match tokio::time::timeout(Duration::from_secs(30), waiting).await {
            Ok(deliveries) => deliveries,
            Err(_) => panic!("{:#?}", self.sandbox.deliveries(1_000).await.unwrap()),
        }
    }

    /// Lets the sandbox's time pass until everything is delivered.
    async fn all_delivered(&self, number: usize) {
        self.deliveries_once(|deliveries| {
            self.clock.advance(Duration::from_millis(20));
            let delivered = |it: &&Delivery| it.status == DeliveryStatus::Delivered;
            deliveries.iter().filter(delivered).count() == number
        })
        .await;
    }

    /// How often each name was noted.
    async fn handled(&self) -> BTreeMap<String, i64> {
        let counts = "SELECT name, count(*) FROM handled GROUP BY name";
        let query = sqlx::query_as::<_, (String, i64)>(counts);
        query
            .fetch_all(&self.file.pool)
            .await
            .unwrap()
            .into_iter()
            .collect()
    }

    async fn assert_each_once(&self, number: usize) {
        let handled = self.handled().await;
        assert_eq!(handled.len(), number, "{handled:?}");
        assert!(handled.values().all(|count| *count == 1), "{handled:?}");
    }

    async fn stop(self) {
        self.serving.abort();
        self.handle.stop().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doubled_and_reordered_events_are_handled_once() {
    let stage = Stage::new(0).await;
    let mode = stage.mode(|modes| {
        modes.duplicate = true;
        modes.reorder = true;
    });
    mode.await;
    stage.make_customers(0..20).await;
    stage.all_delivered(20).await;
    let deliveries = stage.sandbox.deliveries(100).await.unwrap();
    let attempts: usize = deliveries.iter().map(|it| it.attempts.len()).sum();
    assert!(attempts >= 40, "{attempts}");
    stage.assert_each_once(20).await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_that_fail_half_way_run_again_and_only_those() {
    let stage = Stage::new(7).await;
    stage.make_customers(0..10).await;
    stage.all_delivered(10).await;
    stage.assert_each_once(10).await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_and_stale_deliveries_are_rejected_and_good_ones_follow() {
    let stage = Stage::new(0).await;
    let modes = [
        SignatureMode::Bad,
        SignatureMode::Stale,
        SignatureMode::AnotherKey,
    ];
    for (number, mode) in (0..).zip(modes) {
        stage.mode(|modes| modes.signature = mode).await;
        stage.make_customers(number..number + 1).await;
        let tried = stage.deliveries_once(|deliveries| {
            deliveries
                .last()
                .is_some_and(|last| !last.attempts.is_empty())
        });
        let last = tried.await.pop().unwrap();
        let offblocks_sandbox::AttemptOutcome::Response { status, excerpt } =
            &last.attempts[0].outcome
        else {
            panic!("{last:#?}")
        };
        assert_eq!(*status, 401, "{mode:?}: {excerpt}");
        assert!(stage.handled().await.len() == number as usize, "{mode:?}");
        stage.mode(|_| ()).await;
        stage.sandbox.resend_failed().await.unwrap();
        stage.all_delivered(number as usize + 1).await;
    }
    stage.assert_each_once(3).await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_types_are_acknowledged_and_resent_events_are_duplicates() {
    let stage = Stage::new(0).await;
    stage.mode(|modes| modes.unknown_type = true).await;
    stage.make_customers(0..1).await;
    stage.all_delivered(1).await;
    let handled = stage.handled().await;
    assert_eq!(handled, BTreeMap::from([("sandbox.unknown".to_owned(), 1)]));
    let delivery = stage.sandbox.deliveries(1).await.unwrap().remove(0);
    for attempts in 2..4 {
        stage.sandbox.resend(delivery.id).await.unwrap();
        stage
            .deliveries_once(|all| all[0].attempts.len() == attempts)
            .await;
    }
    stage.assert_each_once(1).await;
    stage.stop().await;
}
