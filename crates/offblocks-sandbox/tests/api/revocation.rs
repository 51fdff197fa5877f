//! What is revoked while a call is under way lets that call do nothing.

use futures_util::future::join_all;
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_signature::SigningKey;
use serde_json::json;

use crate::common::{Call, Caller, Raw, Stage, status};

const OTHER_KEY: &str = "11111111-2222-4333-8444-555555555555";
const KEY: &str = "5f0f5a0c-6f1f-4f0e-9a50-0f5f1c2ad7aa";

/// A call whose head was verified, and whose body the server waits for.
struct Begun {
    connection: Raw,
    body: Vec<u8>,
}

impl Begun {
    async fn of(caller: &Caller, call: &Call<'_>) -> Self {
        let raw = call.raw();
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let mut connection = Raw::to(&caller.base_url).await;
        connection.send(&raw[..end]).await;
        connection.send("\r\nexpect: 100-continue\r\n\r\n").await;
        let interim = connection.head().await;
        assert!(interim.starts_with("HTTP/1.1 100 "), "{interim}");
        Self {
            connection,
            body: raw[end + 4..].to_vec(),
        }
    }

    /// Its status, once its body is there.
    async fn end(mut self) -> u16 {
        self.connection.send(&self.body).await;
        status(&self.connection.head().await)
    }
}

fn subscribe(caller: &Caller) -> Call<'_> {
    let body = json!({"callbackUrl": "http://127.0.0.1:9/hooks", "types": ["card.updated"]});
    caller.call("PUT", "/webhooks").body(body).key(KEY)
}

fn replace_credentials<'a>(caller: &'a Caller, secret: &str) -> Call<'a> {
    let body = json!({"apiKey": OTHER_KEY, "apiSecret": secret});
    let call = caller.call("PUT", "/auth/credentials");
    call.body(body).unsigned()
}

#[tokio::test]
async fn deleted_credentials_do_not_come_back_by_a_call_that_began_before() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let secret = "a secret that came too late";
    let begun = Begun::of(caller, &replace_credentials(caller, secret)).await;
    let body = json!({"apiKey": DEFAULT_API_KEY});
    let delete = caller.call("DELETE", "/auth/credentials").body(body);
    delete.unsigned().send().await.expect(204);
    assert_eq!(begun.end().await, 401);
    for (key, secret) in [
        (OTHER_KEY, secret),
        (&*DEFAULT_API_KEY.to_string(), DEFAULT_API_SECRET),
    ] {
        caller.ask_for_token(key, secret).await.rejected(401);
    }
    stage.stop().await;
}

#[tokio::test]
async fn of_equal_replacements_with_one_token_one_is_made() {
    let stage = Stage::new().await;
    let secrets = [
        "one secret of a test",
        "another secret of a test",
        "a third one of a test",
    ];
    let calls = secrets.map(|secret| replace_credentials(&stage.caller, secret).send());
    let responses = join_all(calls).await;
    let made: Vec<_> = responses.iter().map(|response| response.status).collect();
    assert_eq!(
        made.iter().filter(|status| **status == 204).count(),
        1,
        "{made:?}"
    );
    assert_eq!(
        made.iter().filter(|status| **status == 401).count(),
        2,
        "{made:?}"
    );
    stage.stop().await;
}

#[tokio::test]
async fn a_voided_token_does_nothing_and_leaves_the_idempotency_key_free() {
    let mut stage = Stage::new().await;
    let begun = Begun::of(&stage.caller, &subscribe(&stage.caller)).await;
    let secret = "a new secret of the test";
    replace_credentials(&stage.caller, secret)
        .send()
        .await
        .expect(204);
    assert_eq!(begun.end().await, 401);
    let token = stage
        .caller
        .ask_for_token(OTHER_KEY, secret)
        .await
        .expect(200);
    stage.caller.token = token["token"].as_str().unwrap().to_owned();
    assert_eq!(stage.caller.get("/webhooks").await.expect(200), json!([]));
    subscribe(&stage.caller).send().await.expect(200);
    stage.stop().await;
}

#[tokio::test]
async fn a_signing_key_that_was_removed_or_replaced_signs_nothing_more() {
    for replaced in [false, true] {
        let mut stage = Stage::new().await;
        let begun = Begun::of(&stage.caller, &subscribe(&stage.caller)).await;
        if replaced {
            stage.caller.key = SigningKey::generate().unwrap();
            stage.caller.upload_key().await.expect(204);
        } else {
            let body = json!({"signingKeyId": stage.caller.key_id.as_str()});
            let delete = stage.caller.call("DELETE", "/auth/signing").body(body);
            delete.unsigned().send().await.expect(204);
        }
        assert_eq!(begun.end().await, 401, "replaced: {replaced}");
        stage.caller.upload_key().await.expect(204);
        assert_eq!(stage.caller.get("/webhooks").await.expect(200), json!([]));
        stage.stop().await;
    }
}

#[tokio::test]
async fn another_key_that_is_removed_meanwhile_changes_nothing() {
    let stage = Stage::new().await;
    let begun = Begun::of(&stage.caller, &subscribe(&stage.caller)).await;
    let key = SigningKey::generate().unwrap().public_key().to_base64_pem();
    let body = json!({"signingKeyId": OTHER_KEY, "signingKey": key});
    let put = stage.caller.call("PUT", "/auth/signing").body(body);
    put.unsigned().send().await.expect(204);
    assert_eq!(begun.end().await, 200);
    stage.stop().await;
}
