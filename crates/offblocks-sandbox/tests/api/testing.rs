//! What the crate has for tests of others.

use std::time::Duration;

use offblocks_sandbox::testing::{self, TestSandbox};
use offblocks_sandbox::{Database, Sandbox, Settings, Surroundings};
use offblocks_types::{
    CreateCustomerRequest, CustomerStatus, Decimal, TransactionDirection, WebhookEvent, WebhookType,
};

#[tokio::test]
async fn a_customer_an_account_and_a_card_are_one_call() {
    for delay in [Duration::ZERO, Duration::from_secs(3)] {
        let builder = testing::builder().settings(|settings| settings.follow_up_delay = delay);
        let sandbox = builder.start().await;
        let customer = sandbox.active_customer().await;
        let account = sandbox.active_account_of(customer.id).await;
        let card = sandbox.active_card_on(account.id).await;
        assert_eq!(
            (customer.external_id.as_str(), card.account_id),
            ("test-customer-1", account.id)
        );
        let transaction = sandbox.paid(card.id, Decimal::from(20)).await;
        assert_eq!(transaction.direction, TransactionDirection::Debit);
        // Every one has a customer of its own, so they do not stand in each other's way.
        let others = [
            sandbox.active_card().await.id,
            sandbox.active_card().await.id,
        ];
        assert!(!others.contains(&card.id) && others[0] != others[1]);
        let listed = sandbox.client().get_customers().send().await.unwrap();
        assert!(listed.iter().all(|it| it.status == CustomerStatus::Active));
        assert_eq!(listed.len(), 3);
        sandbox.stop().await;
    }
}

#[tokio::test]
async fn two_sandboxes_share_nothing() {
    let (one, other) = (testing::start().await, testing::start().await);
    one.active_customer().await;
    assert_ne!(one.base_url(), other.base_url());
    let elsewhere = other.client().get_customers().send().await.unwrap();
    assert!(elsewhere.is_empty());
    one.advance(Duration::from_secs(60)).await;
    let (advanced, still) = (one.active_customer().await, other.active_customer().await);
    let apart = advanced.created_at - still.created_at;
    assert_eq!(apart.num_seconds(), 60);
    other.assert_called("createCustomer", 1);
}

#[tokio::test]
async fn signatures_are_checked_under_accounts_where_asked_for() {
    let builder = testing::builder().settings(|settings| settings.check_account_signatures = true);
    let sandbox = builder.start().await;
    sandbox.active_account().await;
}

#[tokio::test]
async fn calls_are_known_with_their_outcome() {
    let sandbox = testing::start().await;
    let wallet = sandbox.wallet(sandbox.active_customer().await.id);
    sandbox.forget_calls();
    let again = CreateCustomerRequest::new(wallet.owner(), "customer-1");
    let call = sandbox.client().create_customer(again);
    let (key, error) = (call.key().unwrap(), call.send().await.unwrap_err());
    assert!(error.is_conflict(), "{error}");
    let calls = sandbox.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].operation, Some("createCustomer"));
    assert_eq!(calls[0].path(), "/v1/customers");
    assert_eq!(calls[0].status, Some(409));
    assert_eq!(calls[0].idempotency_key, Some(key.to_string()));
    assert!(!calls[0].replayed);
}

#[tokio::test]
#[should_panic(
    expected = "createCard was called 0 times instead of 1; these are all calls:\n  getToken"
)]
async fn an_assertion_that_fails_lists_the_calls() {
    let sandbox = testing::start().await;
    sandbox.client().get_cards().send().await.unwrap();
    sandbox.assert_called("createCard", 1);
}

#[tokio::test]
async fn deliveries_are_received_and_verified() {
    let sandbox = testing::start().await;
    let types = [WebhookType::CustomerUpdated, WebhookType::CardUpdated];
    let inbox = sandbox.receive(&types).await;
    let card = sandbox.active_card().await;
    inbox.assert_received(WebhookType::CustomerUpdated, 4).await;
    inbox.assert_received(WebhookType::CardUpdated, 2).await;
    let received = inbox.received(6).await;
    sandbox.assert_signed(&received).await;
    let is_of_card = |event: WebhookEvent| match event {
        WebhookEvent::CardUpdate(update) => update.id == card.id,
        _ => false,
    };
    let events = received.iter().map(|received| received.event());
    assert_eq!(events.filter(|event| is_of_card(event.clone())).count(), 2);
}

#[tokio::test]
async fn a_seed_makes_the_same_identifiers_in_every_run() {
    assert_eq!(identifiers(7).await, identifiers(7).await);
    assert_ne!(identifiers(7).await, identifiers(8).await);
}

async fn identifiers(seed: u64) -> Vec<String> {
    let sandbox: TestSandbox = testing::builder().seed(seed).start().await;
    let card = sandbox.active_card().await;
    let transaction = sandbox.paid(card.id, Decimal::ONE).await;
    let customers = sandbox.client().get_customers().send().await.unwrap();
    let key = sandbox.client().get_webhook_verification_key().send();
    let key = key.await.unwrap();
    let identifiers = [
        format!("{:?}", customers.into_inner()),
        format!("{card:?}"),
        format!("{transaction:?}"),
        format!("{key:?}"),
        sandbox.calls().iter().fold(String::new(), |all, call| {
            let body = call.response_body.text().unwrap_or_default();
            format!("{all}{:?} {body}\n", call.request_id)
        }),
    ];
    sandbox.stop().await;
    identifiers.into()
}

/// Whoever starts many can let each be built in a task of its own.
#[tokio::test]
async fn a_sandbox_can_be_built_in_a_task() {
    let folder = tempfile::tempdir().unwrap();
    for database in [
        Database::Memory,
        Database::File(folder.path().join("sandbox.db")),
    ] {
        let mut settings = Settings::default();
        settings.database = database;
        let builder = Sandbox::builder(Surroundings::real()).settings(settings);
        let built = tokio::spawn(builder.build()).await.unwrap();
        built.unwrap().close().await;
    }
}
