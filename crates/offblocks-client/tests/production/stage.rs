//! A real sandbox with an active customer and account, and the builder of clients that call it over
//! HTTP.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use offblocks_client::reqwest::{self, Response};
use offblocks_client::{ClientBuilder, RetryBudget, RetryPolicy, Timer, TokioTimer};
use offblocks_sandbox::testing::{self, TestSandbox};
use offblocks_types::{AccountId, Address, CardType, CreateAccountCardRequest, CustomerId};
use serde_json::{Value, json};

/// The first line of every card's address.
pub const ADDRESS: &str = "18 Harbour Row";

/// How long the sandbox's automatic steps take by its clock: a card stays `issuing` until it is moved.
const FOLLOW_UP: Duration = Duration::from_secs(60);

/// How long an attempt of the tests' clients may take. On a busy machine an attempt can take longer
/// without any fault, which is one more fault to the client.
pub const ATTEMPT: Duration = Duration::from_secs(2);

/// How long a call may take. No test waits so long.
const DEADLINE: Duration = Duration::from_secs(600);

/// A sandbox with an active customer.
pub struct Stage {
    pub sandbox: TestSandbox,
    pub customer: CustomerId,
    pub account: AccountId,
}

impl Stage {
    pub async fn new() -> Self {
        let sandbox = testing::builder().settings(|settings| {
            settings.follow_up_delay = FOLLOW_UP;
            // Faults leave connections behind, for some seconds.
            settings.limits.connections = 1000;
        });
        let sandbox = sandbox.start().await;
        let customer = sandbox.active_customer().await.id;
        let account = sandbox.active_account_of(customer).await.id;
        Self {
            sandbox,
            customer,
            account,
        }
    }

    /// The builder of a client that tries a call again so often that a server which fails one call in
    /// three does not end it.
    pub fn builder(&self) -> ClientBuilder {
        self.sandbox
            .client_builder()
            .timer(Arc::new(ShortPauses(TokioTimer::new())))
            .timeout(ATTEMPT)
            .deadline(DEADLINE)
            .retry(RetryPolicy::default().with_attempts(1000))
            .retry_budget(RetryBudget::unlimited())
    }

    /// More active accounts of the customer.
    pub async fn accounts(&self, count: usize) -> Vec<AccountId> {
        let mut accounts = vec![self.account];
        while accounts.len() < count {
            let account = self.sandbox.active_account_of(self.customer).await;
            accounts.push(account.id);
        }
        accounts
    }

    /// Lets calls of the API fail from now on, by the control plane over HTTP.
    pub async fn fail(&self, fault: &Value) {
        let http = self.control();
        let added = http.post(self.faults_url()).json(fault).send().await;
        let status = added.unwrap().status();
        assert_eq!(status, 201, "the control plane rejects {fault}");
    }

    /// Lets calls succeed again. Returns how often each fault was applied.
    pub async fn stop_failing(&self) -> Vec<(Value, u64)> {
        let read = |response: Response| response.json::<Vec<Value>>();
        let listed = self.control().get(self.faults_url()).send().await;
        let listed = read(listed.unwrap()).await.unwrap();
        let removed = self.control().delete(self.faults_url()).send().await;
        assert_eq!(removed.unwrap().status(), 204);
        let applied = |fault: &Value| (fault["fault"].clone(), fault["applied"].as_u64().unwrap());
        listed.iter().map(applied).collect()
    }

    fn faults_url(&self) -> reqwest::Url {
        self.sandbox.base_url().join("/_sandbox/faults").unwrap()
    }

    fn control(&self) -> reqwest::Client {
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        http.build().unwrap()
    }
}

/// A fault of this many calls in a hundred. The same calls fail in every run, as far as they come in
/// the same order.
pub fn share(kind: &str, percentage: u32, more: &Value) -> Value {
    let mut fault = json!({"kind": kind, "percentage": percentage, "seed": 7});
    let all = fault.as_object_mut().unwrap();
    all.extend(more.as_object().unwrap().clone());
    fault
}

/// The timer of the runtime, by which pauses between attempts are short. Timeouts and deadlines take
/// their time.
#[derive(Debug)]
struct ShortPauses(TokioTimer);

impl Timer for ShortPauses {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let short = Duration::from_millis(20);
        let is_pause = duration < ATTEMPT;
        self.0.sleep(if is_pause {
            duration.min(short)
        } else {
            duration
        })
    }
}

/// The order of a card.
pub fn order() -> CreateAccountCardRequest {
    let address = Address::new(ADDRESS, "Bristol", "GB", "BS1 4RN");
    CreateAccountCardRequest::new(CardType::Virtual, address)
}
