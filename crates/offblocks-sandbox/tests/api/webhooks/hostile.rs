//! Receivers that hang, redirect, or never end.

use std::time::Duration;

use axum::response::IntoResponse as _;
use http::{StatusCode, header};
use offblocks_sandbox::AttemptOutcome;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{deliveries_once, make_customers};
use crate::common::{ALL, Receiver, Stage};

/// A receiver that writes `head` to each request, and then `more` for ever, or nothing.
async fn endless(head: &'static [u8], more: Option<&'static [u8]>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                if stream.write_all(head).await.is_err() {
                    return;
                }
                let Some(more) = more else {
                    std::future::pending::<()>().await;
                    return;
                };
                while stream.write_all(more).await.is_ok() {}
            });
        }
    });
    url
}

#[tokio::test]
async fn receivers_that_hang_or_never_end_slow_nobody_down() {
    let timeout = Duration::from_millis(300);
    let stage = Stage::with(|settings| settings.webhook_timeout = timeout).await;
    let good = Receiver::start().await;
    let hangs = endless(b"", None).await;
    let stops = endless(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{", None).await;
    let header = endless(b"HTTP/1.1 200 OK\r\nx: ", Some(&[b'a'; 4096])).await;
    let body = endless(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        Some(b"8\r\nendless!\r\n"),
    )
    .await;
    for url in [&hangs, &stops, &header, &body] {
        stage.caller.subscribe(url, ALL).await;
    }
    stage.caller.subscribe(&good.url(), ALL).await;
    make_customers(&stage.caller, 0..30).await;
    good.received(30).await;
    let tried = |deliveries: &[offblocks_sandbox::Delivery]| {
        let tried = |url: &String| {
            let attempts = deliveries.iter().flat_map(|delivery| &delivery.attempts);
            attempts.clone().any(|attempt| attempt.url.as_str() == url)
        };
        [&hangs, &stops, &header, &body].into_iter().all(tried)
    };
    let deliveries = deliveries_once(&stage.sandbox, tried).await;
    for attempt in deliveries.iter().flat_map(|delivery| &delivery.attempts) {
        let url = attempt.url.as_str();
        match &attempt.outcome {
            // The status came, and it alone decides.
            AttemptOutcome::Response { status, excerpt } => {
                assert!(url != hangs && url != header, "{attempt:?}");
                assert!(*status == 200 && excerpt.len() <= 1024, "{attempt:?}");
            }
            AttemptOutcome::Failed { reason } if url == hangs => {
                assert!(reason.contains("no response within 300ms"), "{reason}");
            }
            _ => assert_eq!(url, header, "{attempt:?}"),
        }
    }
    stage.stop().await;
}

/// Reading them would keep a core busy as long as an attempt may take.
#[tokio::test]
async fn interim_responses_without_end_are_a_failed_attempt() {
    let stage = Stage::new().await;
    let hints = b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n";
    let url = endless(b"", Some(hints)).await;
    stage.caller.subscribe(&url, ALL).await;
    make_customers(&stage.caller, 0..1).await;
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(1)).await;
    let outcome = &deliveries[0].attempts[0].outcome;
    let AttemptOutcome::Failed { reason } = outcome else {
        panic!("{outcome:?}")
    };
    assert!(reason.contains("interim responses (1xx)"), "{reason}");
    stage.stop().await;
}

#[tokio::test]
async fn some_interim_responses_may_come_before_the_response() {
    let stage = Stage::new().await;
    let few = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n\
        HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    let url = endless(few, None).await;
    stage.caller.subscribe(&url, ALL).await;
    make_customers(&stage.caller, 0..1).await;
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(1)).await;
    let outcome = &deliveries[0].attempts[0].outcome;
    assert!(
        matches!(outcome, AttemptOutcome::Response { status: 200, excerpt } if excerpt == "ok"),
        "{outcome:?}"
    );
    stage.stop().await;
}

/// Proxies in front of a receiver add many.
#[tokio::test]
async fn a_response_may_have_hundreds_of_headers() {
    let stage = Stage::new().await;
    let receiver = Receiver::start().await;
    let headers = (0..500).map(|number| {
        let name = header::HeaderName::try_from(format!("x-{number}")).unwrap();
        (name, header::HeaderValue::from_static("1"))
    });
    receiver.respond([header::HeaderMap::from_iter(headers).into_response()]);
    stage.caller.subscribe(&receiver.url(), ALL).await;
    make_customers(&stage.caller, 0..1).await;
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(1)).await;
    let outcome = &deliveries[0].attempts[0].outcome;
    assert!(
        matches!(outcome, AttemptOutcome::Response { status: 200, .. }),
        "{outcome:?}"
    );
    stage.stop().await;
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let stage = Stage::new().await;
    let (receiver, other) = (Receiver::start().await, Receiver::start().await);
    let moved = |status| {
        (
            status,
            [(header::LOCATION, other.url().to_string())],
            "moved",
        )
            .into_response()
    };
    let statuses = [StatusCode::FOUND, StatusCode::PERMANENT_REDIRECT];
    receiver.respond(statuses.map(moved));
    stage.caller.subscribe(&receiver.url(), ALL).await;
    make_customers(&stage.caller, 0..1).await;
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(1)).await;
    assert!(super::is_waiting(&deliveries[0]), "{deliveries:#?}");
    let AttemptOutcome::Response { status, excerpt } = &deliveries[0].attempts[0].outcome else {
        panic!("{deliveries:#?}")
    };
    assert_eq!((*status, excerpt.as_str()), (302, "moved"));
    let location = ("location".to_owned(), other.url().to_string());
    let logged = &deliveries[0].attempts[0].response_headers;
    assert!(logged.contains(&location), "{logged:?}");
    stage.clock.advance(Duration::from_secs(1));
    receiver.received(2).await;
    assert_eq!(other.count(), 0);
    stage.stop().await;
}

#[tokio::test]
async fn a_name_that_leads_nowhere_is_a_failed_attempt() {
    let stage = Stage::new().await;
    let url = "http://receiver.invalid/hooks";
    stage.caller.subscribe(url, ALL).await;
    make_customers(&stage.caller, 0..1).await;
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(1)).await;
    let outcome = &deliveries[0].attempts[0].outcome;
    assert!(
        matches!(outcome, AttemptOutcome::Failed { .. }),
        "{outcome:?}"
    );
    stage.stop().await;
}
