//! Emptying a sandbox, writing it to a snapshot, and restoring one.

use std::collections::HashSet;
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use http::StatusCode;
use offblocks_client::Client;
use offblocks_sandbox::testing::{self, TestSandbox};
use offblocks_sandbox::{Database, Fixtures, SnapshotError, Step, StepRule};
use offblocks_types::{
    AccountStatus, CardStatus, Customer, CustomerStatus, Decimal, SimulateCardAuthorisationRequest,
    TransactionStatus, WebhookType,
};
use serde_json::json;

/// A sandbox in memory, or on a file.
async fn start(file: Option<&Path>) -> TestSandbox {
    seeded(1, file).await
}

async fn seeded(seed: u64, file: Option<&Path>) -> TestSandbox {
    let database = file.map_or(Database::Memory, |path| Database::File(path.to_owned()));
    let builder = testing::builder().seed(seed);
    let builder = builder.settings(|settings| settings.database = database);
    builder.start().await
}

/// Something in every table: a payment, one that holds, a delivery that failed, a waiting challenge.
async fn fill(sandbox: &TestSandbox) {
    let inbox = sandbox.receive(WebhookType::ALL).await;
    inbox.respond_with([StatusCode::BAD_GATEWAY]);
    let card = sandbox.active_card().await;
    sandbox.paid(card.id, Decimal::from(20)).await;
    inbox.received(3).await;
    let client = sandbox.client();
    let request = SimulateCardAuthorisationRequest::new(Decimal::ONE, "EUR", false);
    let held = client.simulate_card_authorisation(card.id, request);
    held.send().await.unwrap();
    // From here on nothing receives, so that the deliveries do not change any more.
    inbox.stop();
}

async fn snapshot(sandbox: &TestSandbox) -> String {
    let (bytes, rows) = sandbox.sandbox().snapshot(Vec::new()).await.unwrap();
    assert!(rows > 0);
    String::from_utf8(bytes).unwrap()
}

/// What callers see.
async fn seen(sandbox: &TestSandbox) -> String {
    seen_by(sandbox.client(), sandbox).await
}

async fn seen_by(client: &Client, sandbox: &TestSandbox) -> String {
    let customers = client.get_customers().send().await.unwrap().into_inner();
    let accounts = client.get_accounts().send().await.unwrap().into_inner();
    let cards = client.get_cards().send().await.unwrap().into_inner();
    let mut seen = format!("{customers:?}\n{accounts:?}\n{cards:?}\n");
    for card in cards {
        let listed = client.get_card_transactions(card.id).send().await.unwrap();
        let balance = sandbox.sandbox().balance(card.account_id).await.unwrap();
        seen += &format!("{:?}\n{balance:?}\n", listed.into_inner());
    }
    let webhooks = client.get_webhooks().send().await.unwrap().into_inner();
    seen + &format!("{webhooks:?}")
}

#[tokio::test]
async fn a_snapshot_is_restored_into_any_database_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    for from in [None, Some(file("from.db"))] {
        let from = start(from.as_deref()).await;
        fill(&from).await;
        let (written, seen_there) = (snapshot(&from).await, seen(&from).await);
        let into = format!("into-{}.db", from.base_url().port().unwrap());
        for into in [None, Some(file(&into))] {
            let into = seeded(2, into.as_deref()).await;
            into.active_card().await;
            let input = Cursor::new(written.clone().into_bytes());
            into.sandbox().restore(input).await.unwrap();
            // Keys were restored too: the one of before is not known any more.
            let (key, id) = from.signing_key();
            let client = into.client_builder().signing_key(key.clone(), id);
            let client = client.build().unwrap();
            assert_eq!(seen_by(&client, &into).await, seen_there);
            // It goes on as the one that was saved would.
            let card = client.get_cards().send().await.unwrap()[0].id;
            let request = SimulateCardAuthorisationRequest::new(Decimal::ONE, "EUR", true);
            let paid = client.simulate_card_authorisation(card, request).send();
            paid.await.unwrap();
            let listed = client.get_card_transactions(card).send().await.unwrap();
            assert_eq!(listed.len(), 2);
            into.stop().await;
        }
        from.stop().await;
    }
}

#[tokio::test]
async fn a_snapshot_of_what_was_restored_is_the_same_bytes() {
    let from = start(None).await;
    let card = from.active_card().await;
    from.paid(card.id, Decimal::from(20)).await;
    let written = snapshot(&from).await;
    let into = start(None).await;
    let rows = into
        .sandbox()
        .restore(Cursor::new(written.clone().into_bytes()));
    let rows = rows.await.unwrap();
    assert_eq!(snapshot(&into).await, written);
    let tables = written
        .lines()
        .filter(|line| line.starts_with("{\"table\""));
    let lines = written.lines().count();
    assert_eq!(rows, u64::try_from(lines - 2 - tables.count()).unwrap());
}

#[tokio::test]
async fn a_damaged_snapshot_changes_nothing() {
    let sandbox = start(None).await;
    sandbox.active_card().await;
    let (before, whole) = (seen(&sandbox).await, snapshot(&sandbox).await);
    let cut = &whole[..whole.len() / 2];
    let changed = whole.replace("test-customer-1", "test-customer-2");
    let foreign = "id,name\n1,Alice\n";
    for (text, place) in [
        (cut, "it was cut off"),
        (&changed, "its digest"),
        (foreign, "line 1:"),
    ] {
        let input = Cursor::new(text.to_owned().into_bytes());
        let error = sandbox.sandbox().restore(input).await.unwrap_err();
        assert!(!matches!(error, SnapshotError::Store(_)), "{error}");
        let error = error.to_string();
        assert!(
            error.starts_with("line ") && error.contains(place),
            "{error}"
        );
        assert_eq!(seen(&sandbox).await, before);
    }
}

#[tokio::test]
async fn a_reset_keeps_who_may_call_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for file in [None, Some(folder.path().join("sandbox.db"))] {
        let sandbox = start(file.as_deref()).await;
        fill(&sandbox).await;
        sandbox.forget_calls();
        sandbox.sandbox().reset().await.unwrap();
        let client = sandbox.client();
        assert!(client.get_customers().send().await.unwrap().is_empty());
        assert!(client.get_cards().send().await.unwrap().is_empty());
        assert!(client.get_webhooks().send().await.unwrap().is_empty());
        assert!(sandbox.sandbox().deliveries(10).await.unwrap().is_empty());
        // The token of before is good still.
        sandbox.assert_called("getToken", 0);
        // The same customer may come again, and is told of once.
        let inbox = sandbox.receive(&[WebhookType::CardUpdated]).await;
        sandbox.active_card().await;
        inbox.assert_received(WebhookType::CardUpdated, 2).await;
        sandbox.stop().await;
    }
}

fn fixtures(document: serde_json::Value) -> Fixtures {
    Fixtures::from_json(&document).unwrap()
}

#[tokio::test]
async fn fixtures_are_made_by_the_same_rules() {
    let sandbox = start(None).await;
    let inbox = sandbox.receive(&[WebhookType::CardUpdated]).await;
    let made = sandbox.sandbox().seed(fixtures(json!({"steps": [
        {"name": "alice", "customer": {"externalId": "alice"}},
        {"name": "current", "account": {"customer": "alice", "balance": "250.00"}},
        {"name": "card", "card": {"account": "current"}},
        {"name": "paid", "authorisation": {"card": "card", "amount": "20.00"}},
        {"authorisation": {"card": "card", "amount": "5.00", "status": "pending"}},
        {"authorisation": {"card": "card", "amount": "7.00", "status": "released"}},
        {"name": "bob", "customer": {"externalId": "bob", "status": "verifying"}},
    ]})));
    let made = made.await.unwrap();
    let client = sandbox.client();
    let card = client.get_card(made["card"].into()).send().await.unwrap();
    assert_eq!(card.status, CardStatus::Active);
    let transactions = client.get_card_transactions(card.id).send().await.unwrap();
    assert_eq!(transactions.len(), 1);
    assert_eq!(transactions[0].authorisation_id, Some(made["paid"].into()));
    assert_eq!(transactions[0].status, TransactionStatus::Processed);
    // 250 without what was paid and its fee, and without what is held and the fee in it.
    let balance = sandbox
        .sandbox()
        .balance(made["current"].into())
        .await
        .unwrap();
    assert_eq!(balance.available.to_string(), "224.98");
    assert_eq!(balance.held.to_string(), "5.01");
    let bob = client
        .get_customer(made["bob"].into())
        .send()
        .await
        .unwrap();
    assert_eq!(bob.status, CustomerStatus::Verifying);
    inbox.assert_received(WebhookType::CardUpdated, 2).await;
}

#[tokio::test]
async fn every_status_can_be_made() {
    let sandbox = start(None).await;
    let mut steps = Vec::new();
    for status in CustomerStatus::ALL {
        let fixture = json!({"externalId": format!("c-{status}"), "status": status});
        steps.push(json!({"name": format!("c-{status}"), "customer": fixture}));
    }
    for status in AccountStatus::ALL {
        let fixture = json!({"customer": "c-active", "status": status});
        steps.push(json!({"name": format!("a-{status}"), "account": fixture}));
    }
    for status in CardStatus::ALL {
        let account = format!("of-{status}");
        steps.push(json!({"name": account, "account": {"customer": "c-active"}}));
        let fixture = json!({"account": account, "status": status});
        steps.push(json!({"name": format!("card-{status}"), "card": fixture}));
    }
    // What goes on by itself stays where it is until it is run.
    let manual = sandbox
        .sandbox()
        .set_progression(Step::ALL, StepRule::Manual);
    manual.await.unwrap();
    let made = sandbox
        .sandbox()
        .seed(fixtures(json!({"steps": steps})))
        .await
        .unwrap();
    let client = sandbox.client();
    for status in CustomerStatus::ALL {
        let id = made[&format!("c-{status}")].into();
        assert_eq!(
            client.get_customer(id).send().await.unwrap().status,
            *status
        );
    }
    for status in AccountStatus::ALL {
        let id = made[&format!("a-{status}")].into();
        assert_eq!(client.get_account(id).send().await.unwrap().status, *status);
    }
    for status in CardStatus::ALL {
        let id = made[&format!("card-{status}")].into();
        assert_eq!(client.get_card(id).send().await.unwrap().status, *status);
    }
    assert_eq!(sandbox.sandbox().run_steps(None).await.unwrap(), 2);
    let screened = client.get_customer(made["c-screening"].into()).send().await;
    assert_eq!(screened.unwrap().status, CustomerStatus::Verifying);
    let deployed = client.get_account(made["a-pending"].into()).send().await;
    assert_eq!(deployed.unwrap().status, AccountStatus::Active);
}

/// As those do that are made through the API.
#[tokio::test]
async fn customers_and_accounts_of_fixtures_go_on_by_themselves() {
    let minute = Duration::from_secs(60);
    let builder = testing::builder().settings(|settings| settings.follow_up_delay = minute);
    let sandbox = builder.start().await;
    let steps = json!([
        {"name": "screened", "customer": {"externalId": "c-1", "status": "screening"}},
        {"name": "owner", "customer": {"externalId": "c-2"}},
        {"name": "deployed", "account": {"customer": "owner", "status": "pending"}},
    ]);
    let made = sandbox.sandbox().seed(fixtures(json!({"steps": steps})));
    let made = made.await.unwrap();
    let statuses = async || {
        let client = sandbox.client();
        let customer = client.get_customer(made["screened"].into()).send().await;
        let account = client.get_account(made["deployed"].into()).send().await;
        (
            customer.unwrap().into_inner().status,
            account.unwrap().into_inner().status,
        )
    };
    let begun = (CustomerStatus::Screening, AccountStatus::Pending);
    assert_eq!(statuses().await, begun);
    sandbox.advance(minute).await;
    let done = (CustomerStatus::Verifying, AccountStatus::Active);
    assert_eq!(statuses().await, done);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_step_that_cannot_be_made_undoes_those_before_it() {
    let sandbox = start(None).await;
    for (step, place, reason) in [
        (
            json!({"customer": {"externalId": "alice"}}),
            "/steps/3/customer",
            "has this external id",
        ),
        (
            json!({"card": {"account": "current"}}),
            "/steps/3/card",
            "terminate",
        ),
        (
            json!({"authorisation": {"card": "card", "amount": "1e3"}}),
            "/steps/3/authorisation/amount",
            "",
        ),
        (
            json!({"authorisation": {"card": "card", "amount": "1", "currency": "USD"}}),
            "/steps/3/authorisation",
            "declined for the currency",
        ),
        (
            json!({"account": {"customer": "alice", "balance": "-1"}}),
            "/steps/3/account",
            "zero or more",
        ),
    ] {
        let document = json!({"steps": [
            {"name": "alice", "customer": {"externalId": "alice"}},
            {"name": "current", "account": {"customer": "alice"}},
            {"name": "card", "card": {"account": "current"}},
            step,
        ]});
        let error = match Fixtures::from_json(&document) {
            Ok(fixtures) => sandbox.sandbox().seed(fixtures).await.unwrap_err(),
            Err(error) => error,
        };
        let error = error.to_string();
        assert!(
            error.starts_with(&format!("{place}: ")) && error.contains(reason),
            "{error}"
        );
        let customers = sandbox.client().get_customers().send().await.unwrap();
        assert!(customers.is_empty(), "{error}");
    }
}

#[tokio::test]
async fn many_cards_are_one_call() {
    let folder = tempfile::tempdir().unwrap();
    for file in [None, Some(folder.path().join("sandbox.db"))] {
        let sandbox = start(file.as_deref()).await;
        let own = sandbox.active_card().await;
        let mut told = Vec::new();
        let done = sandbox.sandbox().populate(5_100, |made| told.push(made));
        done.await.unwrap();
        assert_eq!(told, [1_000, 2_000, 3_000, 4_000, 5_000, 5_100]);
        let client = sandbox.client();
        // More than a page: the list is written as it is read, each card once and in order.
        let cards = client.get_cards().send().await.unwrap();
        assert!(cards.headers().get("content-length").is_none());
        assert_eq!(cards.len(), 5_101);
        let ids: HashSet<_> = cards.iter().map(|card| card.id).collect();
        assert_eq!((ids.len(), cards[0].id), (5_101, own.id));
        let customers = client.get_customers().send().await.unwrap();
        let numbered = |it: &Customer| it.external_id.starts_with("holder-5101-");
        assert!(
            customers.last().is_some_and(numbered),
            "{:?}",
            customers.last()
        );
        assert_eq!(client.get_accounts().send().await.unwrap().len(), 5_101);
        let active = cards
            .iter()
            .filter(|card| card.status == CardStatus::Active);
        assert_eq!(active.count(), 4_591);
        // They are as good as any other.
        let one = cards
            .iter()
            .find(|card| card.id != own.id && card.masked_pan.is_some());
        sandbox.paid(one.unwrap().id, Decimal::from(2)).await;
        sandbox.stop().await;
    }
}

/// Pages end where a list does: with a page that is full, one that is not, and an empty one.
#[tokio::test]
async fn a_list_is_whole_at_the_ends_of_its_pages() {
    let sandbox = start(None).await;
    let client = sandbox.client();
    for (added, expected) in [(0, 0), (499, 499), (1, 500), (1, 501), (499, 1_000)] {
        sandbox.sandbox().populate(added, |_| ()).await.unwrap();
        let cards = client.get_cards().send().await.unwrap();
        assert_eq!(cards.len(), expected);
        let length = cards.headers().get("content-length");
        assert_eq!(length.is_some(), expected < 500, "{expected}");
    }
}

#[tokio::test]
async fn signatures_are_not_checked_where_that_is_asked_for() {
    let builder = testing::builder().settings(|settings| settings.verify_signatures = false);
    let sandbox = builder.start().await;
    let card = sandbox.active_card().await;
    let url = format!("{}/cards/{}", sandbox.base_url(), card.id);
    let plain = reqwest::Client::new();
    let token = json!({
        "apiKey": offblocks_sandbox::DEFAULT_API_KEY, "apiSecret": offblocks_sandbox::DEFAULT_API_SECRET,
    });
    let asked = plain
        .post(format!("{}/auth/token", sandbox.base_url()))
        .json(&token);
    let token: serde_json::Value = asked.send().await.unwrap().json().await.unwrap();
    let with = plain
        .get(&url)
        .bearer_auth(token["token"].as_str().unwrap());
    assert_eq!(with.send().await.unwrap().status(), 200);
    // Tokens are checked all the same.
    assert_eq!(plain.get(&url).send().await.unwrap().status(), 401);
    let calls = sandbox.calls();
    let unsigned = calls
        .iter()
        .rev()
        .find(|call| call.status == Some(200))
        .unwrap();
    assert_eq!(
        unsigned.checks.signature,
        offblocks_server::Verdict::NotNeeded
    );
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let error = sandbox
        .sandbox()
        .check_address(everywhere)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("--no-verify"), "{error}");
}
