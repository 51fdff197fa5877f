//! What the guides warn of, and what they leave open.

use std::time::Duration;

use crate::common::{LocalWallet, Stage, card, signed, text};
use offblocks_sandbox::Database;
use serde_json::{Value, json};

#[tokio::test]
async fn only_virtual_cards_without_shipping_address_are_made() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let customer = caller.active_customer(&wallet, "customer-1").await;
    let account = caller.active_account(&wallet, &customer).await;
    let path = format!("/accounts/{account}/cards");
    let with = |member: &str, value: Value| {
        let mut body = card();
        body[member] = value;
        body
    };
    let shipping = with("shippingAddress", card()["billingAddress"].clone());
    let mut physical = shipping.clone();
    physical["type"] = json!("physical");
    for (body, reason) in [
        (
            with("type", json!("physical")),
            "physical cards are not supported",
        ),
        (physical, "physical cards are not supported"),
        (shipping, "shipping address"),
        (with("type", json!("VIRTUAL")), "/type"),
        (
            with("billingAddress", json!({"city": "Bristol"})),
            "/billingAddress",
        ),
    ] {
        let detail = caller.post(&path, body.clone()).await.rejected(400);
        assert!(
            detail.contains(reason),
            "{body} was rejected with: {detail}"
        );
    }
    assert_eq!(
        caller.get("/cards").await.expect(200),
        json!([]),
        "a rejection makes no card"
    );
    stage.stop().await;
}

#[tokio::test]
async fn an_account_has_one_virtual_card_until_that_is_gone() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (_, account, card_id) = caller.everything(&LocalWallet::numbered(1)).await;
    let path = format!("/accounts/{account}/cards");
    for status in ["active", "inactive"] {
        assert_eq!(caller.status(&format!("/cards/{card_id}")).await, status);
        let detail = caller.post(&path, card()).await.rejected(400);
        assert!(detail.contains("terminate"), "{detail}");
        let _ = caller.patch(&format!("/cards/{card_id}/deactivate")).await;
    }
    caller
        .delete(&format!("/cards/{card_id}"))
        .await
        .expect(204);
    let second = caller.new_card(&account).await;
    caller.post(&path, card()).await.rejected(400);
    caller
        .patch(&format!("/simulator/cards/{second}/fail"))
        .await
        .expect(202);
    caller.new_card(&account).await;
    stage.stop().await;
}

#[tokio::test]
async fn a_card_without_active_customer_and_account_fails_to_issue() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let customer = caller.active_customer(&wallet, "customer-1").await;
    let initiating = text(&caller.new_account(&customer).await, "id");
    let inactive = caller.active_account(&wallet, &customer).await;
    caller
        .patch(&format!("/accounts/{inactive}/deactivate"))
        .await
        .expect(200);
    let deactivated = caller.active_account(&wallet, &customer).await;
    caller
        .patch(&format!("/customers/{customer}/deactivate"))
        .await
        .expect(200);
    for account in [initiating, inactive, deactivated] {
        let made = caller
            .post(&format!("/accounts/{account}/cards"), card())
            .await
            .expect(201);
        assert_eq!(made["status"], "issuing");
        let path = format!("/cards/{}", text(&made, "id"));
        assert_eq!(caller.status(&path).await, "issue_failed");
    }
    stage.stop().await;
}

#[tokio::test]
async fn an_account_that_went_inactive_before_issuing_fails_the_card() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let customer = caller.active_customer(&wallet, "customer-1").await;
    let account = caller.active_account(&wallet, &customer).await;
    let card = caller.new_card(&account).await;
    caller
        .patch(&format!("/accounts/{account}/deactivate"))
        .await
        .expect(200);
    caller
        .patch(&format!("/simulator/cards/{card}/issue"))
        .await
        .expect(202);
    assert_eq!(
        caller.status(&format!("/cards/{card}")).await,
        "issue_failed"
    );
    stage.stop().await;
}

#[tokio::test]
async fn accounts_have_one_currency_one_type_and_an_active_customer() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let customer = caller.active_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{customer}/accounts");
    for body in [
        json!({"type": "CARD_ACCOUNT", "currencies": ["EUR"]}),
        json!({"type": "card_account", "currencies": []}),
        json!({"type": "card_account", "currencies": ["GBP"]}),
        json!({"type": "card_account", "currencies": ["EUR", "EUR"]}),
        json!({"type": "card_account"}),
    ] {
        caller.post(&path, body).await.rejected(400);
    }
    let early = caller
        .new_customer(&LocalWallet::numbered(2), "customer-2")
        .await;
    let path = format!("/customers/{}/accounts", text(&early, "id"));
    let body = json!({"type": "card_account", "currencies": ["EUR"]});
    let detail = caller.post(&path, body).await.rejected(400);
    assert!(detail.contains("initiating"), "{detail}");
    stage.stop().await;
}

#[tokio::test]
async fn a_customer_is_known_by_external_id_and_by_address() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    caller.new_customer(&wallet, "customer-1").await;
    let shouted = wallet
        .owner()
        .to_string()
        .to_uppercase()
        .replace("EIP155", "eip155")
        .replace(":0X", ":0x");
    for (chain_id, external_id) in [
        (wallet.owner().to_string(), "customer-2"),
        (shouted, "customer-3"),
        (LocalWallet::numbered(2).owner().to_string(), "customer-1"),
    ] {
        let body = json!({"chainId": chain_id, "externalId": external_id});
        caller.post("/customers", body).await.rejected(409);
    }
    for (chain_id, external_id) in [
        (
            "eip155:1:0x869fe7566d406cDdE0D941A2712A4ACB0E947eA5".to_owned(),
            "customer-4",
        ),
        ("eip155:300:0x1234".to_owned(), "customer-5"),
        (
            "0x869fe7566d406cDdE0D941A2712A4ACB0E947eA5".to_owned(),
            "customer-6",
        ),
        (LocalWallet::numbered(3).owner().to_string(), "  "),
    ] {
        let body = json!({"chainId": chain_id, "externalId": external_id});
        caller.post("/customers", body).await.rejected(400);
    }
    stage.stop().await;
}

#[tokio::test]
async fn amounts_are_exact_and_positive() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (.., card) = caller.everything(&LocalWallet::numbered(1)).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    let body = |amount: Value| json!({"amount": amount, "currency": "EUR", "capture": false});
    let long = format!("1.{}", "0".repeat(100));
    for (amount, shown) in [
        ("20.0", "20"),
        (long.as_str(), "1"),
        ("20", "20"),
        ("0.10", "0.1"),
        ("1000000.01", "1000000.01"),
        ("12345678901234567890.12", "12345678901234567890.12"),
        ("100", "100"),
    ] {
        let made = caller.post(&path, body(json!(amount))).await.expect(201);
        assert_eq!(
            (&made["amount"], &made["merchantAmount"]),
            (&json!(shown), &json!(shown))
        );
        let read = format!("/authorisations/{}", text(&made, "id"));
        assert_eq!(caller.get(&read).await.expect(200)["amount"], shown);
    }
    for amount in [
        "0",
        "0.00",
        "-1",
        "1e3",
        "",
        "twenty",
        "NaN",
        "1,5",
        "1111111111111111111111111111111",
    ]
    .map(Value::from)
    {
        caller.post(&path, body(amount)).await.rejected(400);
    }
    caller.post(&path, body(json!(20))).await.rejected(400);
    stage.stop().await;
}

#[tokio::test]
async fn another_currency_needs_a_rate() {
    let rates = [("USD".to_owned(), "0.925".parse().unwrap())];
    let stage = Stage::with(|settings| settings.exchange_rates = rates.into()).await;
    let caller = &stage.caller;
    let (.., card) = caller.everything(&LocalWallet::numbered(1)).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    let body = |currency| json!({"amount": "10.01", "currency": currency, "capture": true});
    let made = caller.post(&path, body("USD")).await.expect(201);
    assert_eq!(
        (&made["amount"], &made["currency"]),
        (&json!("9.26"), &json!("EUR"))
    );
    assert_eq!(
        (
            &made["merchantAmount"],
            &made["merchantCurrency"],
            &made["exchangeRate"]
        ),
        (&json!("10.01"), &json!("USD"), &json!("0.925"))
    );
    let detail = caller.post(&path, body("CHF")).await.rejected(400);
    assert!(detail.contains("no rate from `CHF` is set"), "{detail}");
    for (currency, shown) in [("", "``"), ("\u{1b}[31m\0", r"`\u{1b}[31m\0`")] {
        let detail = caller.post(&path, body(currency)).await.rejected(400);
        assert!(
            detail.contains(&format!("no rate from {shown} is set")),
            "{detail}"
        );
    }
    stage.stop().await;
}

#[tokio::test]
async fn what_was_authorised_settles_after_the_card_is_terminated() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (.., card) = caller.everything(&LocalWallet::numbered(1)).await;
    let body = json!({"amount": "5", "currency": "EUR", "capture": false});
    let path = format!("/simulator/cards/{card}/authorisation");
    let held = text(&caller.post(&path, body.clone()).await.expect(201), "id");
    caller.delete(&format!("/cards/{card}")).await.expect(204);
    caller.post(&path, body).await.rejected(400);
    caller
        .patch(&format!("/simulator/authorisations/{held}/capture"))
        .await
        .expect(202);
    assert_eq!(
        caller.status(&format!("/authorisations/{held}")).await,
        "captured"
    );
    let listed = caller
        .get(&format!("/cards/{card}/transactions"))
        .await
        .expect(200);
    assert_eq!(listed[0]["status"], "processed");
    stage.stop().await;
}

#[tokio::test]
async fn a_released_authorisation_makes_no_transaction() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (.., card) = caller.everything(&LocalWallet::numbered(1)).await;
    let body = json!({"amount": "5", "currency": "EUR", "capture": false});
    let path = format!("/simulator/cards/{card}/authorisation");
    let held = text(&caller.post(&path, body).await.expect(201), "id");
    caller
        .patch(&format!("/simulator/authorisations/{held}/release"))
        .await
        .expect(202);
    assert_eq!(
        caller.status(&format!("/authorisations/{held}")).await,
        "released"
    );
    caller
        .patch(&format!("/simulator/authorisations/{held}/capture"))
        .await
        .rejected(400);
    let listed = caller
        .get(&format!("/cards/{card}/transactions"))
        .await
        .expect(200);
    assert_eq!(listed, json!([]));
    stage.stop().await;
}

#[tokio::test]
async fn activating_reactivates_only_what_deactivating_deactivated() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let (customer, account, card) = caller.everything(&wallet).await;
    let own = caller.active_account(&wallet, &customer).await;
    caller
        .patch(&format!("/accounts/{own}/deactivate"))
        .await
        .expect(200);
    let statuses = async || {
        let card = caller.status(&format!("/cards/{card}")).await;
        let account = caller.status(&format!("/accounts/{account}")).await;
        [
            account,
            caller.status(&format!("/accounts/{own}")).await,
            card,
        ]
    };
    caller
        .patch(&format!("/customers/{customer}/deactivate"))
        .await
        .expect(200);
    assert_eq!(statuses().await, ["inactive", "inactive", "inactive"]);
    caller
        .patch(&format!("/accounts/{account}/activate"))
        .await
        .rejected(409);
    caller
        .patch(&format!("/cards/{card}/activate"))
        .await
        .rejected(409);
    caller
        .patch(&format!("/customers/{customer}/activate"))
        .await
        .expect(200);
    assert_eq!(statuses().await, ["active", "inactive", "active"]);

    caller
        .patch(&format!("/cards/{card}/deactivate"))
        .await
        .expect(200);
    caller
        .patch(&format!("/accounts/{account}/deactivate"))
        .await
        .expect(200);
    caller
        .patch(&format!("/accounts/{account}/activate"))
        .await
        .expect(200);
    assert_eq!(statuses().await, ["active", "inactive", "inactive"]);
    stage.stop().await;
}

#[tokio::test]
async fn closing_an_account_terminates_its_cards_and_asks_for_consent() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let (_, account, card) = caller.everything(&wallet).await;
    caller
        .delete(&format!("/accounts/{account}"))
        .await
        .expect(204);
    assert_eq!(
        caller.status(&format!("/accounts/{account}")).await,
        "closed"
    );
    assert_eq!(caller.status(&format!("/cards/{card}")).await, "terminated");
    let consent = caller
        .get(&format!("/accounts/{account}/challenge"))
        .await
        .expect(200);
    let sign = format!("/accounts/{account}/challenge/sign");
    caller
        .post(&sign, signed(&wallet, &consent))
        .await
        .expect(204);
    caller
        .post(&sign, signed(&wallet, &consent))
        .await
        .rejected(409);
    assert_eq!(
        caller.status(&format!("/accounts/{account}")).await,
        "closed"
    );
    stage.stop().await;
}

#[tokio::test]
async fn an_account_deployed_while_its_customer_is_inactive_is_deactivated() {
    let delay = Duration::from_secs(30);
    let stage = Stage::with(|settings| settings.follow_up_delay = delay).await;
    let (caller, clock) = (&stage.caller, &stage.clock);
    let wallet = LocalWallet::numbered(1);
    let customer = caller.new_customer(&wallet, "customer-1").await;
    let owner = format!("/customers/{}", text(&customer, "id"));
    let sign = format!("{owner}/challenge/sign");
    caller
        .post(&sign, signed(&wallet, &customer))
        .await
        .expect(204);
    clock.advance(delay);
    caller
        .patch(&format!("/simulator{owner}/verify"))
        .await
        .expect(202);
    let account = caller.new_account(&text(&customer, "id")).await;
    let path = format!("/accounts/{}", text(&account, "id"));
    let sign = format!("{path}/challenge/sign");
    caller
        .post(&sign, signed(&wallet, &account))
        .await
        .expect(204);
    caller
        .patch(&format!("{owner}/deactivate"))
        .await
        .expect(200);
    assert_eq!(caller.status(&path).await, "pending");
    clock.advance(delay);
    assert_eq!(caller.status(&path).await, "inactive");
    caller.patch(&format!("{owner}/activate")).await.expect(200);
    assert_eq!(caller.status(&path).await, "active");
    stage.stop().await;
}

#[tokio::test]
async fn a_card_is_decided_on_once() {
    let folder = tempfile::tempdir().unwrap();
    for database in [
        Database::Memory,
        Database::File(folder.path().join("sandbox.db")),
    ] {
        let delay = Duration::from_secs(60);
        let stage = Stage::with(|settings| {
            settings.database = database;
            settings.follow_up_delay = delay;
        })
        .await;
        let caller = &stage.caller;
        let wallet = LocalWallet::numbered(1);
        let customer = caller.new_customer(&wallet, "customer-1").await;
        let id = text(&customer, "id");
        let sign = format!("/customers/{id}/challenge/sign");
        let body = signed(&wallet, &customer);
        caller.post(&sign, body).await.expect(204);
        stage.clock.advance(delay);
        let verify = format!("/simulator/customers/{id}/verify");
        caller.patch(&verify).await.expect(202);
        let account = caller.active_account(&wallet, &id).await;
        // Before the account is active a card cannot be issued: it fails by itself.
        let doomed = caller.new_card(&account).await;
        let decide = |card: &str, decision: &str| format!("/simulator/cards/{card}/{decision}");
        for decision in ["issue", "fail"] {
            let detail = caller.patch(&decide(&doomed, decision)).await.rejected(400);
            assert!(detail.contains("fails by itself"), "{detail}");
        }
        stage.clock.advance(delay);
        let path = |card: &str| format!("/cards/{card}");
        assert_eq!(caller.status(&path(&doomed)).await, "issue_failed");

        let card = caller.new_card(&account).await;
        caller.patch(&decide(&card, "issue")).await.expect(202);
        for decision in ["issue", "fail"] {
            let detail = caller.patch(&decide(&card, decision)).await.rejected(400);
            assert!(detail.contains("being issued"), "{detail}");
        }
        stage.clock.advance(delay);
        assert_eq!(caller.status(&path(&card)).await, "active");
        stage.stop().await;
    }
}
