//! Makes `tests/vectors/own.jsonl`: requests as the usual signers send them, signed here with a
//! key of our own. The signature bases are written out by hand, so that the file does not depend
//! on the code it tests.
//!
//! `cargo test -p offblocks-signature --test vectors -- --ignored` makes the file anew.

use std::fmt::Write as _;
use std::io::Write as _;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::vector::Vector;

const KEY_ID: &str = "0b9d6f0e-5d0f-4d7c-8f0e-2a1f6a3c9b57";
const PUBLIC: &str = include_str!("../keys/p384-public.pem");
const PRIVATE: &str = include_str!("../keys/p384-sec1.pem");
const BODY: &str = r#"{"type":"virtual","name":"Zoë"}"#;
const CARDS: &str = "http://127.0.0.1:8080/v1/cards";
const CREATED: &str = r#"created=1795340781;keyid="KEY";alg="ecdsa-p384-sha384""#;
const NPM: &str = r#"keyid="KEY";alg="ecdsa-p384-sha384";created=1795340781;expires=4102444800"#;

#[test]
#[ignore = "makes tests/vectors/own.jsonl anew"]
fn write_the_vectors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/own.jsonl");
    let mut file = std::fs::File::create(path).unwrap();
    for vector in accepted().into_iter().chain(rejected()) {
        writeln!(file, "{}", serde_json::to_string(&vector).unwrap()).unwrap();
    }
}

fn accepted() -> Vec<Vector> {
    let mut vectors = request_lines();
    vectors.extend(parameters_and_components());
    vectors.extend(bodies());
    vectors
}

/// A request to sign: the covered components with their values, and the parameters.
struct Spec<'a> {
    method: &'a str,
    url: &'a str,
    label: &'a str,
    covered: Vec<(&'a str, String)>,
    params: &'a str,
    headers: Vec<(&'a str, String)>,
    body: &'a str,
}

fn get<'a>(url: &'a str, authority: &str, path: &str) -> Spec<'a> {
    Spec {
        method: "GET",
        url,
        label: "sig",
        covered: vec![
            ("@method", "GET".to_owned()),
            ("@authority", authority.to_owned()),
            ("@path", path.to_owned()),
        ],
        params: CREATED,
        headers: Vec::new(),
        body: "",
    }
}

fn cards() -> Spec<'static> {
    get(CARDS, "127.0.0.1:8080", "/v1/cards")
}

fn post(digest: &str) -> Spec<'static> {
    let mut spec = cards();
    spec.method = "POST";
    spec.covered[0].1 = "POST".to_owned();
    spec.covered.push(("content-digest", digest.to_owned()));
    spec.headers.push(("Content-Digest", digest.to_owned()));
    spec.body = BODY;
    spec
}

fn sha512(body: &str) -> String {
    format!(
        "sha-512=:{}:",
        STANDARD.encode(digest(&SHA512, body.as_bytes()))
    )
}

fn sha256(body: &str) -> String {
    format!(
        "sha-256=:{}:",
        STANDARD.encode(digest(&SHA256, body.as_bytes()))
    )
}

fn request_lines() -> Vec<Vector> {
    let query = "https://API.OffBlocks.test:443/v1/assets?chain=eip155:1&x=%20y";
    let escaped = "http://LocalHost:80/v1/a%2Fb/c%20d/~x";
    vec![
        signed("get", cards()),
        signed(
            "the query is not part of the path",
            get(query, "api.offblocks.test", "/v1/assets"),
        ),
        signed(
            "escapes stay as sent",
            get(escaped, "localhost", "/v1/a%2Fb/c%20d/~x"),
        ),
        signed(
            "an empty path is a slash",
            get("http://localhost:8080", "localhost:8080", "/"),
        ),
        signed(
            "another port than the scheme's stays",
            get("http://localhost:443/v1", "localhost:443", "/v1"),
        ),
        signed(
            "an address in brackets",
            get("http://[::1]:80/v1", "[::1]", "/v1"),
        ),
    ]
}

fn parameters_and_components() -> Vec<Vector> {
    let with = |params: &'static str, label: &'static str| Spec {
        params,
        label,
        ..cards()
    };
    let mut reordered = cards();
    reordered.covered.rotate_left(1);
    let mut extra = cards();
    for (name, value) in [
        ("authorization", "Bearer x.y.z"),
        ("date", "Tue, 20 Apr 2027 02:07:55 GMT"),
    ] {
        extra.covered.push((name, value.to_owned()));
        extra.headers.push((name, value.to_owned()));
    }
    let url = "http://127.0.0.1:8080/v1/assets?chain=eip155%3A1";
    let mut derived = get(url, "127.0.0.1:8080", "/v1/assets");
    for (name, value) in [
        ("@target-uri", url),
        ("@query", "?chain=eip155%3A1"),
        ("@scheme", "http"),
    ] {
        derived.covered.push((name, value.to_owned()));
    }
    vec![
        signed("parameters in the order of npm", with(NPM, "sig")),
        signed("another label", with(CREATED, "x-1.b_*")),
        signed(
            "created and keyid only",
            with(r#"created=1795340781;keyid="KEY""#, "sig1"),
        ),
        signed(
            "no created",
            with(r#"nonce="a\"b,c\\";keyid="KEY";tag="t""#, "sig"),
        ),
        signed("only keyid", with(r#"keyid="KEY""#, "sig")),
        signed(
            "an unknown parameter",
            with(r#"keyid="KEY";x-new=?1;created=1795340781"#, "sig"),
        ),
        signed("components in another order", reordered),
        signed("further headers covered", extra),
        signed("further derived components covered", derived),
    ]
}

fn bodies() -> Vec<Vector> {
    let both = format!("{}, {}", sha256(BODY), sha512(BODY));
    let unknown = format!("md5=:AAAA:, {}", sha512(BODY));
    let mut length = cards();
    length.headers.push(("Content-Length", "0".to_owned()));
    let mut blank = cards();
    blank.headers.push(("Content-Digest", String::new()));
    let mut empty = cards();
    empty.headers.push(("Content-Digest", sha512("")));
    let mut covered = post(&sha512(""));
    covered.body = "";
    let mut delete = post(&sha512(BODY));
    delete.method = "DELETE";
    delete.covered[0].1 = "DELETE".to_owned();
    vec![
        signed("post with sha-512", post(&sha512(BODY))),
        signed("post with sha-256", post(&sha256(BODY))),
        signed("post with both digests", post(&both)),
        signed(
            "post with a digest of an unknown algorithm beside",
            post(&unknown),
        ),
        signed("delete with a body", delete),
        signed("no body, and its length said", length),
        signed("no body, and an empty digest header", blank),
        signed("no body, and the digest of nothing", empty),
        signed("no body, and the digest of nothing covered", covered),
    ]
}

fn rejected() -> Vec<Vector> {
    let base = || signed("", post(&sha512(BODY)));
    let change = |name: &str, reason: &str, edit: &dyn Fn(&mut Vector)| {
        let mut vector = base();
        edit(&mut vector);
        rejection(name, reason, vector)
    };
    let input = |from: &'static str, to: &'static str| {
        move |vector: &mut Vector| replace(vector, "Signature-Input", from, to)
    };
    let mut uncovered = post(&sha512(BODY));
    uncovered.covered.pop();
    let mut pathless = cards();
    pathless.covered.pop();
    let der = Spec {
        ..post(&sha512(BODY))
    };
    vec![
        change("another method", "WrongSignature", &|vector| {
            vector.method = "PUT".to_owned()
        }),
        change("another path", "WrongSignature", &|vector| {
            vector.url.push('x')
        }),
        change("another authority", "WrongSignature", &|vector| {
            vector.url = vector.url.replace("8080", "8081");
        }),
        change("another body", "Digest(Mismatch", &|vector| {
            vector.body.push(' ')
        }),
        change("another body and its digest", "WrongSignature", &|vector| {
            vector.body = "{}".to_owned();
            vector
                .headers
                .insert("Content-Digest".to_owned(), sha512("{}"));
        }),
        change("no digest", "Component", &|vector| {
            vector.headers.remove("Content-Digest");
        }),
        change(
            "changed parameter",
            "WrongSignature",
            &input("1795340781", "1795340782"),
        ),
        change(
            "reordered parameters",
            "WrongSignature",
            &input(
                ";created=1795340781;keyid=\"0b9d6f0e-5d0f-4d7c-8f0e-2a1f6a3c9b57\"",
                ";keyid=\"0b9d6f0e-5d0f-4d7c-8f0e-2a1f6a3c9b57\";created=1795340781",
            ),
        ),
        change(
            "another algorithm",
            "UnsupportedAlgorithm",
            &input("p384-sha384", "p256-sha256"),
        ),
        change(
            "another key id",
            "UnknownKeyId",
            &input("0b9d6f0e", "0b9d6f0f"),
        ),
        change("no key id", "MissingKeyId", &input("keyid", "key-id")),
        change(
            "expired",
            "Expired",
            &input("alg=", "expires=1795340899;alg="),
        ),
        change("labels differ", "MissingInput", &|vector| {
            replace(vector, "Signature", "sig=", "sig2=");
        }),
        change("no signature", "MissingHeader", &|vector| {
            vector.headers.remove("Signature");
        }),
        change("leading zeros dropped", "WrongLength", &|vector| {
            let short = STANDARD.encode([7; 95]);
            vector
                .headers
                .insert("Signature".to_owned(), format!("sig=:{short}:"));
        }),
        rejection(
            "the digest is not covered",
            "MissingComponent",
            signed("", uncovered),
        ),
        rejection(
            "the path is not covered",
            "MissingComponent",
            signed("", pathless),
        ),
        rejection(
            "the signature is DER",
            "WrongLength",
            sign_with(&ECDSA_P384_SHA384_ASN1_SIGNING, "", der),
        ),
    ]
}

fn replace(vector: &mut Vector, header: &str, from: &str, to: &str) {
    let value = vector.headers.get_mut(header).unwrap();
    assert!(value.contains(from), "{header}: {value} has no {from}");
    *value = value.replace(from, to);
}

fn rejection(name: &str, reason: &str, vector: Vector) -> Vector {
    Vector {
        name: format!("rejected: {name}"),
        expect: false,
        reason: Some(reason.to_owned()),
        ..vector
    }
}

fn signed(name: &str, spec: Spec<'_>) -> Vector {
    sign_with(&ECDSA_P384_SHA384_FIXED_SIGNING, name, spec)
}

fn sign_with(algorithm: &'static EcdsaSigningAlgorithm, name: &str, spec: Spec<'_>) -> Vector {
    let names: Vec<_> = spec
        .covered
        .iter()
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    let params = format!(
        "({});{}",
        names.join(" "),
        spec.params.replace("KEY", KEY_ID)
    );
    let mut base = String::new();
    for (name, value) in &spec.covered {
        writeln!(base, "\"{name}\": {value}").unwrap();
    }
    write!(base, "\"@signature-params\": {params}").unwrap();
    let signature = STANDARD.encode(sign(algorithm, &base));
    let mut headers = spec.headers;
    headers.push(("Signature-Input", format!("{}={params}", spec.label)));
    headers.push(("Signature", format!("{}=:{signature}:", spec.label)));
    Vector {
        name: name.to_owned(),
        method: spec.method.to_owned(),
        url: spec.url.to_owned(),
        headers: headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        body: spec.body.to_owned(),
        public_key_pem: PUBLIC.to_owned(),
        key_id: KEY_ID.to_owned(),
        expect: true,
        reason: None,
    }
}

fn sign(algorithm: &'static EcdsaSigningAlgorithm, base: &str) -> Vec<u8> {
    let body = PRIVATE
        .lines()
        .filter(|line| !line.contains(['-', '.']) && !line.is_empty());
    let der = STANDARD.decode(body.collect::<String>()).unwrap();
    let pair = EcdsaKeyPair::from_private_key_der(algorithm, &der).unwrap();
    pair.sign(&SystemRandom::new(), base.as_bytes())
        .unwrap()
        .as_ref()
        .to_vec()
}
