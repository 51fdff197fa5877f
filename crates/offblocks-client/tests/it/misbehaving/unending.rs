//! Responses that never end: by silence, by slowness, by length.

use std::sync::Arc;

use offblocks_client::{ErrorKind, RetryPolicy};

use super::run::{account, builder, card, order};
use super::script::{Act, Script, message};
use crate::server::{CARD, TestTimer, eventually};

/// What the kernel keeps on the way, at most, for one connection of this machine.
const IN_BETWEEN: usize = 16 << 20;

fn silences() -> Vec<(&'static str, Act)> {
    let created = |headers: &str, body: &str| message("201 Created", headers, body);
    let (json, chunked) = ("Content-Length: 900\r\n", "Transfer-Encoding: chunked\r\n");
    let drip = |head: Vec<u8>, drop: &[u8]| Act::Endless(head, drop.to_vec());
    vec![
        ("nothing", Act::Hang(Vec::new())),
        ("half of a head", Act::Hang(b"HTTP/1.1 201 Cre".to_vec())),
        ("a head", Act::Hang(created(json, ""))),
        ("half of a body", Act::Hang(created(json, &CARD[..100]))),
        (
            "a body whose end nothing says",
            Act::Hang(created("", CARD)),
        ),
        (
            "continue, for ever",
            drip(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n"),
        ),
        (
            "chunks of one byte",
            drip(created(chunked, ""), b"1\r\n \r\n"),
        ),
    ]
}

#[tokio::test]
async fn a_call_ends_with_its_time_and_is_sent_again_with_its_key() {
    for (name, act) in silences() {
        let (script, timer) = (Script::start([act]).await, Arc::<TestTimer>::default());
        let client = builder(&script.url, &timer).build().unwrap();
        let call = client.create_account_card(account(), order());
        let (once, call) = (call.clone().retry(RetryPolicy::none()), call);
        let sending = tokio::spawn(once.send());
        script.received(1).await;
        timer.time_out();
        let error = sending.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{name}: {error}");
        assert!(error.is_outcome_unknown(), "{name}: {error}");
        assert!(
            error.to_string().contains("same idempotency key"),
            "{name}: {error}"
        );
        // The connection is not used again.
        call.await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let keys = script.keys();
        assert_eq!(keys[0], keys[1], "{name}");
        assert_eq!(script.connections(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_deadline_ends_a_call_whatever_its_attempts_do() {
    let script = Script::start([Act::Hang(Vec::new())]).await;
    let timer = Arc::<TestTimer>::default();
    let client = builder(&script.url, &timer).build().unwrap();
    // By this timer, every time below that of an attempt is over at once.
    let call = client
        .get_card(card())
        .deadline(std::time::Duration::from_secs(1));
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        error.to_string().contains("the deadline of 1s is over"),
        "{error}"
    );
}

#[tokio::test]
async fn the_memory_for_a_body_is_bounded() {
    let chunk = vec![b'x'; 64 << 10];
    let cases = [
        ("200 OK", ErrorKind::Decode, "longer than the 1048576 bytes"),
        (
            "500 Internal Server Error",
            ErrorKind::Server,
            "send it again",
        ),
        ("404 Not Found", ErrorKind::NotFound, "identifier"),
    ];
    for (status, kind, says) in cases {
        let endless = Act::Endless(message(status, "", "[\""), chunk.clone());
        let script = Script::start([endless]).await;
        let client = builder(&script.url, &Arc::default()).build().unwrap();
        let call = client.get_card(card()).retry(RetryPolicy::none());
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status}: {error}");
        assert!(error.to_string().contains(says), "{status}: {error}");
        assert!(
            error.body().is_none_or(|body| body.len() < 70_000),
            "{status}"
        );
        // Nothing reads on in the background.
        drop(client);
        let sent = script.sent();
        eventually(|| script.sent() == sent || script.sent() > IN_BETWEEN).await;
        assert!(
            script.sent() <= IN_BETWEEN,
            "{status}: {} bytes were read",
            script.sent()
        );
    }
}
