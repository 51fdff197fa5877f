//! Lists of what belongs to one customer, account or card.

use offblocks_sandbox::Fixtures;
use serde_json::{Value, json};

use crate::common::{Stage, text};

const NOTHING: &str = "0c2f5f4e-6f8b-4d5c-9a3e-5b7d1c2e8f90";

/// More payments with a card than a page of the database holds, among payments of another card.
const PAYMENTS: usize = 501;

fn numbers(listed: &Value) -> Vec<String> {
    let all = listed.as_array().unwrap().iter();
    all.map(|it| text(it, "merchantAmount")).collect()
}

#[tokio::test]
async fn lists_of_one_owner_are_whole_and_in_order() {
    let stage = Stage::new().await;
    let mut steps = vec![
        json!({"name": "alice", "customer": {"externalId": "alice"}}),
        json!({"name": "bob", "customer": {"externalId": "bob"}}),
        json!({"name": "current", "account": {"customer": "alice"}}),
        json!({"name": "savings", "account": {"customer": "alice"}}),
        json!({"name": "other", "account": {"customer": "bob"}}),
        json!({"name": "card", "card": {"account": "current"}}),
        json!({"name": "others", "card": {"account": "other"}}),
    ];
    for number in 1..=PAYMENTS {
        let amount = (1_000 + number).to_string();
        let pay = |card: &str| json!({"authorisation": {"card": card, "amount": amount}});
        steps.push(pay("card"));
        if number % 100 == 0 {
            steps.push(pay("others"));
        }
    }
    let fixtures = Fixtures::from_json(&json!({"steps": steps})).unwrap();
    let made = stage.sandbox.seed(fixtures).await.unwrap();
    let caller = &stage.caller;
    let expected: Vec<_> = (1..=PAYMENTS).map(|it| (1_000 + it).to_string()).collect();
    for path in [
        format!("/cards/{}/transactions", made["card"]),
        format!("/accounts/{}/transactions", made["current"]),
    ] {
        let listed = caller.get(&path).await.expect(200);
        assert_eq!(numbers(&listed), expected, "{path}");
        for transaction in listed.as_array().unwrap() {
            let path = format!("/transactions/{}", text(transaction, "id"));
            assert_eq!(
                transaction["fees"].as_array().map(Vec::len),
                Some(1),
                "{path}"
            );
            assert_eq!(
                transaction["chainTransactions"].as_array().map(Vec::len),
                Some(1)
            );
        }
        let last = &listed[PAYMENTS - 1];
        let alone = caller
            .get(&format!("/transactions/{}", text(last, "id")))
            .await;
        assert_eq!(&alone.expect(200), last);
    }
    let others = caller
        .get(&format!("/cards/{}/transactions", made["others"]))
        .await;
    assert_eq!(numbers(&others.expect(200)).len(), PAYMENTS / 100);
    let accounts = caller
        .get(&format!("/customers/{}/accounts", made["alice"]))
        .await;
    let accounts = accounts.expect(200);
    let ids = accounts.as_array().unwrap().iter().map(|it| text(it, "id"));
    assert_eq!(
        ids.collect::<Vec<_>>(),
        [made["current"].to_string(), made["savings"].to_string()]
    );
    let cards = caller
        .get(&format!("/accounts/{}/cards", made["other"]))
        .await;
    assert_eq!(
        text(&cards.expect(200)[0], "id"),
        made["others"].to_string()
    );
    let none = caller
        .get(&format!("/accounts/{}/cards", made["savings"]))
        .await;
    assert_eq!(none.expect(200), json!([]));
    for path in [
        "customers/ID/accounts",
        "accounts/ID/cards",
        "accounts/ID/transactions",
        "cards/ID/transactions",
    ] {
        let path = format!("/{}", path.replace("ID", NOTHING));
        assert!(
            caller.get(&path).await.rejected(404).contains(NOTHING),
            "{path}"
        );
    }
    stage.stop().await;
}
