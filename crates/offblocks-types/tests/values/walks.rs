//! The messages of the issuance walk and of the authorisation walk.

use super::survives;
use offblocks_types::*;
use serde_json::{Value, json};

fn card() -> Value {
    json!({
        "accountId": "e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461",
        "billingAddress": {
            "city": "Bristol", "country": "GB", "firstLine": "18 Harbour Row", "postCode": "BS1 4RN",
        },
        "createdAt": "2024-03-05T09:41:07.218364509Z",
        "id": "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3",
        "status": "issuing",
        "type": "virtual",
        "updatedAt": "2024-03-05T09:41:07.218364509Z",
    })
}

fn authorisation() -> Value {
    json!({
        "accountId": "e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461",
        "amount": "20",
        "cardId": "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3",
        "createdAt": "2024-03-05T09:42:07Z",
        "currency": "EUR",
        "exchangeRate": "1",
        "id": "5a4dc8a2-8e8a-4b37-8bb2-6a8e0c1a1ed5",
        "merchant": {
            "city": "London", "country": "GB", "id": "TEST", "mcc": 9999, "name": "Test Merchant",
        },
        "merchantAmount": "20",
        "merchantCurrency": "EUR",
        "status": "pending",
        "updatedAt": "2024-03-05T09:42:07Z",
    })
}

#[test]
fn a_card_is_asked_for() {
    let request: CreateAccountCardRequest = survives(&json!({
        "type": "virtual",
        "billingAddress": {
            "firstLine": "18 Harbour Row", "city": "Bristol", "country": "GB", "postCode": "BS1 4RN",
        },
    }));
    assert_eq!(request.r#type, CardType::Virtual);
}

#[test]
fn a_card_is_issued() {
    let card: Card = survives(&card());
    assert_eq!(
        card.id,
        "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap()
    );
    assert_eq!(card.status, CardStatus::Issuing);
    assert_eq!(card.created_at.timestamp_subsec_nanos(), 218_364_509);
    let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
    assert_eq!(card.billing_address, Some(address));
    assert_eq!(
        (
            card.name,
            card.network,
            card.masked_pan,
            card.expiration_date
        ),
        (None, None, None, None)
    );
}

#[test]
fn a_card_comes_back_active_with_fewer_digits() {
    let mut json = card();
    json["status"] = "active".into();
    json["updatedAt"] = "2024-03-05T09:41:08.1Z".into();
    json["createdAt"] = "2024-03-05T09:41:07.218364Z".into();
    let card: Card = survives(&json);
    assert!(card.status.is_active());
}

#[test]
fn a_status_still_to_come_survives_and_so_does_the_card() {
    let mut json = card();
    json["status"] = "frozen".into();
    json["network"] = "girocard".into();
    let card: Card = survives(&json);
    assert_eq!(card.status, CardStatus::Unknown("frozen".to_owned()));
    assert_eq!(
        card.network.as_ref().map(CardNetwork::as_str),
        Some("girocard")
    );
}

#[test]
fn a_property_still_to_come_is_ignored() {
    let mut json = card();
    json["nickname"] = "Holidays".into();
    assert_eq!(
        serde_json::from_value::<Card>(json).unwrap(),
        survives(&card())
    );
}

#[test]
fn null_is_absence_when_reading() {
    let mut json = card();
    json["name"] = Value::Null;
    assert_eq!(serde_json::from_value::<Card>(json).unwrap().name, None);
}

#[test]
fn what_is_required_is_demanded_by_its_name() {
    let mut json = card();
    json.as_object_mut().unwrap().remove("accountId");
    assert!(super::rejection::<Card>(&json).contains("accountId"));
}

#[test]
fn an_amount_is_authorised() {
    let request: SimulateCardAuthorisationRequest =
        survives(&json!({ "amount": "20.0", "currency": "EUR", "capture": true }));
    let response: Authorisation = survives(&authorisation());
    assert_eq!(request.amount, response.amount);
    assert_eq!(response.exchange_rate, Decimal::ONE);
    assert_eq!(response.merchant.mcc, 9999);
}

#[test]
fn a_transaction_has_its_tokens_and_fees() {
    let mut json = authorisation();
    let more = json!({
        "authorisationId": "5a4dc8a2-8e8a-4b37-8bb2-6a8e0c1a1ed5",
        "chainTransactions": [{ "chainId": "eip155:300:0x01", "createdAt": "2024-03-05T09:43:00Z" }],
        "direction": "debit",
        "fees": [{ "type": "network", "tokenAmount": "0.000000000000000001" }],
        "status": "processed",
        "token": "eip155:300/erc20:0x02",
        "tokenAmount": "21.123456789012345678",
    });
    json.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let transaction: Transaction = survives(&json);
    assert_eq!(transaction.fees[0].token_amount.scale(), 18);
    assert_eq!(transaction.token.namespace(), Some("erc20"));
}

#[test]
fn a_customer_is_a_part_of_the_response_that_creates_one() {
    let json = json!({
        "id": "7d3a7d2e-51b5-4a2e-9a43-7d1a3c1f4b11",
        "externalId": "jane",
        "chainId": "eip155:300:0x3C469E9d6C5875D37a43f353D4F88E61FcF812C6",
        "status": "initiating",
        "createdAt": "2024-03-05T09:00:00Z",
        "updatedAt": "2024-03-05T09:00:00Z",
        "challenge": "c2lnbiBtZQ==",
    });
    let created: CreateCustomerResponse = survives(&json);
    let challenge: OwnerChallenge = created.clone().into();
    assert_eq!(challenge.challenge.as_bytes(), b"sign me");
    let customer: Customer = created.into();
    assert_eq!(customer.status, CustomerStatus::Initiating);
}
