//! A server that breaks connections, over raw TCP.

use std::sync::Arc;
use std::time::Duration;

use offblocks_client::reqwest::redirect;
use offblocks_client::{Client, ErrorKind, KeyId, RetryPolicy, SigningKey};
use offblocks_types::{AccountId, CardId, CreateAccountCardRequest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::server::{CARD, TIMEOUT, TestRandom, TestTimer};

/// What the server does with a request.
#[derive(Clone)]
enum Fault {
    /// Closes without a response.
    Drop,
    /// Promises a body and closes in the middle of it.
    CutBody,
    /// Reads the request and never responds.
    Hang,
    /// These bytes, as they are.
    Raw(Vec<u8>),
}

fn whole(status: &str, headers: &str, body: &[u8]) -> Fault {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    );
    Fault::Raw([head.as_bytes(), body].concat())
}

/// Serves these faults one after the other, and reports each request that was read whole.
async fn serve(faults: Vec<Fault>) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut hanging = Vec::new();
        for fault in faults {
            let (mut stream, _) = listener.accept().await.unwrap();
            let request = read(&mut stream).await;
            let _ = sender.send(request);
            match fault {
                Fault::Drop => drop(stream),
                Fault::CutBody => {
                    let head = b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"id\"";
                    stream.write_all(head).await.unwrap();
                }
                Fault::Hang => hanging.push(stream),
                Fault::Raw(bytes) => stream.write_all(&bytes).await.unwrap(),
            }
        }
        std::future::pending::<()>().await;
        drop(hanging);
    });
    (url, receiver)
}

/// A request's head and body.
async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.unwrap_or(0);
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return text;
            }
            continue;
        };
        let length = header(head, "content-length").parse().unwrap_or(0);
        if read == 0 || body.len() >= length {
            return text;
        }
    }
}

fn header(head: &str, name: &str) -> String {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found
        .next()
        .map_or(String::new(), |(_, value)| value.trim().to_owned())
}

fn client(url: &str, timer: Arc<TestTimer>) -> Client {
    Client::builder()
        .base_url(url)
        .bearer_token("token-1")
        .signing_key(SigningKey::generate().unwrap(), KeyId::new("key").unwrap())
        .timer(timer)
        .random(Arc::new(TestRandom::default()))
        .timeout(TIMEOUT)
        .deadline(TIMEOUT * 2)
        .build()
        .unwrap()
}

fn account() -> AccountId {
    AccountId(uuid::Uuid::from_u128(1))
}

fn card() -> CardId {
    CardId(uuid::Uuid::from_u128(2))
}

fn order() -> CreateAccountCardRequest {
    serde_json::from_value(serde_json::json!({
        "type": "virtual",
        "billingAddress": {"firstLine": "18 Harbour Row", "city": "Bristol", "country": "GB", "postCode": "BS1 4RN"},
    }))
    .unwrap()
}

#[tokio::test]
async fn connections_that_break_before_and_inside_the_body_are_tried_again() {
    let faults = vec![
        Fault::Drop,
        Fault::CutBody,
        whole("201 Created", "", CARD.as_bytes()),
    ];
    let (url, mut requests) = serve(faults).await;
    let client = client(&url, Arc::default());
    let issued = client
        .create_account_card(account(), order())
        .await
        .unwrap();
    assert_eq!(issued.attempts(), 3);
    let key = issued.idempotency_key().unwrap().to_string();
    for _ in 0..3 {
        let request = requests.recv().await.unwrap();
        assert_eq!(header(&request, "idempotency-key"), key);
    }
}

#[tokio::test]
async fn a_timeout_after_the_server_has_read_the_call_is_tried_again_with_its_key() {
    let faults = vec![Fault::Hang, whole("201 Created", "", CARD.as_bytes())];
    let (url, mut requests) = serve(faults).await;
    let timer = Arc::new(TestTimer::default());
    let client = client(&url, timer.clone());
    let call = client.create_account_card(account(), order());
    let call = tokio::spawn(call.send());
    let first = requests.recv().await.unwrap();
    timer.time_out();
    let second = requests.recv().await.unwrap();
    let issued = call.await.unwrap();
    assert_eq!(
        header(&first, "idempotency-key"),
        header(&second, "idempotency-key")
    );
    assert_eq!(issued.unwrap().attempts(), 2);
}

#[tokio::test]
async fn a_change_without_a_response_may_have_been_carried_out() {
    let (url, mut requests) = serve(vec![Fault::Hang]).await;
    let timer = Arc::new(TestTimer::default());
    let client = client(&url, timer.clone());
    let call = client.delete_card(card()).retry(RetryPolicy::none());
    let key = call.key();
    let call = tokio::spawn(call.send());
    requests.recv().await.unwrap();
    timer.time_out();
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        error.is_outcome_unknown() && error.idempotency_key() == key,
        "{error}"
    );
}

#[tokio::test]
async fn what_is_not_the_apis_is_named() {
    let html = b"<html>bad gateway hunter2</html>".as_slice();
    let cases = [
        (
            whole("200 OK", "", b"{\"id\": \"9d36"),
            "the body is cut off",
        ),
        (whole("200 OK", "", &[0x1f, 0x8b, 8, 0, 0]), "compressed"),
        (whole("200 OK", "Content-Type: text/html\r\n", html), "HTML"),
        (
            whole("400 Bad", "Content-Type: text/html\r\n", html),
            "HTML",
        ),
        (whole("200 OK", "", b""), "the body is empty"),
    ];
    for (fault, expected) in cases {
        let (url, _requests) = serve(vec![fault]).await;
        let client = client(&url, Arc::default());
        let error = client.get_card(card()).await.unwrap_err();
        let text = format!("{error}");
        assert!(
            text.contains(expected) && !text.contains("hunter2"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn redirects_are_never_followed_whatever_the_http_client_was_told() {
    let redirect = whole("302 Found", "Location: /elsewhere\r\n", b"");
    let (url, mut requests) = serve(vec![redirect]).await;
    let client = Client::builder()
        .base_url(&url)
        .bearer_token("token-1")
        .signing_key(SigningKey::generate().unwrap(), KeyId::new("key").unwrap())
        .configure_http(|http| {
            http.redirect(redirect::Policy::limited(5))
                .connect_timeout(Duration::from_secs(5))
        })
        .build()
        .unwrap();
    let error = client.get_card(card()).await.unwrap_err();
    assert!(
        error.to_string().contains("redirects are not followed"),
        "{error}"
    );
    assert!(requests.recv().await.unwrap().starts_with("GET /v1/cards/"));
    assert!(requests.try_recv().is_err());
}
