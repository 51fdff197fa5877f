//! Receiving a delivery, from its head to the event, beside the bare verification of a signature;
//! the goal is to stay within 10 % of it. Run with `cargo xtask bench webhooks`.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on may stop")]

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    ParsedPublicKey,
};
use bytes::Bytes;
use divan::Bencher;
use futures_util::FutureExt as _;
use http::Request;
use http_body_util::Full;
use offblocks_signature::{Message, explain};
use offblocks_types::WebhookEvent;
use offblocks_webhooks::testing::{TestSender, card_event};

const CALLBACK: &str = "https://bank.example/hooks/offblocks";

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 1000)]
fn verify_bare(bencher: Bencher) {
    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let key = ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, pair.public_key().as_ref()).unwrap();
    let (parts, _) = delivery().1.into_parts();
    // A text of the length that is really signed.
    let base = explain(&Message::from_parts(&parts), None).unwrap();
    let base = base.signature_base.unwrap();
    let signature = pair.sign(&SystemRandom::new(), base.as_bytes()).unwrap();
    bencher.bench_local(|| key.verify_sig(base.as_bytes(), signature.as_ref()).unwrap());
}

#[divan::bench(sample_count = 1000)]
fn receive_request(bencher: Bencher) {
    let (sender, request) = delivery();
    let verifier = sender.verifier().build().unwrap();
    bencher
        .with_inputs(|| request.clone().map(Full::new))
        .bench_local_values(|request| {
            let received = verifier.receive::<WebhookEvent, _>(request);
            received.now_or_never().unwrap().unwrap()
        });
}

fn delivery() -> (TestSender, Request<Bytes>) {
    let sender = TestSender::new(CALLBACK).unwrap();
    let request = sender.deliver(&card_event(1, "active"));
    (sender, request)
}
