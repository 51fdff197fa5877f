//! Streams of records: what is sent comes back the same, record by record.

use super::{READ, shell};
use futures_util::{StreamExt as _, stream};
use loopback_client::builder::{AnswersFailure, AnswersSuccess as AnswersAnswer};
use loopback_client::records::{Event, RecordError, Records};
use loopback_client::{Client, Error};
use loopback_server::support::{self, RecordReader, Rejection, RequestContext};
use loopback_server::{AnswersError, AnswersSuccess};
use loopback_types::{AnswersResponseHeaders, Page, Shell};
use std::fmt::Debug;
use std::time::Duration;

/// Everything that a request holds, as it would be sent back.
pub async fn all<R>(mut body: RecordReader<R>) -> Result<Vec<R>, Rejection> {
    let mut all = Vec::new();
    while let Some(record) = body.next().await? {
        all.push(record);
    }
    Ok(all)
}

/// A response of the first media type that is asked for.
pub fn negotiated(context: &RequestContext) -> Result<AnswersSuccess, AnswersError> {
    let asked = context.headers["accept"].to_str().unwrap();
    let headers = || AnswersResponseHeaders::new();
    let mut page = Page::default();
    page.size = Some(3);
    Ok(match asked.split(',').next().unwrap() {
        "application/json" => AnswersSuccess::Ok(headers(), shell("json")),
        "application/vnd.page+json" => AnswersSuccess::OkVndPageJson(headers(), page),
        "text/plain" => AnswersSuccess::OkPlain(headers(), asked.to_owned()),
        "text/event-stream" => {
            AnswersSuccess::OkEventStream(headers(), vec![support::Event::new(shell("a")), support::Event::new(shell("b"))].into())
        }
        "image/png" => AnswersSuccess::OkImage(headers(), support::TypedBody::new("image/png", axum::body::Bytes::from_static(b"\0\xFF"))),
        "text/csv" => return Err(AnswersError::NotAcceptablePlain("text".to_owned())),
        _ => return Err(AnswersError::not_acceptable("problem")),
    })
}

/// One status with several bodies, which the media type tells apart.
async fn by_media_type(client: &Client) {
    let asked = |media_type: &'static str| {
        let value = reqwest::header::HeaderValue::from_static(media_type);
        client.answers().accept(value).send()
    };
    let response = client.answers().send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(matches!(response.into_inner(), AnswersAnswer::Status200(_, it) if it == shell("json")));
    let response = asked("application/vnd.page+json").await.unwrap().into_inner();
    assert!(matches!(response, AnswersAnswer::Status200VndPageJson(_, it) if it.size == Some(3)));
    let response = asked("text/plain").await.unwrap().into_inner();
    assert!(matches!(response, AnswersAnswer::Status200Plain(_, it) if it == "text/plain"));
    match asked("text/event-stream").await.unwrap().into_inner() {
        AnswersAnswer::Status200EventStream(_, events) => {
            let events = read(events).await.into_iter();
            assert_eq!(events.map(|event| event.data).collect::<Vec<_>>(), [shell("a"), shell("b")]);
        }
        other => panic!("{other:?}"),
    }
    match asked("text/csv").await.unwrap_err() {
        Error::ErrorResponse(response) => match response.into_inner() {
            AnswersFailure::Status406Plain(text) => assert_eq!(text, "text"),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
    match asked("x/y").await.unwrap_err() {
        Error::ErrorResponse(response) => match response.into_inner() {
            AnswersFailure::Status406(problem) => assert_eq!(problem.title, "Not Acceptable"),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

const HUES: &[&str] = &["", "a\nb", "a\r\nb", "\u{1E}", "data: x", "[DONE]", "é😀\u{2028}", "\"\\\t"];

pub async fn arrive(client: &Client, url: &str) {
    as_they_come(client).await;
    by_media_type(client).await;
    let shells: Vec<Shell> = HUES.iter().map(|hue| shell(hue)).collect();
    let lines = client.record_lines(shells.clone()).send().await.unwrap().into_inner();
    assert_eq!(read(lines).await, shells);
    let mut page = Page::default();
    page.after = Some("a\nb\u{1E}".to_owned());
    let pages = vec![page.clone(), Page::default(), page];
    let response = client.record_sequence().body(pages.clone()).send().await.unwrap().into_inner();
    assert_eq!((response.0.x_total, read(response.1).await), (Some(3), pages));
    let response = client.record_sequence().send().await.unwrap().into_inner();
    assert_eq!((response.0.x_total, read(response.1).await), (Some(0), Vec::new()));
    let sent = shells.iter().map(|shell| Event::new(shell.clone()));
    let mut sent: Vec<Event<Shell>> = sent.collect();
    sent[0] = sent[0].clone().with_event("opened").with_id("").with_retry(Duration::from_millis(1_500));
    sent[1] = sent[1].clone().with_id("7:8");
    let events = client.typed_events(sent.clone()).send().await;
    assert_eq!(read(events.unwrap().into_inner()).await, sent);
    broken(client, url).await;
}

async fn read<R: Debug>(records: impl futures_util::Stream<Item = Result<R, RecordError>>) -> Vec<R> {
    records.map(|record| record.unwrap()).collect().await
}

/// The second half is sent once the first one has come back, so neither end may collect the body.
async fn as_they_come(client: &Client) {
    let mut events = client.events().send().await.unwrap().into_inner();
    assert_eq!(events.next().await.unwrap().unwrap(), Event::new("1".to_owned()));
    READ.notify_one();
    assert_eq!(events.next().await.unwrap().unwrap().data, "2");
    assert!(events.next().await.is_none());
    let halves = stream::unfold(1, |number| async move {
        if number == 2 {
            READ.notified().await;
        }
        (number < 3).then_some((Ok::<_, std::io::Error>(format!("{number}\n")), number + 1))
    });
    let sent = client.lines(reqwest::Body::wrap_stream(halves)).send().await;
    let mut lines = sent.unwrap().into_inner();
    assert_eq!(lines.next().await.unwrap().unwrap(), "1\n");
    READ.notify_one();
    assert_eq!(lines.next().await.unwrap().unwrap(), "2\n");
    assert!(lines.next().await.is_none());
}

/// What is not valid is an error in its place, at both ends.
async fn broken(client: &Client, url: &str) {
    let failing = stream::iter([Ok(shell("a")), Err("no more"), Ok(shell("b"))]);
    let error = client.record_lines(Records::new(failing)).send().await.unwrap_err();
    assert!(matches!(error, loopback_client::Error::CommunicationError(_)), "{error:?}");
    for (path, media_type, body, place) in [
        ("records/lines", "application/x-ndjson", "{}\n{\"weight\":\"heavy\"}\n", "/1/weight"),
        ("records/lines", "application/x-ndjson", "{}\n{}\n{\"hue\":\n", "/2"),
        ("events/typed", "text/event-stream", "data: {}\n\ndata: {\"count\":1.5}\n\n", "/1/count"),
    ] {
        let request = reqwest::Client::new().put(format!("{url}/{path}"));
        let response = request.header("content-type", media_type).body(body).send().await.unwrap();
        assert_eq!(response.status(), 400, "{path}");
        let problem: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(problem["pointer"], place, "{problem}");
    }
    elsewhere().await;
}

/// A server that writes events as others do.
async fn elsewhere() {
    let text = "\u{feff}: a comment\r\ndata:{\"count\":1}\r\rid: 3\ndata: {\"count\":\ndata: 2}\n\ndata: none\n\n\
                data: {\"count\":4}\n\ndata: [DONE]\n\ndata: {\"count\":5}\n\n";
    let route = axum::routing::put(move || async move {
        let response = axum::response::Response::builder().header("content-type", "text/event-stream");
        response.body(axum::body::Body::from(text)).unwrap()
    });
    let router = axum::Router::new().route("/events/typed", route);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut events = client.typed_events(Vec::<Event<Shell>>::new()).send().await.unwrap().into_inner();
    let mut counts = Vec::new();
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => counts.push((event.data.count, event.id)),
            Err(RecordError::Json { text, .. }) => counts.push((None, Some(text))),
            Err(other) => panic!("{other}"),
        }
    }
    let id = |text: &str| Some(text.to_owned());
    assert_eq!(counts, [(Some(1), None), (Some(2), id("3")), (None, id("none")), (Some(4), None)]);
}
