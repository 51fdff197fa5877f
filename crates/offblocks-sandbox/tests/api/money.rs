//! Balances, declined authorisations, reversals and refunds.

use offblocks_sandbox::{BuildError, Clock as _, ControlError, Sandbox, Settings, Surroundings};
use offblocks_types::AccountId;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::common::{Caller, LocalWallet, Receiver, Stage, text};

async fn authorise(caller: &Caller, card: &str, amount: &str, currency: &str) -> (u16, Value) {
    let path = format!("/simulator/cards/{card}/authorisation");
    let body = json!({"amount": amount, "currency": currency, "capture": false});
    let response = caller.post(&path, body).await;
    (response.status, response.json())
}

async fn balance(stage: &Stage, account: AccountId) -> (Decimal, Decimal) {
    let balance = stage.sandbox.balance(account).await.unwrap();
    (balance.available, balance.held)
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A card on an account with ten tokens, and the dear fees of the settings.
async fn poor() -> (Stage, AccountId, String) {
    let stage = Stage::with(|settings| {
        settings.initial_balance = Decimal::TEN;
        settings.service_fee_rate = decimal("0.1");
        settings.partner_fee_rate = decimal("0.05");
    })
    .await;
    let (_, account, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    (stage, account.parse().unwrap(), card)
}

#[tokio::test]
async fn an_authorisation_is_declined_for_a_reason() {
    let (stage, account, card) = poor().await;
    let caller = &stage.caller;
    let declined = async |amount, currency| {
        let (status, problem) = authorise(caller, &card, amount, currency).await;
        assert_eq!(status, 400, "{problem}");
        text(&problem, "detail")
    };
    let currency = declined("1", "GBP").await;
    assert!(
        currency.starts_with("declined for the currency"),
        "{currency}"
    );
    // 8.69 with its fees of 0.01, 0.869 and 0.4345 is more than ten.
    let poor = declined("8.69", "EUR").await;
    assert_eq!(
        poor,
        "declined for the balance: 10.0035 tokens are needed, fees included, and 10 can be spent"
    );
    stage
        .sandbox
        .pay_in(account, decimal("0.0035"))
        .await
        .unwrap();
    assert_eq!(authorise(caller, &card, "8.69", "EUR").await.0, 201);
    assert_eq!(
        balance(&stage, account).await,
        (Decimal::ZERO, decimal("10.0035"))
    );
    let deactivate = format!("/cards/{card}/deactivate");
    caller.patch(&deactivate).await.expect(200);
    let inactive = declined("1", "EUR").await;
    assert!(
        inactive.starts_with("declined for the state of the card"),
        "{inactive}"
    );
    stage.stop().await;
}

/// Authorised directly, converted or refunded: no amount is finer than its currency.
#[tokio::test]
async fn amounts_have_the_digits_of_their_currency() {
    let rates = [
        ("JPY".to_owned(), "0.0061".parse().unwrap()),
        ("KWD".to_owned(), "3".parse().unwrap()),
    ];
    let stage = Stage::with(|settings| settings.exchange_rates = rates.into()).await;
    let caller = &stage.caller;
    let (.., card) = caller.everything(&LocalWallet::numbered(1)).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    for (amount, currency, converted) in [
        ("20.05", "EUR", Some("20.05")),
        ("20.005", "EUR", None),
        ("1234", "JPY", Some("7.53")),
        ("1234.567", "JPY", None),
        ("1.234", "KWD", Some("3.7")),
        ("1.2345", "KWD", None),
    ] {
        let body = json!({"amount": amount, "currency": currency, "capture": false});
        let response = caller.post(&path, body).await;
        match converted {
            Some(converted) => assert_eq!(response.expect(201)["amount"], converted),
            None => assert!(
                response.rejected(400).starts_with(currency),
                "{}",
                response.text
            ),
        }
    }
    stage.stop().await;
}

#[tokio::test]
async fn an_expired_card_authorises_nothing_and_still_settles() {
    let stage = Stage::new().await;
    let (_, _, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let path = format!("/cards/{card}");
    let shown = stage.caller.get(&path).await.expect(200);
    let (month, year) = text(&shown, "expirationDate")
        .split_once('/')
        .map(|(month, year)| (month.parse().unwrap(), year.parse().unwrap()))
        .unwrap();
    let after = chrono::NaiveDate::from_ymd_opt(year, month, 1).unwrap() + chrono::Months::new(1);
    let after = after.and_time(chrono::NaiveTime::MIN).and_utc();
    let mut caller = stage.caller;
    let move_to = |at: chrono::DateTime<chrono::Utc>| {
        stage
            .clock
            .advance((at - stage.clock.now()).to_std().unwrap())
    };
    move_to(after - chrono::TimeDelta::seconds(1));
    caller.log_in().await;
    let (status, before) = authorise(&caller, &card, "5", "EUR").await;
    assert_eq!(status, 201, "{before}");
    move_to(after);
    let (status, problem) = authorise(&caller, &card, "5", "EUR").await;
    assert_eq!(status, 400, "{problem}");
    let detail = text(&problem, "detail");
    assert!(
        detail.starts_with("declined because the card has expired"),
        "{detail}"
    );
    let capture = format!("/simulator/authorisations/{}/capture", text(&before, "id"));
    caller.patch(&capture).await.expect(202);
    assert_eq!(caller.status(&path).await, "active");
}

#[tokio::test]
async fn a_hold_is_settled_by_a_capture_and_freed_by_a_release() {
    let (stage, account, card) = poor().await;
    let caller = &stage.caller;
    let (_, first) = authorise(caller, &card, "2", "EUR").await;
    let (_, second) = authorise(caller, &card, "3", "EUR").await;
    assert_eq!(
        balance(&stage, account).await,
        (decimal("4.23"), decimal("5.77"))
    );
    let path = |authorisation: &Value, action| {
        let id = text(authorisation, "id");
        format!("/simulator/authorisations/{id}/{action}")
    };
    caller.patch(&path(&second, "release")).await.expect(202);
    assert_eq!(
        balance(&stage, account).await,
        (decimal("7.69"), decimal("2.31"))
    );
    caller.patch(&path(&first, "capture")).await.expect(202);
    assert_eq!(
        balance(&stage, account).await,
        (decimal("7.69"), Decimal::ZERO)
    );
    let listed = caller.get(&format!("/cards/{card}/transactions")).await;
    let transaction = &listed.expect(200)[0];
    assert_eq!(transaction["tokenAmount"], "2.31");
    assert_eq!(
        transaction["fees"],
        json!([
            {"type": "network", "tokenAmount": "0.01"},
            {"type": "service", "tokenAmount": "0.2"},
            {"type": "partner", "tokenAmount": "0.1"},
        ])
    );
    let rejected = stage.sandbox.take_out(account, decimal("7.7")).await;
    assert!(
        matches!(rejected, Err(ControlError::Conflict(_))),
        "{rejected:?}"
    );
    let emptied = stage
        .sandbox
        .take_out(account, decimal("7.69"))
        .await
        .unwrap();
    assert_eq!(emptied.available, Decimal::ZERO);
    stage.stop().await;
}

#[tokio::test]
async fn a_debit_is_reversed_whole_or_refunded_in_parts() {
    let (stage, account, card) = poor().await;
    let (caller, sandbox) = (&stage.caller, &stage.sandbox);
    let receiver = Receiver::start().await;
    let path = format!("/simulator/cards/{card}/authorisation");
    for amount in ["2", "3"] {
        let body = json!({"amount": amount, "currency": "EUR", "capture": true});
        caller.post(&path, body).await.expect(201);
    }
    let path = format!("/cards/{card}/transactions");
    let listed = caller.get(&path).await.expect(200);
    let id = |at: usize| text(&listed[at], "id").parse().unwrap();
    assert_eq!(balance(&stage, account).await.0, decimal("4.23"));
    caller
        .subscribe(&receiver.url(), &["transaction.updated"])
        .await;

    sandbox.reverse(id(0)).await.unwrap();
    assert_eq!(balance(&stage, account).await.0, decimal("6.54"));
    let again = sandbox.reverse(id(0)).await;
    assert!(matches!(again, Err(ControlError::Conflict(_))), "{again:?}");
    let mut statuses: Vec<_> = receiver
        .received(2)
        .await
        .iter()
        .map(|it| it.json())
        .collect();
    statuses.sort_by_key(|event| text(event, "updatedAt"));
    let statuses: Vec<_> = statuses.iter().map(|event| text(event, "status")).collect();
    assert_eq!(statuses, ["reversing", "reversed"]);

    let refund = sandbox.refund(id(1), decimal("1.25")).await.unwrap();
    let shown = caller
        .get(&format!("/transactions/{}", refund.id))
        .await
        .expect(200);
    assert_eq!(
        (
            &shown["direction"],
            &shown["status"],
            &shown["amount"],
            &shown["tokenAmount"]
        ),
        (
            &json!("credit"),
            &json!("processed"),
            &json!("1.25"),
            &json!("1.25")
        )
    );
    assert_eq!(balance(&stage, account).await.0, decimal("7.79"));
    for (what, rejected) in [
        (
            "more than is left",
            sandbox.refund(id(1), decimal("1.76")).await.map(drop),
        ),
        (
            "of a refund",
            sandbox.refund(refund.id, Decimal::ONE).await.map(drop),
        ),
        (
            "of what is reversed",
            sandbox.refund(id(0), Decimal::ONE).await.map(drop),
        ),
        (
            "reversal after a refund",
            sandbox.reverse(id(1)).await.map(drop),
        ),
    ] {
        assert!(
            matches!(rejected, Err(ControlError::Conflict(_))),
            "{what}: {rejected:?}"
        );
    }
    let fine = sandbox.refund(id(1), decimal("0.005")).await;
    assert!(matches!(fine, Err(ControlError::Invalid(_))), "{fine:?}");
    sandbox.refund(id(1), decimal("1.75")).await.unwrap();
    assert_eq!(balance(&stage, account).await.0, decimal("9.54"));
    stage.stop().await;
}

#[tokio::test]
async fn amounts_that_the_ledger_cannot_keep_are_no_settings() {
    for change in [
        |settings: &mut Settings| settings.network_fee = decimal("-0.01"),
        |settings: &mut Settings| settings.initial_balance = decimal("0.0000001"),
        |settings: &mut Settings| settings.service_fee_rate = decimal("1.5"),
        |settings: &mut Settings| settings.partner_fee_rate = decimal("-0.1"),
    ] {
        let mut settings = Settings::default();
        change(&mut settings);
        let built = Sandbox::builder(Surroundings::real()).settings(settings);
        let rejected = built.build().await.map(drop).unwrap_err();
        assert!(matches!(rejected, BuildError::Settings(_)), "{rejected}");
    }
}
