//! What a verifier insists on, one request at a time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use std::sync::LazyLock;
use std::time::Duration;

use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use offblocks_signature::{
    DigestError, KeyId, Message, SIGNATURE, SIGNATURE_INPUT, SignError, Signer, SigningKey,
    Verified, Verifier, VerifierBuilder, VerifyError, explain,
};

const NOW: i64 = 1_795_340_781;
const BODY: &[u8] = br#"{"type":"virtual"}"#;
static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::from_pem(include_str!("keys/p384-sec1.pem")).unwrap());

fn signer(id: &str) -> Signer {
    Signer::new(KEY.clone(), &KeyId::new(id).unwrap())
}

fn request(body: &[u8], created: i64) -> Parts {
    let request = Request::post("https://api.offblocks.test/v1/cards")
        .body(())
        .unwrap();
    let (mut parts, ()) = request.into_parts();
    signer("key").sign_parts(&mut parts, body, created).unwrap();
    parts
}

fn verify(builder: VerifierBuilder, parts: &Parts, body: &[u8]) -> Result<Verified, VerifyError> {
    let keys = |id: &KeyId| (id.as_str() == "key").then(|| KEY.public_key());
    builder
        .build()
        .verify(&Message::from_parts(parts), body, NOW, keys)
}

/// Adds a second signature to a request that has one.
fn sign_again(parts: &mut Parts, signer: &Signer, body: &[u8], created: i64) {
    let first = parts.headers.clone();
    signer.sign_parts(parts, body, created).unwrap();
    for name in [SIGNATURE_INPUT, SIGNATURE] {
        parts.headers.append(&name, first[&name].clone());
    }
}

fn edit(parts: &mut Parts, name: &str, from: &str, to: &str) {
    let name: header::HeaderName = name.parse().unwrap();
    let value = parts.headers[&name].to_str().unwrap().replace(from, to);
    parts.headers.insert(name, value.parse().unwrap());
}

#[test]
fn a_signed_request_is_verified() {
    let verified = verify(Verifier::builder(), &request(BODY, NOW), BODY).unwrap();
    assert_eq!(verified.key_id.as_str(), "key");
    assert_eq!(verified.label, "sig");
    assert_eq!(verified.created, Some(NOW));
    assert_eq!(
        verified.parameters.algorithm.as_deref(),
        Some("ecdsa-p384-sha384")
    );
    let covered = [
        "\"@method\"",
        "\"@authority\"",
        "\"@path\"",
        "\"content-digest\"",
    ];
    assert_eq!(verified.components, covered);
    let bodyless = verify(Verifier::builder(), &request(b"", NOW), b"").unwrap();
    assert_eq!(bodyless.components, covered[..3]);
}

#[test]
fn what_is_sent_is_what_the_strictest_verifiers_ask() {
    let parts = request(BODY, NOW);
    let input = parts.headers[SIGNATURE_INPUT].to_str().unwrap();
    let expected = concat!(
        r#"sig=("@method" "@authority" "@path" "content-digest")"#,
        r#";created=1795340781;keyid="key";alg="ecdsa-p384-sha384""#
    );
    assert_eq!(input, expected);
    assert!(
        parts.headers["content-digest"]
            .to_str()
            .unwrap()
            .starts_with("sha-512=:")
    );
    assert_eq!(
        explain(&Message::from_parts(&parts), None)
            .unwrap()
            .signature_length,
        Some(96)
    );
}

#[test]
fn signing_anew_replaces_what_is_there() {
    let mut parts = request(BODY, NOW - 1000);
    signer("key").sign_parts(&mut parts, b"", NOW).unwrap();
    assert!(!parts.headers.contains_key("content-digest"));
    assert_eq!(parts.headers.get_all(SIGNATURE).iter().count(), 1);
    verify(Verifier::builder(), &parts, b"").unwrap();
}

#[test]
fn age_is_limited_both_ways() {
    let window = 300;
    let cases = [
        (NOW, None),
        (NOW - 300, None),
        (NOW + 300, None),
        (NOW - 301, Some(VerifyError::TooOld { age: 301, window })),
        (
            NOW + 301,
            Some(VerifyError::InFuture { ahead: 301, window }),
        ),
        (0, Some(VerifyError::TooOld { age: NOW, window })),
    ];
    for (created, rejection) in cases {
        let parts = request(b"", created);
        assert_eq!(
            verify(Verifier::builder(), &parts, b"").err(),
            rejection,
            "{created}"
        );
        verify(Verifier::builder().any_age(), &parts, b"").unwrap();
    }
    let narrow = Verifier::builder().window(Duration::from_secs(10));
    let error = verify(narrow, &request(b"", NOW - 11), b"").unwrap_err();
    assert_eq!(
        error,
        VerifyError::TooOld {
            age: 11,
            window: 10
        }
    );
}

#[test]
fn a_verifier_can_insist_on_created() {
    let mut parts = request(b"", NOW);
    edit(&mut parts, "signature-input", ";created=1795340781", "");
    let lenient = verify(Verifier::builder(), &parts, b"").unwrap_err();
    assert!(
        matches!(lenient, VerifyError::WrongSignature { .. }),
        "{lenient}"
    );
    let strict = Verifier::builder().require_created(true);
    let error = verify(strict, &parts, b"").unwrap_err();
    assert!(
        matches!(error, VerifyError::MissingCreated { .. }),
        "{error}"
    );
}

#[test]
fn required_components_are_a_setting() {
    let parts = request(b"", NOW);
    let names = ["@method", "@authority", "@path", "@query"];
    let error = verify(Verifier::builder().required_components(names), &parts, b"").unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"the signature "sig" does not cover "@query"; add it to the components of Signature-Input, and sign again"#
    );
    let none: [&str; 0] = [];
    verify(Verifier::builder().required_components(none), &parts, b"").unwrap();

    let error = verify(Verifier::builder(), &parts, BODY).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"the signature "sig" does not cover "content-digest"; add it to the components of Signature-Input, and sign again"#
    );
}

#[test]
fn one_good_signature_among_several_is_enough() {
    let mut parts = request(BODY, NOW);
    let proxy = signer("proxy").with_label("proxy").unwrap();
    sign_again(&mut parts, &proxy, BODY, NOW);
    let verified = verify(Verifier::builder(), &parts, BODY).unwrap();
    assert_eq!(verified.label, "sig");
    let ids = Verifier::builder()
        .build()
        .key_ids(&Message::from_parts(&parts))
        .unwrap();
    assert_eq!(
        ids.iter().map(KeyId::as_str).collect::<Vec<_>>(),
        ["proxy", "key"]
    );

    let error = verify(Verifier::builder().max_signatures(1), &parts, BODY).unwrap_err();
    assert_eq!(error, VerifyError::TooManySignatures { found: 2, limit: 1 });
    // The proxy's key is unknown and the other signature is of another body: the latter is reported.
    let error = verify(Verifier::builder(), &parts, b"{}").unwrap_err();
    assert!(
        matches!(error, VerifyError::Digest(DigestError::Mismatch { .. })),
        "{error}"
    );
}

#[test]
fn a_server_is_told_scheme_and_authority() {
    let uri = Uri::from_static("http://api.offblocks.test:80/v1/cards");
    let mut headers = HeaderMap::new();
    signer("key")
        .sign(&Method::GET, &uri, &mut headers, b"", NOW)
        .unwrap();
    headers.insert(header::HOST, HeaderValue::from_static("10.0.0.7:8080"));
    let path = Uri::from_static("/v1/cards");
    let message = Message::new(&Method::GET, &path, &headers);
    let verify = |builder: VerifierBuilder| {
        builder
            .build()
            .verify(&message, b"", NOW, |_| Some(KEY.public_key()))
    };
    let error = verify(Verifier::builder()).unwrap_err();
    assert!(
        matches!(error, VerifyError::WrongSignature { .. }),
        "{error}"
    );
    verify(Verifier::builder().authority("API.offblocks.test")).unwrap();
    let configured = Verifier::builder().authority("api.offblocks.test:80");
    assert!(
        verify(configured.clone()).is_err(),
        "80 is not the default port of https"
    );
    verify(configured.scheme(Scheme::HTTP)).unwrap();
}

#[test]
fn explaining_shows_the_text_that_was_signed() {
    let parts = request(b"", NOW);
    let verifier = Verifier::builder().authority("elsewhere.test").build();
    let message = Message::from_parts(&parts);
    let explanation = verifier.explain(&message, Some("sig")).unwrap();
    let expected = concat!(
        "signature base of \"sig\":\n",
        "  \"@method\": POST\n",
        "  \"@authority\": elsewhere.test\n",
        "  \"@path\": /v1/cards\n",
        "  \"@signature-params\": (\"@method\" \"@authority\" \"@path\")",
        ";created=1795340781;keyid=\"key\";alg=\"ecdsa-p384-sha384\"\n",
        "signature: 96 bytes",
    );
    assert_eq!(explanation.to_string(), expected);
    let error = verifier.explain(&message, Some("other")).unwrap_err();
    assert!(matches!(error, VerifyError::MissingInput { .. }), "{error}");
}

#[test]
fn a_request_that_cannot_be_signed_says_why() {
    let mut headers = HeaderMap::new();
    let uri = Uri::from_static("/v1/cards");
    let error = signer("key")
        .sign(&Method::GET, &uri, &mut headers, b"", NOW)
        .unwrap_err();
    assert!(matches!(error, SignError::Component(_)), "{error}");
    for label in ["", "Sig", "1", "a b", "sig="] {
        assert_eq!(
            signer("key").with_label(label).unwrap_err(),
            SignError::Label,
            "{label:?}"
        );
    }
}

#[test]
fn a_key_id_may_hold_quotes() {
    let id = KeyId::new(r#"a "b" \c, d"#).unwrap();
    let mut headers = HeaderMap::new();
    let uri = Uri::from_static("https://localhost/v1");
    let signer = Signer::new(KEY.clone(), &id);
    signer
        .sign(&Method::GET, &uri, &mut headers, b"", NOW)
        .unwrap();
    let message = Message::new(&Method::GET, &uri, &headers);
    let keys = |found: &KeyId| (*found == id).then(|| KEY.public_key());
    Verifier::builder()
        .build()
        .verify(&message, b"", NOW, keys)
        .unwrap();
}
