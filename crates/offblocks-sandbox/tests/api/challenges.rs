//! Ownership challenges: what they say, who may sign them, and for how long.

use std::time::Duration;

use crate::common::{LocalWallet, Stage, decode, encode, forged, signed, text};
use serde_json::{Value, json};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A new customer, its path, and the path that takes signatures.
async fn customer(stage: &Stage, wallet: &LocalWallet) -> (Value, String, String) {
    let customer = stage.caller.new_customer(wallet, "customer-1").await;
    let path = format!("/customers/{}", text(&customer, "id"));
    let sign = format!("{path}/challenge/sign");
    (customer, path, sign)
}

#[tokio::test]
async fn a_challenge_is_a_sign_in_with_ethereum_message() {
    let stage = Stage::new().await;
    let wallet = LocalWallet::numbered(1);
    let (customer, ..) = customer(&stage, &wallet).await;
    let message = String::from_utf8(decode(&text(&customer, "challenge"))).unwrap();
    let message: siwe::Message = message.parse().unwrap();
    assert_eq!(message.domain, "api.sandbox.offblocks.xyz");
    assert_eq!(
        wallet.owner().to_string(),
        format!("eip155:300:{}", siwe::eip55(&message.address))
    );
    assert_eq!(message.chain_id, 300);
    assert_eq!(message.uri.as_str(), "https://api.sandbox.offblocks.xyz");
    assert_eq!(message.issued_at.to_string(), "2026-01-02T03:04:05.123Z");
    assert_eq!(
        message.expiration_time.unwrap().to_string(),
        "2026-01-02T04:04:05.123Z"
    );
    assert!(message.nonce.len() >= 8 && message.statement.is_some());
    stage.stop().await;
}

#[tokio::test]
async fn signatures_are_taken_raw_and_as_hex_text() {
    for (number, form) in ["0x-hex", "hex", "raw", "raw with v 0 or 1"]
        .into_iter()
        .enumerate()
    {
        let stage = Stage::new().await;
        let wallet = LocalWallet::numbered(u32::try_from(number).unwrap() + 1);
        let (customer, path, sign) = customer(&stage, &wallet).await;
        let mut raw = wallet
            .sign_challenge(&decode(&text(&customer, "challenge")))
            .unwrap();
        let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut body = signed(&wallet, &customer);
        body["signature"] = json!(match form {
            "0x-hex" => encode(format!("0x{hex}\n").as_bytes()),
            "hex" => encode(hex.to_uppercase().as_bytes()),
            "raw" => encode(&raw),
            _ => {
                raw[64] -= 27;
                encode(&raw)
            }
        });
        let response = stage.caller.post(&sign, body).await;
        assert_eq!(response.status, 204, "{form}: {}", response.text);
        assert_eq!(stage.caller.status(&path).await, "verifying", "{form}");
        stage.stop().await;
    }
}

#[tokio::test]
async fn a_wrong_signature_voids_the_challenge() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (wallet, stranger) = (LocalWallet::numbered(1), LocalWallet::numbered(2));
    let (first, path, sign) = customer(&stage, &wallet).await;
    let with = |owner: &Value, member: &str, value: String| {
        let mut body = signed(&wallet, owner);
        body[member] = json!(value);
        body
    };
    let strangers = |owner: &Value| {
        let raw = forged(&decode(&text(owner, "challenge")));
        with(owner, "signature", encode(&raw))
    };
    let mut current = first.clone();
    for spoil in 0..4 {
        let body = match spoil {
            0 => strangers(&current),
            1 => with(&current, "signature", encode(b"0x1234")),
            2 => with(&current, "signature", encode(&[29; 65])),
            _ => with(&current, "ownerId", stranger.owner().to_string()),
        };
        let detail = caller.post(&sign, body).await.rejected(400);
        assert!(detail.contains("new challenge"), "{detail}");
        let next = caller.get(&format!("{path}/challenge")).await.expect(200);
        assert_ne!(
            next["challenge"], current["challenge"],
            "spoiled in way {spoil}"
        );
        current["challenge"] = next["challenge"].clone();
        assert_eq!(caller.status(&path).await, "initiating");
    }
    let detail = caller
        .post(&sign, signed(&wallet, &first))
        .await
        .rejected(400);
    assert!(detail.contains("issued last"), "{detail}");
    caller
        .post(&sign, signed(&wallet, &current))
        .await
        .expect(204);
    stage.stop().await;
}

#[tokio::test]
async fn a_challenge_is_signed_once() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let (customer, path, sign) = customer(&stage, &wallet).await;
    let again = caller.get(&format!("{path}/challenge")).await.expect(200);
    assert_eq!(
        again["challenge"], customer["challenge"],
        "it still waits for its signature"
    );
    caller
        .post(&sign, signed(&wallet, &customer))
        .await
        .expect(204);
    caller
        .post(&sign, signed(&wallet, &customer))
        .await
        .rejected(409);
    caller.get(&format!("{path}/challenge")).await.rejected(400);
    stage.stop().await;
}

#[tokio::test]
async fn a_challenge_lives_for_an_hour() {
    let stage = Stage::new().await;
    let wallet = LocalWallet::numbered(1);
    let (first, path, sign) = customer(&stage, &wallet).await;
    stage.clock.advance(HOUR);
    let mut caller = stage.caller;
    caller.log_in().await;
    let detail = caller
        .post(&sign, signed(&wallet, &first))
        .await
        .rejected(400);
    assert!(detail.contains("expired"), "{detail}");
    let fresh = caller.get(&format!("{path}/challenge")).await.expect(200);
    assert_ne!(fresh["challenge"], first["challenge"]);
    caller
        .post(&sign, signed(&wallet, &fresh))
        .await
        .expect(204);
}

/// A 409 is for what was signed before.
#[tokio::test]
async fn an_account_that_failed_unsigned_has_nothing_to_sign() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let customer = caller.active_customer(&wallet, "customer-1").await;
    let account = caller.new_account(&customer).await;
    let id = text(&account, "id");
    stage
        .sandbox
        .fail_account(id.parse().unwrap())
        .await
        .unwrap();
    let path = format!("/accounts/{id}/challenge");
    let sign = format!("{path}/sign");
    for response in [
        caller.post(&sign, signed(&wallet, &account)).await,
        caller.get(&path).await,
    ] {
        let detail = response.rejected(400);
        assert_eq!(detail, "the account is failed: nothing to sign");
    }
    stage.stop().await;
}

#[tokio::test]
async fn fetching_an_accounts_challenge_voids_the_one_before() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let customer = caller.active_customer(&wallet, "customer-1").await;
    let first = caller.new_account(&customer).await;
    let path = format!("/accounts/{}", text(&first, "id"));
    let second = caller.get(&format!("{path}/challenge")).await.expect(200);
    assert_ne!(second["challenge"], first["challenge"]);
    let sign = format!("{path}/challenge/sign");
    caller
        .post(&sign, signed(&wallet, &first))
        .await
        .rejected(400);
    caller
        .post(&sign, signed(&wallet, &second))
        .await
        .expect(204);
    caller
        .post(&sign, signed(&wallet, &second))
        .await
        .rejected(409);
    assert_eq!(caller.status(&path).await, "active");
    stage.stop().await;
}

#[tokio::test]
async fn the_consent_to_a_closing_is_signed_once() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let customer = caller.active_customer(&wallet, "customer-1").await;
    let account = caller.active_account(&wallet, &customer).await;
    let path = format!("/accounts/{account}");
    caller.delete(&path).await.expect(204);
    let challenge = format!("{path}/challenge");
    let consent = caller.get(&challenge).await.expect(200);
    let sign = format!("{challenge}/sign");
    let body = signed(&wallet, &consent);
    caller.post(&sign, body.clone()).await.expect(204);
    caller.post(&sign, body.clone()).await.rejected(409);
    let detail = caller.get(&challenge).await.rejected(400);
    assert!(detail.contains("already signed"), "{detail}");
    caller.post(&sign, body).await.rejected(409);
    assert_eq!(caller.status(&path).await, "closed");
    stage.stop().await;
}

#[tokio::test]
async fn an_accounts_signature_is_checked_only_when_told() {
    for (check, status) in [(false, 204), (true, 400)] {
        let stage = Stage::with(|settings| settings.check_account_signatures = check).await;
        let caller = &stage.caller;
        let wallet = LocalWallet::numbered(1);
        let customer = caller.active_customer(&wallet, "customer-1").await;
        let account = caller.new_account(&customer).await;
        let sign = format!("/accounts/{}/challenge/sign", text(&account, "id"));
        let mut body = signed(&wallet, &account);
        body["signature"] = json!(encode(&forged(&decode(&text(&account, "challenge")))));
        assert_eq!(
            caller.post(&sign, body).await.status,
            status,
            "checked: {check}"
        );
        stage.stop().await;
    }
}

#[tokio::test]
async fn an_account_whose_customer_is_inactive_fails_its_validation() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let customer = caller.active_customer(&wallet, "customer-1").await;
    let account = caller.new_account(&customer).await;
    caller
        .patch(&format!("/customers/{customer}/deactivate"))
        .await
        .expect(200);
    let path = format!("/accounts/{}", text(&account, "id"));
    caller
        .post(&format!("{path}/challenge/sign"), signed(&wallet, &account))
        .await
        .expect(204);
    assert_eq!(caller.status(&path).await, "failed");
    // It was signed, so signing it again is a conflict.
    caller
        .post(&format!("{path}/challenge/sign"), signed(&wallet, &account))
        .await
        .rejected(409);
    stage.stop().await;
}
