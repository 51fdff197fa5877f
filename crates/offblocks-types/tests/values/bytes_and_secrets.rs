//! Base64 and secrets.

use super::{rejection, survives};
use offblocks_types::*;
use proptest::prelude::*;
use serde_json::json;

const SECRET: &str = "correct-horse-battery-staple";

#[test]
fn bytes_are_read_with_or_without_padding() {
    for text in ["c2lnbiBtZQ==", "c2lnbiBtZQ", "c2lnbiBtZQ="] {
        let bytes: Base64 = text.parse().unwrap();
        assert_eq!(
            (bytes.as_bytes(), bytes.to_string().as_str()),
            (&b"sign me"[..], "c2lnbiBtZQ==")
        );
    }
    survives::<Base64>(&json!(""));
}

#[test]
fn what_is_no_base64_is_rejected() {
    for text in [
        "c2ln biBt",
        "c2ln\nbiBt",
        "-_-_",
        "c2lnbiBtZR==",
        "c",
        "====",
        "é",
    ] {
        let error = rejection::<Base64>(&json!(text));
        assert!(
            error.contains("not base64 in the standard alphabet"),
            "{text:?}: {error}"
        );
    }
}

#[test]
fn secrets_are_never_printed() {
    let request: GetTokenRequest = survives(&json!({
        "apiKey": "17f5ac83-4e60-42db-90b9-e6d1384f0c2a", "apiSecret": SECRET,
    }));
    let token: Authentication = survives(&json!({
        "token": SECRET, "expiresAt": 1_699_974_342, "tokenType": "Bearer",
    }));
    let update: UpdateCredentialsRequest = survives(&json!({
        "apiKey": "17f5ac83-4e60-42db-90b9-e6d1384f0c2a", "apiSecret": SECRET,
    }));
    let printed = format!(
        "{request:?} {request:#?} {token:?} {token:#?} {update:?} {:?}",
        Some(&update)
    );
    assert!(!printed.contains(SECRET), "{printed}");
    assert!(printed.contains("Secret(redacted)"), "{printed}");
    assert_eq!(request.api_secret.expose(), SECRET);
}

#[test]
fn secrets_are_not_in_the_errors_of_reading_them() {
    for json in [
        json!({ "apiKey": "x", "apiSecret": SECRET }),
        json!({ "apiSecret": SECRET }),
    ] {
        assert!(!rejection::<GetTokenRequest>(&json).contains(SECRET));
    }
}

#[test]
fn secrets_compare_by_what_they_hold() {
    assert_eq!(Secret::new("a"), Secret::from("a".to_owned()));
    for other in ["b", "", "aa"] {
        assert_ne!(Secret::new("a"), Secret::from(other));
    }
}

proptest! {
    #[test]
    fn every_sequence_of_bytes_survives(bytes: Vec<u8>) {
        let base64 = Base64::from(bytes.clone());
        let read: Base64 = base64.to_string().parse().unwrap();
        prop_assert_eq!(read.into_bytes(), bytes);
    }

    #[test]
    fn every_secret_survives_and_hides(text in "\\PC{8,40}") {
        let secret = Secret::new(text.as_str());
        let json = serde_json::to_string(&secret).unwrap();
        let hidden = !format!("{secret:?}").contains(&text);
        prop_assert!(hidden);
        prop_assert_eq!(serde_json::from_str::<Secret>(&json).unwrap(), secret);
    }
}
