//! Every call is dropped at each of its awaits. The client works on, and nothing is made twice.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use offblocks_client::{Client, Operation, reqwest};
use uuid::Uuid;

use crate::calls::every;
use crate::stage::Stage;

/// Drives a future until it has been polled so often, and drops it then.
async fn polled<T>(mut call: Pin<Box<dyn Future<Output = T> + Send>>, most: usize) -> Option<T> {
    let mut polls = 0;
    poll_fn(move |context| {
        if polls == most {
            return Poll::Ready(None);
        }
        polls += 1;
        call.as_mut().poll(context).map(Some)
    })
    .await
}

/// A client that has no token yet, and one place for attempts, so that a place that is not given back
/// stops the next call.
fn fresh(stage: &Stage, http: &reqwest::Client) -> Client {
    let builder = stage.builder().http_client(http.clone());
    builder.max_in_flight(1).build().unwrap()
}

#[tokio::test]
async fn a_call_dropped_at_any_await_breaks_nothing() {
    let stage = Stage::new().await;
    let http = reqwest::Client::builder().no_proxy();
    let http = http.tls_certs_only([]).build().unwrap();
    let calls = every(&stage);
    let covered: BTreeSet<&str> = calls.iter().map(|(id, _)| *id).collect();
    let all: BTreeSet<&str> = Operation::ALL.iter().map(|one| one.id).collect();
    assert_eq!(covered, all, "add the call of each operation to `calls`");
    for (number, (id, call)) in calls.iter().enumerate() {
        let key = Uuid::from_u128(0xca11_0000 + number as u128);
        let mut dropped = 0;
        loop {
            let client = fresh(&stage, &http);
            let ended = polled(call(&client, key), dropped).await;
            let works = client.get_chains().await;
            works.unwrap_or_else(|error| panic!("{id} dropped after {dropped} polls: {error}"));
            if let Some(ended) = ended {
                let unclear = ended.err().filter(|error| error.is_still_running());
                assert!(unclear.is_none(), "{id}: {unclear:?}");
                break;
            }
            dropped += 1;
        }
        assert!(dropped > 1, "{id} has awaits");
    }
    let client = stage.sandbox.client();
    assert_eq!(client.get_customers().await.unwrap().len(), 2);
    assert_eq!(client.get_accounts().await.unwrap().len(), 2);
    assert_eq!(client.get_cards().await.unwrap().len(), 1);
    assert_eq!(client.get_webhooks().await.unwrap().len(), 1);
}
