//! Whatever is signed verifies; whatever is changed afterwards does not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use std::sync::LazyLock;

use http::request::Parts;
use http::{HeaderValue, Method, Request, Uri, header};
use offblocks_signature::{
    CONTENT_DIGEST, KeyId, Message, SIGNATURE, SIGNATURE_INPUT, Signer, SigningKey, Verified,
    Verifier, VerifyError,
};
use proptest::prelude::*;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());

#[derive(Clone, Debug)]
struct Sent {
    method: Method,
    scheme: &'static str,
    host: String,
    target: String,
    body: Vec<u8>,
    created: i64,
    key_id: String,
    label: String,
}

fn sent() -> impl Strategy<Value = Sent> {
    let method = prop::sample::select(vec![
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ]);
    let scheme = prop::sample::select(vec!["http", "https"]);
    let host = r"[A-Za-z][A-Za-z0-9]{0,8}(\.[a-z]{2,3})?(:(80|443|8080))?";
    let target = r"(/([A-Za-z0-9~._-]|%2F|%c3){0,6}){1,3}(\?[a-z]=[a-z0-9+%]{0,4})?";
    let body = prop::collection::vec(any::<u8>(), 0..40);
    let created = 0..4_102_444_800_i64;
    let key_id = "[ -~]{1,20}";
    let label = "[a-z*][a-z0-9_*.-]{0,6}";
    (method, scheme, host, target, body, created, key_id, label).prop_map(
        |(method, scheme, host, target, body, created, key_id, label)| Sent {
            method,
            scheme,
            host,
            target,
            body,
            created,
            key_id,
            label,
        },
    )
}

impl Sent {
    /// Signs with the absolute URI a client has.
    fn sign(&self) -> Parts {
        let uri = format!("{}://{}{}", self.scheme, self.host, self.target);
        let request = Request::builder()
            .method(&self.method)
            .uri(uri)
            .body(())
            .unwrap();
        let (mut parts, ()) = request.into_parts();
        let signer = Signer::new(KEY.clone(), &KeyId::new(&self.key_id).unwrap());
        let signer = signer.with_label(&self.label).unwrap();
        signer
            .sign_parts(&mut parts, &self.body, self.created)
            .unwrap();
        parts
    }

    /// Verifies with the path and the `Host` header a server has.
    fn verify(&self, mut parts: Parts) -> Result<Verified, VerifyError> {
        parts.uri = self.target.parse::<Uri>().unwrap();
        if !parts.headers.contains_key(header::HOST) {
            parts
                .headers
                .insert(header::HOST, HeaderValue::from_str(&self.host).unwrap());
        }
        let verifier = Verifier::builder()
            .scheme(self.scheme.parse().unwrap())
            .build();
        verifier.verify(
            &Message::from_parts(&parts),
            &self.body,
            self.created,
            |id| (id.as_str() == self.key_id).then(|| KEY.public_key()),
        )
    }
}

/// Changes one character of a header, keeping it a letter or digit.
fn change_header(parts: &mut Parts, name: header::HeaderName, place: prop::sample::Index) {
    let mut value = parts.headers[&name].as_bytes().to_vec();
    let places: Vec<usize> = (0..value.len())
        .filter(|index| value[*index].is_ascii_alphanumeric())
        .collect();
    let index = places[place.index(places.len())];
    value[index] = if value[index] == b'7' { b'3' } else { b'7' };
    parts
        .headers
        .insert(name, HeaderValue::from_bytes(&value).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_is_signed_verifies(sent in sent()) {
        let verified = sent.verify(sent.sign()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(verified.key_id.as_str(), &sent.key_id);
        prop_assert_eq!(verified.created, Some(sent.created));
        prop_assert_eq!(verified.label, sent.label);
    }

    #[test]
    fn whatever_is_covered_cannot_be_changed(sent in sent(), part in 0..6_usize, place: prop::sample::Index) {
        let mut parts = sent.sign();
        let mut received = sent.clone();
        match part {
            0 => parts.method = if parts.method == Method::GET { Method::POST } else { Method::GET },
            1 => received.host.insert(0, 'x'),
            2 => received.target.insert(1, 'x'),
            3 => received.body.push(b' '),
            4 if sent.body.is_empty() => received.body.push(b'x'),
            4 => change_header(&mut parts, CONTENT_DIGEST, place),
            _ => change_header(&mut parts, SIGNATURE_INPUT, place),
        }
        prop_assert!(received.verify(parts).is_err(), "part {}", part);
    }

    #[test]
    fn a_changed_signature_is_rejected(sent in sent(), byte in 0..96_usize, bit in 0..8_u8) {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::STANDARD;
        let mut parts = sent.sign();
        let value = parts.headers[SIGNATURE].to_str().unwrap();
        let encoded = value.split_once("=:").unwrap().1.trim_end_matches(':');
        let mut signature = engine.decode(encoded).unwrap();
        signature[byte] ^= 1 << bit;
        let value = format!("{}=:{}:", sent.label, engine.encode(signature));
        parts.headers.insert(SIGNATURE, value.parse().unwrap());
        let error = sent.verify(parts).unwrap_err();
        let wrong = matches!(error, VerifyError::WrongSignature { .. });
        prop_assert!(wrong, "{}", error);
    }

    #[test]
    fn what_is_not_covered_may_change(sent in sent()) {
        let mut parts = sent.sign();
        parts.headers.insert(header::USER_AGENT, HeaderValue::from_static("a proxy"));
        let mut received = sent.clone();
        received.target = format!("{}?another=query", sent.target.split('?').next().unwrap());
        received.host = sent.host.to_ascii_uppercase();
        prop_assert!(received.verify(parts).is_ok());
    }
}
