//! Calls that wait for their turn, servers that fail in the handshake, and proxies.

use std::sync::Arc;

use offblocks_client::{Client, ErrorKind, RetryPolicy};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::run::{account, builder, card, client, order};
use super::script::{Act, Script, header};
use crate::server::{CARD, TestClock, TestTimer, eventually};

/// A signature carries its time, so what waits is signed when its turn has come.
#[tokio::test]
async fn a_call_is_signed_when_its_turn_has_come() {
    let script = Script::start([Act::Hang(Vec::new())]).await;
    let (timer, clock) = (
        Arc::new(TestTimer::default()),
        Arc::new(TestClock::default()),
    );
    let client = builder(&script.url, &timer).clock(clock.clone());
    let client = client.max_in_flight(1).retry(RetryPolicy::none());
    let client = client.build().unwrap();
    let first = tokio::spawn(client.get_card(card()).send());
    script.received(1).await;
    // One poll takes it to its place in the queue.
    let mut second = Box::pin(client.get_card(card()).send());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(second.as_mut().poll(&mut context).is_pending());
    clock.advance(3600);
    let second = tokio::spawn(second);
    timer.time_out();
    assert!(first.await.unwrap().unwrap_err().is_timeout());
    second.await.unwrap().unwrap();
    let created = |request: &String| -> i64 {
        let input = header(request, "signature-input");
        let (_, created) = input.split_once("created=").unwrap();
        created.split(';').next().unwrap().parse().unwrap()
    };
    let times: Vec<i64> = script.requests().iter().map(created).collect();
    assert_eq!(times[1] - times[0], 3600);
}

/// Nothing was sent, so even a change without a key is sent again.
#[tokio::test]
async fn a_handshake_that_fails_is_a_failed_connection() {
    for said in [&b""[..], b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x16\x03"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/v1", listener.local_addr().unwrap());
        let (sender, accepted) = tokio::sync::watch::channel(0);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(said).await;
                sender.send_modify(|count| *count += 1);
            }
        });
        let error = client(&url).create_account_card(account(), order()).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{said:?}: {error}");
        assert!(!error.is_outcome_unknown(), "{said:?}: {error}");
        assert_eq!(error.attempts(), 4, "{said:?}: {error}");
        eventually(|| *accepted.borrow() == 4).await;
    }
}

fn behind(url: &str, proxy: &str) -> Client {
    let client = builder(url, &Arc::default())
        .allow_plain_http()
        .proxy(proxy);
    client.retry(RetryPolicy::none()).build().unwrap()
}

#[tokio::test]
async fn a_proxy_that_is_given_is_used_and_named_without_its_password() {
    let card_of_proxy = Act::whole("200 OK", "Content-Type: application/json\r\n", CARD);
    let script = Script::start([card_of_proxy]).await;
    let host = script
        .url
        .trim_start_matches("http://")
        .trim_end_matches("/v1");
    let api = "http://api.invalid/v1";
    let client = behind(api, &format!("http://user:hunter2@{host}"));
    client.get_card(card()).await.unwrap();
    let request = &script.requests()[0];
    assert!(
        request.starts_with("GET http://api.invalid/v1/cards/"),
        "{request}"
    );
    assert!(header(request, "proxy-authorization").starts_with("Basic "));

    let client = behind(api, "http://user:hunter2@127.0.0.1:1");
    let error = client.get_card(card()).await.unwrap_err();
    let text = format!("{error} {error:?} {client:?}");
    assert!(
        text.contains("the proxy http://127.0.0.1:1 is in use"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}
