//! The operations on subscriptions.

use std::time::Duration;

use offblocks_sandbox::{Database, DeliveryStatus, testing};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{deliveries_once, make_customers};
use crate::common::{ALL, Direct, Receiver, Stage, chosen, text};

#[tokio::test]
async fn a_subscription_is_made_replaced_read_listed_and_deleted() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    assert_eq!(caller.get("/webhooks").await.expect(200), json!([]));
    let url = "http://127.0.0.1:9/hooks";
    let types = ["card.updated", "transaction.updated", "card.updated"];
    let made = caller.subscribe(url, &types).await;
    assert_eq!(made["callbackUrl"], url);
    assert_eq!(
        made["types"],
        json!(["card.updated", "transaction.updated"])
    );
    assert_eq!(made["createdAt"], made["updatedAt"]);
    let id = text(&made, "id");
    let path = format!("/webhooks/{id}");

    let other = "http://localhost:9/other";
    let body = json!({"id": id, "callbackUrl": other, "types": ["customer.updated"]});
    let replace = caller.call("PUT", "/webhooks").body(body).send().await;
    let replaced = replace.expect(200);
    assert_eq!(replaced["callbackUrl"], other);
    assert_eq!(replaced["types"], json!(["customer.updated"]));
    assert!(text(&replaced, "updatedAt") > text(&made, "updatedAt"));
    let second = text(&caller.subscribe(url, ALL).await, "id");
    let read = caller.get(&path).await.expect(200);
    assert_eq!(read["types"], json!(["customer.updated"]));
    let listed = caller.get("/webhooks").await.expect(200);
    let listed: Vec<_> = listed.as_array().unwrap().iter().collect();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0], &read);
    assert_eq!(
        (text(listed[1], "id"), &listed[1]["types"]),
        (second, &json!(ALL))
    );

    assert_eq!(caller.delete(&path).await.expect(204), Value::Null);
    caller.get(&path).await.rejected(404);
    caller.delete(&path).await.rejected(404);
    // The operation documents no 404.
    let body = json!({"id": id, "callbackUrl": other, "types": ["customer.updated"]});
    let gone = caller.call("PUT", "/webhooks").body(body).send().await;
    assert!(gone.rejected(400).contains(&id));
    stage.stop().await;
}

/// A URL of so many characters.
fn long(length: usize) -> String {
    let begin = "http://127.0.0.1:9/";
    format!("{begin}{}", "x".repeat(length - begin.len()))
}

/// As an older version let it be saved.
#[tokio::test]
async fn a_delivery_whose_request_cannot_be_made_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let database = chosen(Database::File(folder.path().join("sandbox.db")));
    let stage = Stage::with(|settings| settings.database = database.clone()).await;
    let receiver = Receiver::start().await;
    let webhook = stage.caller.subscribe(receiver.url(), ALL).await;
    let mut direct = Direct::to(&database).await;
    let change = "UPDATE webhooks SET callback_url = $1";
    direct.run(change, &[&long(66_000)]).await;
    make_customers(&stage.caller, 0..1).await;
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(1)).await;
    assert!(super::is_waiting(&deliveries[0]), "{deliveries:?}");
    let outcome = &deliveries[0].attempts[0].outcome;
    let expected = "the callback URL cannot be requested";
    assert!(format!("{outcome:?}").contains(expected), "{outcome:?}");
    let body = json!({"id": webhook["id"], "callbackUrl": receiver.url(), "types": ALL});
    let call = stage.caller.call("PUT", "/webhooks").body(body);
    call.send().await.expect(200);
    stage.clock.advance(Duration::from_secs(1));
    receiver.received(1).await;
    stage.stop().await;
}

#[tokio::test]
async fn what_cannot_be_delivered_to_is_not_subscribed() {
    let stage = Stage::with(|settings| {
        settings.allow_webhook_hosts.insert("10.0.0.7".to_owned());
    })
    .await;
    for (url, types, status) in [
        ("http://127.0.0.1:9/", json!(["card.updated"]), 200),
        ("http://[::1]:9/", json!(["card.updated"]), 200),
        ("http://10.0.0.7/", json!(["card.updated"]), 200),
        // A name is judged when it is connected to.
        (
            "https://bank.example/hooks/offblocks",
            json!(["card.updated"]),
            200,
        ),
        ("http://10.0.0.8/", json!(["card.updated"]), 400),
        ("http://169.254.169.254/", json!(["card.updated"]), 400),
        ("ftp://127.0.0.1/", json!(["card.updated"]), 400),
        ("http://me:secret@127.0.0.1/", json!(["card.updated"]), 400),
        ("/hooks", json!(["card.updated"]), 400),
        (&long(8_000), json!(["card.updated"]), 200),
        (&long(8_001), json!(["card.updated"]), 400),
        (&long(66_000), json!(["card.updated"]), 400),
        ("http://127.0.0.1:9/", json!([]), 400),
        ("http://127.0.0.1:9/", json!(["card.created"]), 400),
        ("http://127.0.0.1:9/", json!("card.updated"), 400),
    ] {
        let body = json!({"callbackUrl": url, "types": types});
        let response = stage
            .caller
            .call("PUT", "/webhooks")
            .body(body)
            .send()
            .await;
        assert_eq!(response.status, status, "{url} {types}: {}", response.text);
        assert!(!response.text.contains("secret"), "{}", response.text);
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_callback_url_is_kept_as_it_was_written() {
    let stage = Stage::new().await;
    for url in [
        "http://127.0.0.1:9000",
        "HTTP://Localhost:80/a/../hooks?b=%7e#c",
        "https://bank.example",
    ] {
        let body = json!({"callbackUrl": url, "types": ["card.updated"]});
        let saved = stage.caller.call("PUT", "/webhooks").body(body);
        let saved = saved.send().await.expect(200);
        assert_eq!(saved["callbackUrl"], url);
        let path = format!("/webhooks/{}", saved["id"].as_str().unwrap());
        let read = stage.caller.call("GET", &path).send().await.expect(200);
        assert_eq!(read["callbackUrl"], url);
    }
    stage.stop().await;
}

#[tokio::test]
async fn the_verification_key_is_made_once_for_each_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let stage = Stage::on_file(&path).await;
    let first = stage.caller.verification_key().await;
    stage.stop().await;
    let stage = Stage::on_file(&path).await;
    let again = stage.caller.verification_key().await;
    assert_eq!((first.key_id, first.key), (again.key_id, again.key.clone()));
    stage.stop().await;
    let other = testing::builder().seed(2).start().await;
    let key = other.client().get_webhook_verification_key().send().await;
    assert_ne!(key.unwrap().key, again.key);
    other.stop().await;
}

#[tokio::test]
async fn what_waits_goes_where_the_subscription_leads_now() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (old, new) = (Receiver::start().await, Receiver::start().await);
    old.respond_with([http::StatusCode::SERVICE_UNAVAILABLE]);
    let webhook = caller.subscribe(&old.url(), &["customer.updated"]).await;
    make_customers(caller, 0..1).await;
    deliveries_once(&stage.sandbox, super::attempts(1)).await;
    // Types are replaced too, for later events only.
    let body = json!({"id": webhook["id"], "callbackUrl": new.url(), "types": ["card.updated"]});
    let replace = caller.call("PUT", "/webhooks").body(body).send().await;
    replace.expect(200);
    make_customers(caller, 1..2).await;
    stage.clock.advance(Duration::from_secs(60));
    let received = new.received(1).await;
    assert_eq!(received[0].json()["externalId"], "customer-0");
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(2)).await;
    assert_eq!(deliveries.len(), 1, "{deliveries:#?}");
    assert_eq!((old.count(), new.count()), (1, 1));
    stage.stop().await;
}

#[tokio::test]
async fn what_waits_for_a_deleted_subscription_is_discarded() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let receiver = Receiver::start().await;
    receiver.respond_with([http::StatusCode::SERVICE_UNAVAILABLE]);
    let webhook = caller.subscribe(&receiver.url(), ALL).await;
    make_customers(caller, 0..1).await;
    deliveries_once(&stage.sandbox, super::attempts(1)).await;
    let path = format!("/webhooks/{}", text(&webhook, "id"));
    caller.delete(&path).await.expect(204);
    let deliveries = stage.sandbox.deliveries(10).await.unwrap();
    assert!(super::is_discarded(&deliveries[0]), "{deliveries:#?}");
    let id = deliveries[0].id;
    let rejected = stage.sandbox.resend(id).await.unwrap_err().to_string();
    assert!(rejected.contains("no subscription"), "{rejected}");
    assert_eq!(stage.sandbox.resend_failed().await.unwrap(), 0);
    make_customers(caller, 1..2).await;
    assert_eq!(stage.sandbox.deliveries(10).await.unwrap().len(), 1);
    stage.stop().await;
}

/// As `offblocks listen --count 1` does it.
#[tokio::test]
async fn a_delivery_that_is_acknowledged_after_its_subscription_was_deleted_is_delivered() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let webhook = caller.subscribe(&url, ALL).await;
    make_customers(caller, 0..1).await;
    let (mut connection, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        assert_ne!(connection.read_buf(&mut request).await.unwrap(), 0);
    }
    let path = format!("/webhooks/{}", text(&webhook, "id"));
    caller.delete(&path).await.expect(204);
    let discarded = stage.sandbox.deliveries(10).await.unwrap();
    assert!(super::is_discarded(&discarded[0]), "{discarded:#?}");
    let response = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    connection.write_all(response).await.unwrap();
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(1)).await;
    assert!(
        matches!(deliveries[0].status, DeliveryStatus::Delivered),
        "{deliveries:#?}"
    );
    stage.stop().await;
}
