//! Streams and connections of HTTP/2 that the server ends.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use h2::Reason;
use h2::server::{Connection, SendResponse};
use offblocks_client::{ErrorKind, RetryPolicy};
use tokio::net::{TcpListener, TcpStream};

use super::run::{account, builder, order};
use crate::server::CARD;

/// What the server does with one stream.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// Ends the stream for this reason, without a response.
    Reset(Reason),
    /// Sends half of the body, and ends the stream for this reason.
    ResetInside(Reason),
    /// Ends the connection for this reason (GOAWAY), without a response.
    GoAway(Reason),
    /// Closes the connection without a word.
    Close,
}

type Keys = Arc<Mutex<Vec<String>>>;

/// A server that does this with the first stream, and responds to the others. The keys it has seen.
async fn start(act: Act) -> (String, Keys) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let acts = Arc::new(Mutex::new(VecDeque::from([act])));
    let keys = Keys::default();
    let seen = keys.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, acts.clone(), seen.clone()));
        }
    });
    (url, keys)
}

async fn serve(stream: TcpStream, acts: Arc<Mutex<VecDeque<Act>>>, keys: Keys) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((request, response))) = connection.accept().await {
        let key = request.headers().get("idempotency-key");
        let key = key.map(|key| key.to_str().unwrap().to_owned());
        keys.lock().unwrap().push(key.unwrap_or_default());
        let act = acts.lock().unwrap().pop_front();
        if respond(&mut connection, response, act).await {
            return;
        }
    }
}

/// Whether the connection ends.
async fn respond(
    connection: &mut Connection<TcpStream, Bytes>,
    mut response: SendResponse<Bytes>,
    act: Option<Act>,
) -> bool {
    let head = || http::Response::builder().status(201).body(()).unwrap();
    match act {
        None => {
            let mut body = response.send_response(head(), false).unwrap();
            body.send_data(CARD.into(), true).unwrap();
        }
        Some(Act::Reset(reason)) => response.send_reset(reason),
        Some(Act::ResetInside(reason)) => {
            let mut body = response.send_response(head(), false).unwrap();
            body.send_data(Bytes::from_static(b"{\"id\": "), false)
                .unwrap();
            // What is queued is sent first.
            let _ = tokio::time::timeout(std::time::Duration::ZERO, connection.accept()).await;
            body.send_reset(reason);
        }
        Some(Act::GoAway(reason)) => {
            connection.abrupt_shutdown(reason);
            while let Some(Ok(_)) = connection.accept().await {}
            return true;
        }
        Some(Act::Close) => return true,
    }
    false
}

#[tokio::test]
async fn streams_and_connections_that_the_server_ends_are_asked_for_again_with_one_key() {
    let acts = [
        Act::Reset(Reason::REFUSED_STREAM),
        Act::Reset(Reason::INTERNAL_ERROR),
        Act::Reset(Reason::CANCEL),
        Act::ResetInside(Reason::INTERNAL_ERROR),
        Act::GoAway(Reason::NO_ERROR),
        Act::GoAway(Reason::ENHANCE_YOUR_CALM),
        Act::Close,
    ];
    for act in acts {
        let (url, keys) = start(act).await;
        let builder = builder(&url, &Arc::default());
        let client = builder.configure_http(|http| http.http2_prior_knowledge());
        let client = client.build().unwrap();
        let ordered = client.create_account_card(account(), order()).await;
        ordered.unwrap_or_else(|error| panic!("{act:?}: {error}"));
        let keys = keys.lock().unwrap();
        assert!(keys.len() >= 2, "{act:?}");
        assert!(
            keys.iter().all(|key| *key == keys[0] && !key.is_empty()),
            "{act:?}"
        );
    }
}

#[tokio::test]
async fn without_retries_an_ended_stream_is_an_interrupted_call() {
    for act in [
        Act::Reset(Reason::INTERNAL_ERROR),
        Act::ResetInside(Reason::CANCEL),
        Act::Close,
    ] {
        let (url, keys) = start(act).await;
        let builder = builder(&url, &Arc::default());
        let client = builder.configure_http(|http| http.http2_prior_knowledge());
        let call = client
            .build()
            .unwrap()
            .create_account_card(account(), order());
        let error = call.retry(RetryPolicy::none()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{act:?}: {error}");
        assert!(error.is_outcome_unknown(), "{act:?}: {error}");
        assert_eq!(keys.lock().unwrap().len(), 1, "{act:?}");
    }
}
