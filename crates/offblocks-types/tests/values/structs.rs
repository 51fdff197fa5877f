//! Identifiers, enums and structs of any content.

use super::{rejection, survives};
use offblocks_types::chrono::{DateTime, TimeZone, Utc};
use offblocks_types::uuid::Uuid;
use offblocks_types::*;
use proptest::option;
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeSet, HashSet};

#[test]
fn identifiers_are_small_values() {
    let uuid: Uuid = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap();
    let id = CardId::from(uuid);
    let copy = id;
    assert_eq!(
        (Uuid::from(id), *copy.as_ref(), id.to_string()),
        (uuid, uuid, uuid.to_string())
    );
    assert_eq!(HashSet::from([id, copy]).len(), 1);
    assert_eq!(
        BTreeSet::from([id, CardId(Uuid::nil())]).first(),
        Some(&CardId(Uuid::nil()))
    );
    survives::<CardId>(&json!(uuid));
    assert!(
        rejection::<CardId>(&json!("9d36e581"))
            .to_lowercase()
            .contains("uuid")
    );
    assert!("9d36e581".parse::<CardId>().is_err());
}

#[test]
fn enums_know_their_values_and_keep_the_others() {
    for status in CardStatus::ALL {
        assert_eq!(&status.as_str().parse::<CardStatus>().unwrap(), status);
        assert_eq!(survives::<CardStatus>(&json!(status.as_str())), *status);
        assert_eq!(format!("{status:>14}"), format!("{:>14}", status.as_str()));
    }
    assert_eq!(
        CardStatus::from("Active"),
        CardStatus::Unknown("Active".to_owned())
    );
    assert_eq!(CardStatus::from("active".to_owned()), CardStatus::Active);
    assert!(rejection::<CardStatus>(&json!(1)).contains("a CardStatus in a string"));
}

#[test]
fn constructors_take_texts_bytes_and_lists_in_any_form() {
    let account = |currencies: Vec<String>| {
        CreateCustomerAccountRequest::new(AccountType::CardAccount, currencies)
    };
    let given = CreateCustomerAccountRequest::new(AccountType::CardAccount, ["EUR", "GBP"]);
    assert_eq!(given, account(vec!["EUR".to_owned(), "GBP".to_owned()]));
    let key = |bytes: &[u8]| UpdateSigningKeyRequest::new(Uuid::nil(), bytes);
    let given = UpdateSigningKeyRequest::new(Uuid::nil(), b"pem".to_vec());
    assert_eq!(given, key(b"pem"));
    let url: url::Url = "https://bank.example/hooks".parse().unwrap();
    let given = SaveWebhookRequest::new(url, [WebhookType::CardUpdated]);
    let types = vec![WebhookType::CardUpdated];
    let text = "https://bank.example/hooks";
    assert_eq!(given, SaveWebhookRequest::new(text, types));
}

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..4_000_000_000, 0_u32..1_000_000_000).prop_map(|(s, n)| Utc.timestamp_opt(s, n).unwrap())
}

fn ids() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn amounts() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0_u32..19)
        .prop_map(|(units, scale)| Decimal::from_units(units.into(), scale).unwrap())
}

fn addresses() -> impl Strategy<Value = Address> {
    (any::<[String; 4]>(), option::of(".*"), option::of(".*")).prop_map(|(texts, second, state)| {
        let [first, city, country, code] = texts;
        let mut address = Address::new(first, city, country, code);
        address.second_line = second;
        address.state = state;
        address
    })
}

fn statuses() -> impl Strategy<Value = CardStatus> {
    prop_oneof![
        proptest::sample::select(CardStatus::ALL),
        ".{1,12}".prop_map(CardStatus::from)
    ]
}

prop_compose! {
    fn cards()(
        id in ids(), account in ids(), status in statuses(), kind in "[a-z]{1,10}",
        created in instants(), updated in instants(),
        name in option::of(".*"), address in option::of(addresses()),
    ) -> Card {
        let mut card = Card::new(id.into(), account.into(), kind.into(), status, created, updated);
        card.name = name;
        card.billing_address = address;
        card
    }
}

prop_compose! {
    fn fees()(kind in "[a-z]{1,10}", amount in amounts()) -> Fee {
        Fee::new(kind.into(), amount)
    }
}

proptest! {
    #[test]
    fn every_card_survives(card in cards()) {
        let json = serde_json::to_value(&card).unwrap();
        prop_assert_eq!(survives::<Card>(&json), card);
    }

    #[test]
    fn every_fee_survives(fee in fees()) {
        let json = serde_json::to_value(&fee).unwrap();
        prop_assert_eq!(survives::<Fee>(&json), fee);
    }

    #[test]
    fn every_card_survives_as_an_event(card in cards(), event in ids()) {
        let mut update = CardUpdate::new(
            event, WebhookType::CardUpdated, card.id, card.account_id, card.r#type.clone(),
            card.status.clone(), card.created_at, card.updated_at,
        );
        update.name = card.name.clone();
        update.billing_address = card.billing_address.clone();
        let json = serde_json::to_value(WebhookEvent::from(update)).unwrap();
        let WebhookEvent::CardUpdate(read) = survives(&json) else { panic!("{json}") };
        prop_assert_eq!(Card::from(read), card);
    }
}
