//! The example request of RFC 9421, appendix B, and the signatures made of it there.
//!
//! Those signatures use other algorithms than the one this crate verifies, so their bases are
//! checked: against the texts of the RFC, and with the RFC's Ed25519 and HMAC keys.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Method, Uri};
use offblocks_signature::{ContentDigest, Message, SIGNATURE, SIGNATURE_INPUT, explain};

const DIGEST: &str = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";

/// The signature base of the example request under this `Signature-Input`.
fn base(input: &str) -> String {
    let label = input.split_once('=').unwrap().0;
    let headers = headers(input, &format!("{label}=:AAAA:"));
    let uri = Uri::from_static("/foo?param=Value&Pet=dog");
    let message = Message::new(&Method::POST, &uri, &headers);
    let explanation = explain(&message, Some(label)).unwrap();
    explanation.signature_base.unwrap()
}

fn headers(input: &str, signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "example.com"),
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("content-type", "application/json"),
        ("content-digest", DIGEST),
        ("content-length", "18"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(SIGNATURE_INPUT, input.parse().unwrap());
    headers.insert(SIGNATURE, signature.parse().unwrap());
    headers
}

#[test]
fn the_digest_of_the_example() {
    let headers = headers("sig=()", "sig=:AAAA:");
    assert_eq!(
        ContentDigest::verify(&headers, br#"{"hello": "world"}"#),
        Ok(())
    );
}

#[test]
fn the_base_of_section_2_5() {
    let params = concat!(
        r#"("@method" "@authority" "@path" "content-digest" "content-length" "content-type")"#,
        r#";created=1618884473;keyid="test-key-rsa-pss""#
    );
    let expected = [
        r#""@method": POST"#,
        r#""@authority": example.com"#,
        r#""@path": /foo"#,
        &format!(r#""content-digest": {DIGEST}"#),
        r#""content-length": 18"#,
        r#""content-type": application/json"#,
        &format!(r#""@signature-params": {params}"#),
    ];
    assert_eq!(base(&format!("sig1={params}")), expected.join("\n"));
}

#[test]
fn a_signature_that_covers_nothing() {
    let params = r#"();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd""#;
    let expected = format!(r#""@signature-params": {params}"#);
    assert_eq!(base(&format!("sig-b21={params}")), expected);
}

#[test]
fn a_signature_that_covers_some_components() {
    let params = concat!(
        r#"("@authority" "content-digest" "@query-param";name="Pet")"#,
        r#";created=1618884473;keyid="test-key-rsa-pss";tag="header-example""#
    );
    let expected = [
        r#""@authority": example.com"#,
        &format!(r#""content-digest": {DIGEST}"#),
        r#""@query-param";name="Pet": dog"#,
        &format!(r#""@signature-params": {params}"#),
    ];
    assert_eq!(base(&format!("sig-b22={params}")), expected.join("\n"));
}

#[test]
fn a_signature_that_covers_everything() {
    let params = concat!(
        r#"("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "#,
        r#""content-length");created=1618884473;keyid="test-key-rsa-pss""#
    );
    let expected = [
        r#""date": Tue, 20 Apr 2021 02:07:55 GMT"#,
        r#""@method": POST"#,
        r#""@path": /foo"#,
        r#""@query": ?param=Value&Pet=dog"#,
        r#""@authority": example.com"#,
        r#""content-type": application/json"#,
        &format!(r#""content-digest": {DIGEST}"#),
        r#""content-length": 18"#,
        &format!(r#""@signature-params": {params}"#),
    ];
    assert_eq!(base(&format!("sig-b23={params}")), expected.join("\n"));
}

#[test]
fn the_ed25519_signature_of_the_rfc_is_one_of_our_base() {
    let base = base(concat!(
        r#"sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")"#,
        r#";created=1618884473;keyid="test-key-ed25519""#
    ));
    let key = STANDARD
        .decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
        .unwrap();
    let signature =
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";
    UnparsedPublicKey::new(&ED25519, key)
        .verify(base.as_bytes(), &STANDARD.decode(signature).unwrap())
        .unwrap_or_else(|_| panic!("the RFC signed another base than\n{base}"));
}

#[test]
fn the_hmac_of_the_rfc_is_one_of_our_base() {
    let base = base(concat!(
        r#"sig-b25=("date" "@authority" "content-type")"#,
        r#";created=1618884473;keyid="test-shared-secret""#
    ));
    let secret =
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(secret).unwrap());
    let tag = STANDARD
        .decode("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=")
        .unwrap();
    hmac::verify(&key, base.as_bytes(), &tag)
        .unwrap_or_else(|_| panic!("the RFC signed another base than\n{base}"));
}
