//! Headers as no signer should send them: each is rejected by its reason, none makes us panic.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use std::sync::LazyLock;

use http::{HeaderMap, HeaderValue, Method, Uri, header};
use offblocks_signature::{
    CONTENT_DIGEST, KeyId, Message, SIGNATURE, SIGNATURE_INPUT, SigningKey, Verified, Verifier,
    VerifyError, VerifyingKey, explain,
};
use proptest::prelude::*;

const INPUT: &str = r#"sig=("@method" "@authority" "@path");created=1795340781;keyid="key""#;
static KEY: LazyLock<VerifyingKey> = LazyLock::new(|| SigningKey::generate().unwrap().public_key());

fn signature() -> String {
    format!("sig=:{}:", "A".repeat(128))
}

fn verify(input: &[u8], signature: &[u8], digest: &[u8]) -> Result<Verified, VerifyError> {
    let mut headers = HeaderMap::new();
    headers.insert(header::HOST, HeaderValue::from_static("localhost"));
    for (name, value) in [
        (SIGNATURE_INPUT, input),
        (SIGNATURE, signature),
        (CONTENT_DIGEST, digest),
    ] {
        headers.insert(name, HeaderValue::from_bytes(value).unwrap());
    }
    let uri = Uri::from_static("/v1/cards?a=b&a=c");
    let message = Message::new(&Method::GET, &uri, &headers);
    let _ = explain(&message, None);
    let keys = |id: &KeyId| (id.as_str() == "key").then(|| KEY.clone());
    Verifier::builder()
        .build()
        .verify(&message, b"", 1_795_340_781, keys)
}

fn rejection(input: &str, signature: &str) -> VerifyError {
    verify(input.as_bytes(), signature.as_bytes(), b"").unwrap_err()
}

#[test]
fn each_malformed_header_has_its_reason() {
    let inputs = [
        ("", "MissingHeader"),
        ("   ", "MissingHeader"),
        ("sig", "MalformedHeader"),
        ("sig=", "MalformedHeader"),
        ("sig=1", "MalformedHeader"),
        ("sig=()", "MissingKeyId"),
        ("sig=(", "MalformedHeader"),
        ("sig=(\"@method\"", "MalformedHeader"),
        ("sig=(@method)", "MalformedHeader"),
        ("sig=(method)", "MalformedHeader"),
        ("sig=(\"@method\"\"@path\")", "MalformedHeader"),
        ("Sig=()", "MalformedHeader"),
        ("sig=();created=1.5", "MalformedHeader"),
        ("sig=();created=\"1\"", "MalformedHeader"),
        ("sig=();created=99999999999999999999", "MalformedHeader"),
        ("sig=();expires=?1", "MalformedHeader"),
        ("sig=();keyid=key", "MalformedHeader"),
        ("sig=();keyid=\"\"", "MalformedHeader"),
        ("sig=();keyid=\"key", "MalformedHeader"),
        ("sig=();keyid=\"k\u{e9}y\"", "MalformedHeader"),
        ("sig=();alg=:AA==:", "MalformedHeader"),
        ("sig=();nonce=1", "MalformedHeader"),
        ("sig=();tag=%\"a\"", "MalformedHeader"),
        ("sig=(), sig=()", "MalformedHeader"),
        ("sig=(),", "MalformedHeader"),
        (",sig=()", "MalformedHeader"),
        ("sig=() other=()", "MalformedHeader"),
        ("other=()", "MissingInput"),
        ("sig=();keyid=\"other\"", "UnknownKeyId"),
        ("sig=();keyid=\"key\"", "MissingComponent"),
        (
            "sig=();keyid=\"key\";alg=\"hs2019\"",
            "UnsupportedAlgorithm",
        ),
        (
            "sig=(\"@method\";req \"@authority\" \"@path\");keyid=\"key\"",
            "MissingComponent",
        ),
        (
            "sig=(\"@Method\" \"@authority\" \"@path\");keyid=\"key\"",
            "MissingComponent",
        ),
        (
            "sig=(\"@method\" \"@authority\" \"@path\" \"date\");keyid=\"key\"",
            "Component",
        ),
        (
            "sig=(\"@method\" \"@authority\" \"@path\" \"@path\");keyid=\"key\"",
            "Component",
        ),
        (
            "sig=(\"@method\" \"@authority\" \"@path\" \"@status\");keyid=\"key\"",
            "Component",
        ),
        (
            "sig=(\"@method\" \"@authority\" \"@path\" \"a b\");keyid=\"key\"",
            "Component",
        ),
        (
            "sig=(\"@method\" \"@authority\" \"@path\" \"@query-param\";name=\"a\");keyid=\"key\"",
            "Component",
        ),
        (
            "sig=(\"@method\" \"@authority\" \"@path\");keyid=\"key\";expires=1",
            "Expired",
        ),
        (
            "sig=(\"@method\" \"@authority\" \"@path\");keyid=\"key\";created=1",
            "TooOld",
        ),
        (
            "sig=(\"@method\" \"@authority\" \"@path\");keyid=\"key\";created=-999999999999999",
            "TooOld",
        ),
        (
            "sig=(\"@method\" \"@authority\" \"@path\");keyid=\"key\";created=999999999999999",
            "InFuture",
        ),
        (INPUT, "WrongSignature"),
    ];
    for (input, reason) in inputs {
        let error = rejection(input, &signature());
        assert!(
            format!("{error:?}").starts_with(reason),
            "{input}: {error:?}, not {reason}"
        );
    }
}

#[test]
fn each_malformed_signature_has_its_reason() {
    let signatures = [
        ("", "MissingHeader"),
        ("sig", "MalformedHeader"),
        ("sig=AAAA", "MalformedHeader"),
        ("sig=:AAAA", "MalformedHeader"),
        ("sig=:A!:", "MalformedHeader"),
        ("sig=(:AAAA:)", "MalformedHeader"),
        ("sig=:AAAA:, sig=:AAAA:", "MalformedHeader"),
        ("other=:AAAA:", "MissingInput"),
        ("sig=:AAAA:, other=:AAAA:", "MissingInput"),
        ("sig=::", "WrongLength"),
        ("sig=:AAAA:", "WrongLength"),
    ];
    for (signature, reason) in signatures {
        let error = rejection(INPUT, signature);
        assert!(
            format!("{error:?}").starts_with(reason),
            "{signature}: {error:?}, not {reason}"
        );
    }
    let many: Vec<_> = (0..65).map(|index| format!("\"x-{index}\"")).collect();
    let error = rejection(
        &format!("sig=({});keyid=\"key\"", many.join(" ")),
        &signature(),
    );
    assert!(
        error.to_string().contains("more than 64 components"),
        "{error}"
    );
    let two = format!("{INPUT}, other=()");
    let error = rejection(&two, "sig=:AAAA:");
    assert!(matches!(error, VerifyError::WrongLength { .. }), "{error}");
}

/// Bytes that a header value can hold.
fn header_bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = any::<u8>().prop_filter("no control characters", |byte| {
        (*byte >= 32 && *byte != 127) || *byte == b'\t'
    });
    prop::collection::vec(byte, 0..80)
}

/// Text that is nearly a header.
fn nearly(valid: String) -> impl Strategy<Value = Vec<u8>> {
    let length = valid.len();
    let spot = "[()\";=:,\\\\ @%?a-z0-9]{0,3}";
    (0..length, 0..4_usize, spot).prop_map(move |(start, removed, inserted)| {
        let mut bytes = valid.clone().into_bytes();
        let end = (start + removed).min(bytes.len());
        bytes.splice(start..end, inserted.into_bytes());
        bytes
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_rejected(input in header_bytes(), signature in header_bytes(), digest in header_bytes()) {
        prop_assert!(verify(&input, &signature, &digest).is_err());
    }

    #[test]
    fn nearly_valid_headers_are_rejected(input in nearly(INPUT.to_owned()), signature in nearly(signature())) {
        prop_assert!(verify(&input, &signature, b"").is_err());
    }

    #[test]
    fn arbitrary_keys_are_rejected(text in "\\PC{0,60}", label in "[A-Z ]{0,16}", body in "[A-Za-z0-9+/=\\n]{0,80}") {
        let pem = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----");
        prop_assert!(SigningKey::from_pem(&text).is_err());
        prop_assert!(SigningKey::from_pem(&pem).is_err());
        prop_assert!(VerifyingKey::from_spki_pem(&pem).is_err());
        prop_assert!(VerifyingKey::from_base64_pem(&text).is_err());
    }
}
