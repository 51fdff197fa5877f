//! Tokens, credentials, signing keys and signatures.

use std::time::Duration;

use crate::common::{Stage, encode};
use http::HeaderValue;
use offblocks_sandbox::{Clock as _, DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_signature::{KeyId, SigningKey};
use serde_json::{Value, json};

const OTHER_KEY: &str = "11111111-2222-4333-8444-555555555555";

#[tokio::test]
async fn tokens_are_given_for_the_right_credentials_only() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let key = DEFAULT_API_KEY.to_string();
    let token = caller
        .ask_for_token(&key, DEFAULT_API_SECRET)
        .await
        .expect(200);
    assert_eq!(token["tokenType"], "Bearer");
    assert_eq!(token["expiresAt"], stage.clock.now().timestamp() + 3600);
    assert_eq!(token["token"].as_str().unwrap().split('.').count(), 3);
    let wrong = caller.ask_for_token(&key, "wrong").await;
    wrong.rejected(401);
    assert_eq!(wrong.www_authenticate.as_deref(), Some("Bearer"));
    caller
        .ask_for_token(OTHER_KEY, DEFAULT_API_SECRET)
        .await
        .rejected(401);
    caller
        .ask_for_token("no uuid", DEFAULT_API_SECRET)
        .await
        .rejected(400);
    stage.stop().await;
}

#[tokio::test]
async fn a_token_opens_until_it_expires() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    caller.get("/customers").await.expect(200);
    caller
        .call("GET", "/customers")
        .anonymous()
        .send()
        .await
        .rejected(401);
    caller
        .call("GET", "/customers")
        .token("not.a.token")
        .send()
        .await
        .rejected(401);
    stage.clock.advance(Duration::from_secs(3600));
    let detail = caller.get("/customers").await.rejected(401);
    assert!(detail.contains("expired"), "{detail}");
    stage.stop().await;
}

#[tokio::test]
async fn new_credentials_void_the_old_ones_and_every_token() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let second = caller
        .ask_for_token(&DEFAULT_API_KEY.to_string(), DEFAULT_API_SECRET)
        .await;
    let second = second.expect(200)["token"].as_str().unwrap().to_owned();
    caller
        .call("GET", "/customers")
        .token(&second)
        .send()
        .await
        .expect(200);

    let body = json!({"apiKey": OTHER_KEY, "apiSecret": "a secret of our own"});
    let change = caller
        .call("PUT", "/auth/credentials")
        .body(body)
        .unsigned()
        .keyless();
    change.send().await.expect(204);
    let detail = caller.get("/customers").await.rejected(401);
    assert!(detail.contains("revoked"), "{detail}");
    caller
        .call("GET", "/customers")
        .token(&second)
        .send()
        .await
        .rejected(401);
    caller
        .ask_for_token(&DEFAULT_API_KEY.to_string(), DEFAULT_API_SECRET)
        .await
        .rejected(401);
    let token = caller
        .ask_for_token(OTHER_KEY, "a secret of our own")
        .await
        .expect(200);
    let token = token["token"].as_str().unwrap();
    caller
        .call("GET", "/customers")
        .token(token)
        .send()
        .await
        .expect(200);
    stage.stop().await;
}

/// Whoever may set a secret can log in with it, however it is written.
#[tokio::test]
async fn the_longest_secret_logs_in_and_a_longer_one_cannot_be_set() {
    let stage = Stage::with(|settings| settings.limits.anonymous_body_bytes = 8 * 1024).await;
    let mut caller = stage.caller;
    for secret in ["x".repeat(513), "x".repeat(20_000)] {
        let body = json!({"apiKey": OTHER_KEY, "apiSecret": secret});
        let change = caller.call("PUT", "/auth/credentials").body(body);
        let reason = change.unsigned().keyless().send().await.rejected(400);
        assert!(reason.contains("at most 512 characters"), "{reason}");
    }
    caller.get("/customers").await.expect(200);
    let secret = "\u{1d11e}".repeat(512);
    let body = json!({"apiKey": OTHER_KEY, "apiSecret": secret});
    let change = caller.call("PUT", "/auth/credentials").body(body);
    change.unsigned().keyless().send().await.expect(204);
    let escaped = "\\ud834\\udd1e".repeat(512);
    let body = format!(r#"{{"apiKey": "{OTHER_KEY}", "apiSecret": "{escaped}"}}"#);
    let url = format!("{}/auth/token", caller.base_url);
    let login = reqwest::Client::new().post(url).body(body);
    let login = login.header("content-type", "application/json").send();
    let text = login.await.unwrap().text().await.unwrap();
    let token: Value = serde_json::from_str(&text).unwrap();
    caller.token = token["token"].as_str().expect(&text).to_owned();
    caller.get("/customers").await.expect(200);
}

#[tokio::test]
async fn deleted_credentials_are_gone_for_good() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let delete = |key: &str| {
        caller
            .call("DELETE", "/auth/credentials")
            .body(json!({"apiKey": key}))
            .unsigned()
            .keyless()
    };
    delete(OTHER_KEY).send().await.rejected(400);
    caller.get("/customers").await.expect(200);
    delete(&DEFAULT_API_KEY.to_string())
        .send()
        .await
        .expect(204);
    let reason = caller.get("/customers").await.rejected(401);
    assert!(reason.contains("credentials were deleted"), "{reason}");
    caller
        .ask_for_token(&DEFAULT_API_KEY.to_string(), DEFAULT_API_SECRET)
        .await
        .rejected(401);
    stage.stop().await;
}

#[tokio::test]
async fn only_public_p384_keys_are_registered() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let private = SigningKey::generate().unwrap().to_pkcs8_pem().unwrap();
    let p256 = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n\
        6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n\
        -----END PUBLIC KEY-----\n";
    for (key, reason) in [
        (encode(private.as_bytes()), "private"),
        (encode(p256.as_bytes()), "P-256"),
        (encode(b"garbage"), "PEM"),
        ("not base64!".to_owned(), "/signingKey"),
    ] {
        let body = json!({"signingKeyId": OTHER_KEY, "signingKey": key});
        let put = caller
            .call("PUT", "/auth/signing")
            .body(body)
            .unsigned()
            .keyless();
        let detail = put.send().await.rejected(400);
        assert!(detail.contains(reason), "{reason}: {detail}");
        assert!(
            !detail.contains("MFkw"),
            "no key material belongs in a rejection: {detail}"
        );
    }
    stage.stop().await;
}

#[tokio::test]
async fn several_keys_are_valid_at_once_until_deleted() {
    let mut stage = Stage::new().await;
    let first = (stage.caller.key.clone(), stage.caller.key_id.clone());
    stage.caller.key = SigningKey::generate().unwrap();
    stage.caller.key_id = KeyId::new(OTHER_KEY).unwrap();
    stage.caller.get("/customers").await.rejected(401);
    stage.caller.upload_key().await.expect(204);
    stage.caller.get("/customers").await.expect(200);
    let delete = |key: &str| {
        let body = json!({"signingKeyId": key});
        stage
            .caller
            .call("DELETE", "/auth/signing")
            .body(body)
            .unsigned()
            .keyless()
    };
    delete(OTHER_KEY).send().await.expect(204);
    delete(OTHER_KEY).send().await.rejected(400);
    stage.caller.get("/customers").await.rejected(401);
    (stage.caller.key, stage.caller.key_id) = first;
    stage.caller.get("/customers").await.expect(200);
    stage.stop().await;
}

#[tokio::test]
async fn what_is_not_signed_as_it_was_sent_is_rejected() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let body = json!({"chainId": "eip155:300:0x00", "externalId": "x"});
    let post = || caller.call("POST", "/customers").body(body.clone());
    caller
        .call("GET", "/customers")
        .unsigned()
        .send()
        .await
        .rejected(401);
    post().unsigned().send().await.rejected(401);
    for header in ["signature", "signature-input", "content-digest"] {
        post()
            .send_changed(|headers| drop(headers.remove(header)))
            .await
            .rejected(401);
    }
    let forged = HeaderValue::from_static("sha-512=:AAAA:");
    let swap = |headers: &mut http::HeaderMap| drop(headers.insert("content-digest", forged));
    post().send_changed(swap).await.rejected(401);
    let late = caller.call("GET", "/customers");
    stage.clock.advance(Duration::from_secs(301));
    late.send().await.expect(200);
    assert_eq!(
        caller.get("/customers").await.expect(200),
        Value::Array(vec![])
    );
    stage.stop().await;
}

#[tokio::test]
async fn paths_and_methods_are_judged_before_authentication() {
    let stage = Stage::new().await;
    let stranger = |method: &str, path: &str| {
        stage
            .caller
            .call(method, path)
            .anonymous()
            .unsigned()
            .send()
    };
    stranger("GET", "/nothing").await.rejected(404);
    stranger("DELETE", "/customers").await.rejected(405);
    stranger("OPTIONS", "/customers").await.rejected(405);
    stage.stop().await;
}

#[tokio::test]
async fn zero_bytes_behind_a_secret_do_not_log_in() {
    let stage = Stage::new().await;
    let key = DEFAULT_API_KEY.to_string();
    for zeros in 1..=3 {
        let padded = format!("{DEFAULT_API_SECRET}{}", "\0".repeat(zeros));
        stage
            .caller
            .ask_for_token(&key, &padded)
            .await
            .rejected(401);
    }
    stage.stop().await;
}

#[tokio::test]
async fn secrets_that_are_easily_guessed_are_rejected() {
    let stage = Stage::new().await;
    for secret in ["", "x", "        ", "1234567", "with a zero byte\0"] {
        let body = json!({"apiKey": OTHER_KEY, "apiSecret": secret});
        let change = stage.caller.call("PUT", "/auth/credentials").body(body);
        let detail = change.unsigned().keyless().send().await.rejected(400);
        assert!(detail.contains("secret"), "{secret:?}: {detail}");
    }
    // The credentials of before are still in force.
    stage.caller.get("/customers").await.expect(200);
    stage.stop().await;
}
