//! Signing and verifying beside the bare operation of the cryptographic library; the goal is to
//! stay within 10 % of it. Run with `cargo xtask bench`.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on may stop")]

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    ParsedPublicKey,
};
use divan::Bencher;
use http::request::Parts;
use http::{Request, header};
use offblocks_signature::{KeyId, Message, Signer, SigningKey, Verifier, explain};

const BODY: &[u8] = br#"{"billingAddress":{"city":"Bristol","country":"GB","firstLine":"18 Harbour Row","postCode":"BS1 4RN"},"type":"virtual"}"#;
const CREATED: i64 = 1_795_340_781;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 1000)]
fn sign_bare(bencher: Bencher) {
    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let (base, random) = (signature_base(), SystemRandom::new());
    bencher.bench_local(|| pair.sign(&random, base.as_bytes()).unwrap());
}

#[divan::bench(sample_count = 1000)]
fn sign_request(bencher: Bencher) {
    let signer = Signer::new(SigningKey::generate().unwrap(), &key_id());
    let mut parts = request();
    bencher.bench_local(|| signer.sign_parts(&mut parts, BODY, CREATED).unwrap());
}

#[divan::bench(sample_count = 1000)]
fn verify_bare(bencher: Bencher) {
    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let key = ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, pair.public_key().as_ref()).unwrap();
    let base = signature_base();
    let signature = pair.sign(&SystemRandom::new(), base.as_bytes()).unwrap();
    bencher.bench_local(|| key.verify_sig(base.as_bytes(), signature.as_ref()).unwrap());
}

#[divan::bench(sample_count = 1000)]
fn verify_request(bencher: Bencher) {
    let key = SigningKey::generate().unwrap();
    let public = key.public_key();
    let mut parts = request();
    Signer::new(key, &key_id())
        .sign_parts(&mut parts, BODY, CREATED)
        .unwrap();
    let verifier = Verifier::builder().build();
    bencher.bench_local(|| {
        let message = Message::from_parts(&parts);
        verifier
            .verify(&message, BODY, CREATED, |_| Some(public.clone()))
            .unwrap()
    });
}

fn key_id() -> KeyId {
    KeyId::new("2f7f3e7a-6b5c-4a8e-9f6e-0d2a4c1b3e5f").unwrap()
}

fn request() -> Parts {
    let uri = "https://api.offblocks.test/v1/accounts/e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461/cards";
    let request = Request::post(uri).header(header::CONTENT_TYPE, "application/json");
    request.body(()).unwrap().into_parts().0
}

/// A text of the length that is really signed.
fn signature_base() -> String {
    let mut parts = request();
    let signer = Signer::new(SigningKey::generate().unwrap(), &key_id());
    signer.sign_parts(&mut parts, BODY, CREATED).unwrap();
    explain(&Message::from_parts(&parts), None)
        .unwrap()
        .signature_base
        .unwrap()
}
