//! Whatever is changed of a delivery, it is rejected; whatever order events come in, each is handled
//! once.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{HeaderValue, Request};
use http_body_util::Full;
use offblocks_signature::{CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT};
use offblocks_types::chrono::{DateTime, TimeDelta};
use offblocks_webhooks::testing::{TestSender, card_event};
use offblocks_webhooks::{Claim, Lease, MemoryStore, ReplayStore as _, WebhookVerifier};
use proptest::prelude::*;

use crate::common::{TestClock, event_id, sender};

/// One delivery and its verifier, made once.
fn delivery() -> &'static (WebhookVerifier, Request<Bytes>) {
    static MADE: std::sync::OnceLock<(WebhookVerifier, Request<Bytes>)> =
        std::sync::OnceLock::new();
    MADE.get_or_init(|| {
        let sender: TestSender = sender(&TestClock::new());
        let verifier = sender.verifier().build().unwrap();
        let request = sender.deliver(&card_event(1, "active"));
        assert!(is_accepted(&verifier, request.clone()));
        (verifier, request)
    })
}

fn is_accepted(verifier: &WebhookVerifier, request: Request<Bytes>) -> bool {
    let outcome = verifier.verify(request.map(Full::new)).now_or_never();
    outcome.expect("nothing has to be waited for").is_ok()
}

/// The value with one bit of a byte flipped.
fn flipped(value: &[u8], at: prop::sample::Index, bit: u8) -> Vec<u8> {
    let mut bytes = value.to_vec();
    bytes[at.index(value.len())] ^= 1 << bit;
    bytes
}

/// The value with a byte removed.
fn shortened(value: &[u8], at: prop::sample::Index) -> Vec<u8> {
    let mut bytes = value.to_vec();
    bytes.remove(at.index(value.len()));
    bytes
}

proptest! {
    #[test]
    fn a_body_with_another_byte_is_rejected(
        at in any::<prop::sample::Index>(),
        bit in 0..8_u8,
        removes in any::<bool>(),
    ) {
        let (verifier, request) = delivery();
        let changed = request.clone().map(|body| {
            let bytes = if removes { shortened(&body, at) } else { flipped(&body, at, bit) };
            Bytes::from(bytes)
        });
        prop_assert!(!is_accepted(verifier, changed));
    }

    #[test]
    fn a_header_with_another_byte_means_the_same_or_is_rejected(
        which in 0..3_usize,
        at in any::<prop::sample::Index>(),
        bit in 0..7_u8,
    ) {
        let (verifier, request) = delivery();
        let name = [SIGNATURE, SIGNATURE_INPUT, CONTENT_DIGEST][which].clone();
        let value = request.headers()[&name].as_bytes();
        let changed = flipped(value, at, bit);
        let mut request = request.clone();
        let Ok(changed) = HeaderValue::from_bytes(&changed) else {
            return Ok(());
        };
        request.headers_mut().insert(name, changed);
        prop_assert!(!is_accepted(verifier, request));
    }

    #[test]
    fn the_store_in_memory_does_what_its_description_says(
        steps in prop::collection::vec((0..3_u128, 0..5_u8, 0..40_i64), 1..60),
    ) {
        let store = MemoryStore::new();
        let (mut done, mut held) = (HashSet::new(), HashMap::<u128, (Lease, i64)>::new());
        let mut now = 0;
        let at = |seconds: i64| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        for (event, step, seconds) in steps {
            now += seconds;
            let lease = held.get(&event).copied();
            let claim = store.claim(event_id(event), at(now), at(now + 30));
            match step {
                0..3 => match claim.now_or_never().unwrap().unwrap() {
                    Claim::Done => prop_assert!(done.contains(&event)),
                    Claim::InProgress { until } => {
                        prop_assert_eq!(Some(until), lease.map(|(_, end)| at(end)));
                        prop_assert!(until > at(now));
                    }
                    Claim::Claimed(lease) => {
                        prop_assert!(!done.contains(&event));
                        let before = held.insert(event, (lease, now + 30));
                        prop_assert!(before.is_none_or(|(_, end)| end <= now));
                    }
                    other => prop_assert!(false, "{:?}", other),
                },
                3 => if let Some((lease, _)) = lease {
                    let completed = store.complete(&lease, at(now)).now_or_never();
                    prop_assert!(completed.unwrap().unwrap());
                    done.insert(event);
                },
                _ => if let Some((lease, _)) = lease {
                    store.release(&lease).now_or_never().unwrap().unwrap();
                    held.remove(&event);
                },
            }
        }
    }
}
