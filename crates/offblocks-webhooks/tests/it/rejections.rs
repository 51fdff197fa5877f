//! Each reason to reject a delivery, and what is accepted.

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body::Frame;
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::BoxBody};
use offblocks_signature::{CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT};
use offblocks_types::{CardStatus, CardUpdate, WebhookEvent, WebhookType};
use offblocks_webhooks::testing::{Fault, TestSender, card_event};
use offblocks_webhooks::{VerifiedEvent, WebhookError};
use serde_json::{Value, json};

use crate::common::{CALLBACK, TestClock, full, seconds, sender};

type Body = BoxBody<Bytes, std::io::Error>;

fn boxed(request: Request<Bytes>) -> Request<Body> {
    request.map(|body| Full::new(body).map_err(|never| match never {}).boxed())
}

/// A good delivery, changed.
fn changed(sender: &TestSender, change: impl FnOnce(&mut Request<Bytes>)) -> Request<Body> {
    let mut request = sender.deliver(&card_event(1, "active"));
    change(&mut request);
    boxed(request)
}

/// A good delivery with another value of a header.
fn header(sender: &TestSender, name: impl header::IntoHeaderName, value: &str) -> Request<Body> {
    changed(sender, |request| {
        let value = HeaderValue::from_str(value).unwrap();
        request.headers_mut().insert(name, value);
    })
}

/// A good delivery in whose signature input something is replaced.
fn input(sender: &TestSender, from: &str, to: &str) -> Request<Body> {
    changed(sender, |request| {
        let value = request.headers()[SIGNATURE_INPUT].to_str().unwrap();
        assert!(value.contains(from), "{value} has no {from}");
        let value = HeaderValue::from_str(&value.replacen(from, to, 1)).unwrap();
        request.headers_mut().insert(SIGNATURE_INPUT, value);
    })
}

fn faulty(sender: &TestSender, fault: Fault) -> Request<Body> {
    boxed(sender.deliver_with(&card_event(1, "active"), &fault))
}

fn of_the_head(sender: &TestSender) -> Vec<(&'static str, u16, Request<Body>)> {
    let get = changed(sender, |it| *it.method_mut() = Method::GET);
    let endless = changed(sender, |_| ()).map(|_| {
        let chunk = || Ok::<_, std::io::Error>(Frame::data(Bytes::from(vec![b' '; 1024])));
        let stream = stream::repeat_with(chunk);
        BoxBody::new(StreamBody::new(stream))
    });
    let broken = changed(sender, |_| ()).map(|_| {
        let error = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        BoxBody::new(StreamBody::new(stream::iter([
            Ok(Frame::data(Bytes::from_static(b"{"))),
            Err(error),
        ])))
    });
    vec![
        ("MethodNotAllowed", 405, get),
        (
            "BodyTooLarge",
            413,
            header(sender, header::CONTENT_LENGTH, "999999999"),
        ),
        ("BodyTooLarge", 413, endless),
        ("BodyUnreadable", 400, broken),
        (
            "EmptyBody",
            400,
            changed(sender, |it| *it.body_mut() = Bytes::new()),
        ),
        (
            "UnsupportedCoding",
            415,
            header(sender, header::CONTENT_ENCODING, "gzip"),
        ),
        (
            "UnsupportedMediaType",
            415,
            header(sender, header::CONTENT_TYPE, "text/plain"),
        ),
    ]
}

fn of_the_signature(sender: &TestSender) -> Vec<(&'static str, u16, Request<Body>)> {
    let twice = changed(sender, |request| {
        let headers = request.headers_mut();
        for name in [SIGNATURE, SIGNATURE_INPUT] {
            let value = headers[&name].to_str().unwrap().to_owned();
            let rest = value.strip_prefix("sig").unwrap();
            let many: Vec<_> = (0..9).map(|number| format!("sig{number}{rest}")).collect();
            headers.insert(name, HeaderValue::from_str(&many.join(", ")).unwrap());
        }
    });
    let undigested = changed(sender, |it| drop(it.headers_mut().remove(CONTENT_DIGEST)));
    let elsewhere = "https://evil.example/hooks/offblocks".to_owned();
    let other_path = "https://bank.example/hooks/another".to_owned();
    let cases = [
        ("MissingHeader", faulty(sender, Fault::Unsigned)),
        ("MalformedHeader", header(sender, SIGNATURE_INPUT, "sig=?")),
        ("MalformedHeader", header(sender, SIGNATURE, "sig=abc")),
        ("TooManySignatures", twice),
        ("MissingInput", input(sender, "sig=", "other=")),
        ("MissingKeyId", input(sender, ";keyid=", ";id=")),
        (
            "UnsupportedAlgorithm",
            input(sender, "ecdsa-p384-sha384", "rsa-v1_5-sha256"),
        ),
        ("MissingComponent", faulty(sender, Fault::UncoveredBody)),
        ("MissingComponent", input(sender, "\"@authority\" ", "")),
        ("Component", undigested),
        ("MissingCreated", input(sender, ";created=", ";made=")),
        ("TooOld", faulty(sender, Fault::Stale(seconds(301)))),
        (
            "InFuture",
            faulty(sender, Fault::FromTheFuture(seconds(301))),
        ),
        ("Expired", input(sender, ";alg=", ";expires=1;alg=")),
        ("WrongLength", header(sender, SIGNATURE, "sig=:AAAA:")),
        ("WrongSignature", faulty(sender, Fault::BadSignature)),
        ("WrongSignature", faulty(sender, Fault::ForgedKeyId)),
        (
            "WrongSignature",
            faulty(sender, Fault::ForAnotherReceiver(elsewhere)),
        ),
        (
            "WrongSignature",
            faulty(sender, Fault::ForAnotherReceiver(other_path)),
        ),
        ("Digest", faulty(sender, Fault::ChangedBody)),
    ];
    let signature = cases.map(|(name, request)| (name, 401, request));
    signature.into_iter().collect()
}

fn of_the_event(sender: &TestSender) -> Vec<(&'static str, u16, Request<Body>)> {
    let deliver = |event: Value| boxed(sender.deliver(&event));
    let id = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3";
    vec![
        ("UnknownKey", 401, faulty(sender, Fault::AnotherKey)),
        ("NotAnEvent", 422, deliver(json!("hunter2"))),
        ("NotAnEvent", 422, deliver(json!({"eventId": id}))),
        (
            "NotAnEvent",
            422,
            deliver(json!({"webhookType": "card.updated", "eventId": id})),
        ),
        (
            "NotAnEvent",
            422,
            deliver(json!({"webhookType": "hunter2"})),
        ),
    ]
}

#[tokio::test]
async fn each_reason_has_its_error_and_its_status() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let cases = of_the_head(&sender)
        .into_iter()
        .chain(of_the_signature(&sender))
        .chain(of_the_event(&sender));
    for (name, status, request) in cases {
        let verifier = sender.verifier().build().unwrap();
        let rejected: Result<VerifiedEvent, _> = verifier.receive(request).await;
        let error = rejected.expect_err(name);
        let shown = format!("{error:?}");
        let shown = shown.strip_prefix("Signature(").unwrap_or(&shown);
        assert!(shown.starts_with(name), "expected {name}: {shown}");
        assert_eq!(error.status(), status, "{name}: {error}");
        assert_eq!(error.delivery().is_some(), name == "NotAnEvent");
        assert!(!error.is_temporary(), "{name}");
        let response = error.to_response();
        assert_eq!(response.status(), status);
        let problem: Value = serde_json::from_str(response.body()).unwrap();
        assert_eq!(problem["status"], status);
        assert_eq!(problem["detail"], error.to_string());
        assert!(!response.body().contains("hunter2"), "{}", response.body());
    }
}

#[tokio::test]
async fn an_event_of_another_type_than_the_handlers_is_told_and_kept() {
    let sender = sender(&TestClock::new());
    let verifier = sender.verifier().build().unwrap();
    let mut event = serde_json::to_value(card_event(1, "active")).unwrap();
    event["webhookType"] = "dispute.updated".into();
    let request = full(sender.deliver(&event));
    let error = verifier
        .receive::<CardUpdate, _>(request)
        .await
        .unwrap_err();
    let WebhookError::UnexpectedType {
        found,
        expected,
        delivery,
    } = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(
        (found.as_str(), expected),
        ("dispute.updated", &WebhookType::CardUpdated)
    );
    assert_eq!(
        serde_json::from_slice::<Value>(&delivery.body).unwrap(),
        event
    );
    assert_eq!(error.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let request = full(sender.deliver(&card_event(1, "active")));
    let card = verifier.receive::<CardUpdate, _>(request).await.unwrap();
    assert_eq!(card.status, CardStatus::Active);
}

#[tokio::test]
async fn what_is_new_in_the_contract_is_accepted_and_kept() {
    let sender = sender(&TestClock::new());
    let verifier = sender.verifier().build().unwrap();
    let event = card_event(1, "frozen");
    let request = full(sender.deliver(&event));
    let received: VerifiedEvent = verifier.receive(request).await.unwrap();
    assert_eq!(
        (&received.event, received.event_id),
        (&event, event.event_id())
    );
    let request = full(sender.deliver_with(&event, &Fault::UnknownType));
    let received: VerifiedEvent = verifier.receive(request).await.unwrap();
    let WebhookEvent::Unknown(unknown) = &received.event else {
        panic!("{:?}", received.event)
    };
    assert_eq!(unknown.webhook_type, "test.unknown");
    assert_eq!(unknown.raw["status"], "frozen");
}

#[tokio::test]
async fn the_window_of_created_has_two_sides() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let (past, future) = (seconds(60), seconds(5));
    let verifier = sender.verifier().created_window(past, future);
    let verifier = verifier.build().unwrap();
    for (fault, accepted) in [
        (Fault::Stale(seconds(0)), true),
        (Fault::Stale(seconds(60)), true),
        (Fault::Stale(seconds(61)), false),
        (Fault::FromTheFuture(seconds(5)), true),
        (Fault::FromTheFuture(seconds(6)), false),
    ] {
        let request = full(sender.deliver_with(&card_event(1, "active"), &fault));
        let outcome = verifier.verify(request).await;
        assert_eq!(outcome.is_ok(), accepted, "{fault:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn the_host_header_does_not_decide_for_whom_a_delivery_is() {
    let sender = sender(&TestClock::new());
    let verifier = sender.verifier().build().unwrap();
    let elsewhere = Fault::ForAnotherReceiver("https://evil.example/hooks/offblocks".to_owned());
    let mut request = full(sender.deliver_with(&card_event(1, "active"), &elsewhere));
    let host = HeaderValue::from_static("evil.example");
    request.headers_mut().insert(header::HOST, host);
    assert_eq!(verifier.verify(request).await.unwrap_err().status(), 401);

    // A proxy that rewrites host and path does no harm.
    let mut request = full(sender.deliver(&card_event(1, "active")));
    let host = HeaderValue::from_static("10.0.0.7:3000");
    request.headers_mut().insert(header::HOST, host);
    *request.uri_mut() = "/internal/hooks".parse().unwrap();
    verifier.verify(request).await.unwrap();
    assert!(
        format!("{verifier:?}").contains("bank.example"),
        "{CALLBACK}"
    );
}
