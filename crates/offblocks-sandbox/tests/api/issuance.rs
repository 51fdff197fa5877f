//! The issuance guide and its next step, over real HTTP.

use std::time::Duration;

use crate::common::{Caller, LocalWallet, Stage, card, signed, text};
use serde_json::{Value, json};

#[tokio::test]
async fn the_guide_ends_with_an_active_card_and_a_processed_transaction() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let customer = verified_customer(caller, &wallet).await;
    let account = signed_account(caller, &wallet, &customer).await;
    let card = issued_card(caller, &account).await;
    let authorisation = captured_authorisation(caller, &card).await;
    the_transaction_is_processed(caller, &account, &card, &authorisation).await;
    stage.stop().await;
}

/// The id of a customer who has signed the challenge and is verified.
async fn verified_customer(caller: &Caller, wallet: &LocalWallet) -> String {
    let customer = caller.new_customer(wallet, "customer-1").await;
    let customer_id = text(&customer, "id");
    assert_eq!(customer["status"], "initiating");
    assert_eq!(customer["chainId"], wallet.owner().to_string());
    let path = format!("/customers/{customer_id}");
    let sign = format!("{path}/challenge/sign");
    assert_eq!(
        caller
            .post(&sign, signed(wallet, &customer))
            .await
            .expect(204),
        Value::Null
    );
    assert_eq!(caller.status(&path).await, "verifying");
    caller
        .patch(&format!("/simulator{path}/verify"))
        .await
        .expect(202);
    assert_eq!(caller.status(&path).await, "active");
    customer_id
}

/// The id of a customer's account whose challenge is signed.
async fn signed_account(caller: &Caller, wallet: &LocalWallet, customer: &str) -> String {
    let account = caller.new_account(customer).await;
    let account_id = text(&account, "id");
    assert_eq!(
        (&account["status"], &account["chainId"]),
        (&json!("initiating"), &Value::Null)
    );
    let path = format!("/accounts/{account_id}");
    let sign = format!("{path}/challenge/sign");
    caller
        .post(&sign, signed(wallet, &account))
        .await
        .expect(204);
    let account = caller.get(&path).await.expect(200);
    assert_eq!(account["status"], "active");
    assert_eq!(account["currencies"], json!(["EUR"]));
    assert!(
        text(&account, "chainId").starts_with("eip155:300:0x"),
        "{account}"
    );
    account_id
}

/// The id of a card that is issued for an account.
async fn issued_card(caller: &Caller, account: &str) -> String {
    let issuing = caller
        .post(&format!("/accounts/{account}/cards"), card())
        .await
        .expect(201);
    let card_id = text(&issuing, "id");
    assert_eq!(issuing["status"], "issuing");
    assert_eq!(issuing["createdAt"], issuing["updatedAt"]);
    for member in ["name", "network", "maskedPan", "expirationDate"] {
        assert_eq!(issuing.get(member), None, "not before the card is issued");
    }
    let issue = caller
        .patch(&format!("/simulator/cards/{card_id}/issue"))
        .await;
    assert_eq!(issue.expect(202), Value::Null);
    let active = caller.get(&format!("/cards/{card_id}")).await.expect(200);
    assert_eq!(active["status"], "active");
    assert_eq!(active["billingAddress"], card()["billingAddress"]);
    assert_eq!(active["network"], "visa");
    assert_eq!(active["expirationDate"], "01/2029");
    let pan = text(&active, "maskedPan");
    assert!(pan.starts_with("411111******") && pan.len() == 16, "{pan}");
    assert!(text(&active, "updatedAt") > text(&issuing, "updatedAt"));
    card_id
}

/// The id of an authorisation that a card pays with and that is captured at once.
async fn captured_authorisation(caller: &Caller, card: &str) -> String {
    let body = json!({"amount": "20.0", "currency": "EUR", "capture": true});
    let path = format!("/simulator/cards/{card}/authorisation");
    let pending = caller.post(&path, body).await.expect(201);
    assert_eq!(pending["status"], "pending");
    assert_eq!(pending["amount"], "20");
    assert_eq!(pending["exchangeRate"], "1");
    assert_eq!(
        pending["merchant"],
        json!({"id": "TEST", "name": "Test Merchant", "mcc": 9999, "city": "London", "country": "GB"})
    );
    let authorisation_id = text(&pending, "id");
    assert_eq!(
        caller
            .status(&format!("/authorisations/{authorisation_id}"))
            .await,
        "captured"
    );
    authorisation_id
}

async fn the_transaction_is_processed(
    caller: &Caller,
    account: &str,
    card: &str,
    authorisation: &str,
) {
    let listed = caller
        .get(&format!("/cards/{card}/transactions"))
        .await
        .expect(200);
    let [transaction] = listed.as_array().unwrap().as_slice() else {
        panic!("{listed}")
    };
    assert_eq!(transaction["status"], "processed");
    assert_eq!(transaction["direction"], "debit");
    assert_eq!(transaction["authorisationId"], authorisation);
    assert_eq!(
        (&transaction["amount"], &transaction["tokenAmount"]),
        (&json!("20"), &json!("20.01"))
    );
    assert!(
        text(transaction, "token").starts_with("eip155:300/erc20:0x"),
        "{transaction}"
    );
    assert_eq!(
        transaction["fees"],
        json!([{"type": "network", "tokenAmount": "0.01"}])
    );
    let link = text(&transaction["chainTransactions"][0], "chainId");
    assert!(
        link.starts_with("eip155:300:0x") && link.len() == 77,
        "{link}"
    );
    let alone = format!("/transactions/{}", text(transaction, "id"));
    assert_eq!(&caller.get(&alone).await.expect(200), transaction);
    let of_account = caller
        .get(&format!("/accounts/{account}/transactions"))
        .await;
    assert_eq!(of_account.expect(200), listed);
}

#[tokio::test]
async fn what_happens_by_itself_takes_its_time() {
    let delay = Duration::from_secs(30);
    let stage = Stage::with(|settings| settings.follow_up_delay = delay).await;
    let (caller, clock) = (&stage.caller, &stage.clock);
    let wallet = LocalWallet::numbered(1);
    let customer = caller.new_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{}", text(&customer, "id"));
    caller
        .post(
            &format!("{path}/challenge/sign"),
            signed(&wallet, &customer),
        )
        .await
        .expect(204);
    assert_eq!(caller.status(&path).await, "screening");
    clock.advance(delay - Duration::from_secs(1));
    assert_eq!(caller.status(&path).await, "screening");
    clock.advance(Duration::from_secs(1));
    assert_eq!(caller.status(&path).await, "verifying");
    stage.stop().await;
}

#[tokio::test]
async fn a_new_answer_carries_nanoseconds_and_later_ones_microseconds() {
    let stage = Stage::new().await;
    let customer = stage
        .caller
        .new_customer(&LocalWallet::numbered(1), "customer-1")
        .await;
    assert_eq!(customer["createdAt"], "2026-01-02T03:04:05.123456789Z");
    let path = format!("/customers/{}", text(&customer, "id"));
    let read = stage.caller.get(&path).await.expect(200);
    assert_eq!(read["createdAt"], "2026-01-02T03:04:05.123456Z");
    stage.stop().await;
}

#[tokio::test]
async fn every_change_moves_updated_at_even_when_the_clock_stands_still() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (.., card) = caller.everything(&LocalWallet::numbered(1)).await;
    let mut last = text(
        &caller.get(&format!("/cards/{card}")).await.expect(200),
        "updatedAt",
    );
    for change in ["deactivate", "activate", "deactivate"] {
        let next = caller
            .patch(&format!("/cards/{card}/{change}"))
            .await
            .expect(200);
        let next = text(&next, "updatedAt");
        assert!(next > last, "{change}: {next} is not after {last}");
        last = next;
    }
    stage.stop().await;
}

#[tokio::test]
async fn lists_keep_the_order_of_creation() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let mut expected = Vec::new();
    for number in 1..=5 {
        let name = format!("customer-{number}");
        expected.push(
            caller
                .new_customer(&LocalWallet::numbered(number), &name)
                .await["id"]
                .clone(),
        );
    }
    let listed = caller.get("/customers").await.expect(200);
    let listed: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    assert_eq!(listed, expected);
    stage.stop().await;
}

#[tokio::test]
async fn accounts_and_cards_are_listed_by_owner_and_together() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let (customer, account, card) = caller.everything(&wallet).await;
    let other = caller.active_account(&wallet, &customer).await;
    let ids = |list: &Value| -> Vec<String> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| text(one, "id"))
            .collect()
    };
    for (path, expected) in [
        (
            format!("/customers/{customer}/accounts"),
            vec![&account, &other],
        ),
        ("/accounts".to_owned(), vec![&account, &other]),
        (format!("/accounts/{account}/cards"), vec![&card]),
        (format!("/accounts/{other}/cards"), vec![]),
        ("/cards".to_owned(), vec![&card]),
    ] {
        let listed = caller.get(&path).await.expect(200);
        assert_eq!(ids(&listed).iter().collect::<Vec<_>>(), expected, "{path}");
    }
    stage.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let nobody = "00000000-0000-4000-8000-000000000000";
    for path in [
        format!("/customers/{nobody}"),
        format!("/customers/{nobody}/challenge"),
        format!("/customers/{nobody}/accounts"),
        format!("/accounts/{nobody}"),
        format!("/accounts/{nobody}/challenge"),
        format!("/accounts/{nobody}/cards"),
        format!("/accounts/{nobody}/transactions"),
        format!("/cards/{nobody}"),
        format!("/cards/{nobody}/transactions"),
        format!("/authorisations/{nobody}"),
        format!("/transactions/{nobody}"),
    ] {
        caller.get(&path).await.rejected(404);
    }
    for path in [
        format!("/customers/{nobody}/activate"),
        format!("/accounts/{nobody}/deactivate"),
        format!("/cards/{nobody}/activate"),
        format!("/simulator/cards/{nobody}/issue"),
        format!("/simulator/customers/{nobody}/verify"),
        format!("/simulator/authorisations/{nobody}/capture"),
    ] {
        caller.patch(&path).await.rejected(404);
    }
    caller
        .post(&format!("/accounts/{nobody}/cards"), card())
        .await
        .rejected(404);
    stage.stop().await;
}

#[tokio::test]
async fn chains_and_assets_are_known_and_filtered() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let chains = caller.get("/chains").await.expect(200);
    assert!(
        chains
            .as_array()
            .unwrap()
            .iter()
            .any(|chain| chain["id"] == "eip155:300")
    );
    let all = caller.get("/assets").await.expect(200);
    assert_eq!(
        all.as_array().unwrap().len(),
        chains.as_array().unwrap().len()
    );
    let one = caller.get("/assets?chain=eip155:300").await.expect(200);
    assert_eq!(one.as_array().unwrap().len(), 1);
    assert_eq!(one[0]["blockchain"], "eip155:300");
    let none = caller.get("/assets?chain=eip155:999").await.expect(200);
    assert_eq!(none, json!([]));
    stage.stop().await;
}

#[tokio::test]
async fn the_token_is_named_after_the_currency_of_accounts() {
    let stage = Stage::with(|settings| settings.currency = "USD".to_owned()).await;
    let assets = stage.caller.get("/assets").await.expect(200);
    for asset in assets.as_array().unwrap() {
        assert_eq!(
            (&asset["name"], &asset["symbol"]),
            (&json!("Sandbox USD"), &json!("USDS"))
        );
    }
    stage.stop().await;
}

/// A rule of the sandbox names the member as a broken schema does.
#[tokio::test]
async fn a_rejected_member_is_pointed_at() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let (customer, account, card) = caller.everything(&wallet).await;
    let owner = wallet.owner().to_string();
    let wrong_chain = owner.replace("eip155:300", "eip155:1");
    let (accounts, cards) = (
        format!("/customers/{customer}/accounts"),
        format!("/accounts/{account}/cards"),
    );
    let authorise = format!("/simulator/cards/{card}/authorisation");
    let payment =
        |amount: &str, currency| json!({"amount": amount, "currency": currency, "capture": false});
    let physical = {
        let mut card = crate::common::card();
        card["type"] = json!("physical");
        card
    };
    for (method, path, body, pointer) in [
        (
            "POST",
            "/customers",
            json!({"externalId": " ", "chainId": owner}),
            "/externalId",
        ),
        (
            "POST",
            "/customers",
            json!({"externalId": "b", "chainId": wrong_chain}),
            "/chainId",
        ),
        (
            "POST",
            accounts.as_str(),
            json!({"type": "card_account", "currencies": ["USD"]}),
            "/currencies",
        ),
        ("POST", cards.as_str(), physical, "/type"),
        ("POST", authorise.as_str(), payment("0", "EUR"), "/amount"),
        (
            "POST",
            authorise.as_str(),
            payment("0.001", "EUR"),
            "/amount",
        ),
        ("POST", authorise.as_str(), payment("1", "CHF"), "/currency"),
        (
            "PUT",
            "/webhooks",
            json!({"callbackUrl": "ftp://localhost/", "types": ["card.updated"]}),
            "/callbackUrl",
        ),
        (
            "PUT",
            "/webhooks",
            json!({"callbackUrl": "http://localhost/", "types": []}),
            "/types",
        ),
    ] {
        let response = caller.call(method, path).body(body.clone()).send().await;
        let problem = response.expect(400);
        assert_eq!(problem["pointer"], pointer, "{body}: {problem}");
        assert_eq!(
            problem["errors"][0]["pointer"], pointer,
            "{body}: {problem}"
        );
        assert_eq!(problem["errors"][0]["detail"], problem["detail"]);
    }
    stage.stop().await;
}
