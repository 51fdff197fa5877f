//! Connections that are used again, and are not there any more.

use offblocks_client::{ErrorKind, KeyId, SigningKey};

use super::run::{account, card, client, order};
use super::script::{Act, Script};

#[tokio::test]
async fn a_connection_is_used_again() {
    let script = Script::start([]).await;
    let client = client(&script.url);
    for _ in 0..5 {
        client.get_card(card()).await.unwrap();
    }
    assert_eq!(script.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_costs_no_call() {
    let Act::Send(good) = Act::good() else {
        unreachable!("it is sent whole");
    };
    let script = Script::start(vec![Act::Close(good); 20]).await;
    let client = client(&script.url);
    for number in 0..10 {
        let ordered = client.create_account_card(account(), order()).await;
        ordered.unwrap_or_else(|error| panic!("order {number}: {error}"));
        let read = client.get_card(card()).await;
        read.unwrap_or_else(|error| panic!("read {number}: {error}"));
    }
    let mut keys = script.keys();
    keys.retain(|key| !key.is_empty());
    keys.dedup();
    assert_eq!(keys.len(), 10, "each order has one key");
}

#[tokio::test]
async fn a_connection_closed_on_reuse_is_replaced_for_what_can_be_repeated() {
    let script = Script::start([Act::good(), Act::Close(Vec::new())]).await;
    let client = client(&script.url);
    client.get_card(card()).await.unwrap();
    let ordered = client.create_account_card(account(), order()).await;
    assert_eq!(ordered.unwrap().attempts(), 2);
    let keys = script.keys();
    assert_eq!((keys.len(), &keys[1]), (3, &keys[2]));
}

/// The calls below `/auth` have no idempotency key, so whether to repeat one is for people to say.
#[tokio::test]
async fn a_change_without_a_key_is_not_repeated() {
    let script = Script::start([Act::good(), Act::Close(Vec::new())]).await;
    let client = client(&script.url);
    client.get_card(card()).await.unwrap();
    let (key, id) = (SigningKey::generate().unwrap(), uuid::Uuid::from_u128(5));
    let id = KeyId::new(id.to_string()).unwrap();
    let error = client.register_signing_key(&key, &id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    assert!(error.is_outcome_unknown(), "{error}");
    assert!(error.to_string().contains("check that before"), "{error}");
    assert_eq!(script.requests().len(), 2);
}
