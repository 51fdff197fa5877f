//! The token's life.

use std::future::{Future as _, IntoFuture as _};
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use offblocks_client::{Client, Credentials, Error};
use offblocks_types::CardId;

use crate::server::{CARD, SECRET, Server, eventually, json};

async fn get_card(client: &Client) -> Result<(), Error> {
    let card: CardId = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap();
    client.get_card(card).send().await.map(|_| ())
}

fn ready(server: &Server, responses: usize) {
    for _ in 0..responses {
        server.respond_next(json(StatusCode::OK, CARD));
    }
}

#[tokio::test]
async fn fifty_callers_cost_one_token() {
    let server = Server::start().await;
    ready(&server, 51);
    let client = server.client();
    assert_eq!(
        server.tokens_asked(),
        0,
        "nothing is fetched before the first call"
    );
    let calls = (0..50).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { get_card(&client).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    get_card(&client).await.unwrap();
    assert_eq!(server.tokens_asked(), 1);
}

#[tokio::test]
async fn fifty_callers_share_one_failure_and_the_next_one_asks_again() {
    let server = Server::start().await;
    let client = server.client_without_retries();
    server.respond_next_token((StatusCode::SERVICE_UNAVAILABLE, "down"));
    // All wait at once: none of these futures is driven before all of them exist.
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { get_card(&client).await })
        })
        .collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_server_error(), "{error}");
        assert_eq!(
            (error.operation(), error.called_operation()),
            ("getToken", "getCard")
        );
    }
    assert_eq!(server.tokens_asked(), 1);
    ready(&server, 1);
    get_card(&client).await.unwrap();
    assert_eq!(server.tokens_asked(), 2);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_no_call_waits_for_it() {
    let server = Server::start().await;
    ready(&server, 4);
    let client = server.client();
    server.tokens_live(3600);
    get_card(&client).await.unwrap();
    // A minute, and half of the half minute that chance may add.
    server.clock.advance(3600 - 76);
    get_card(&client).await.unwrap();
    assert_eq!(
        server.tokens_asked(),
        1,
        "it holds until a minute before its end"
    );
    server.clock.advance(1);
    get_card(&client).await.unwrap();
    eventually(|| server.tokens_asked() == 2).await;
}

#[tokio::test]
async fn a_short_token_is_not_renewed_for_every_call() {
    let server = Server::start().await;
    ready(&server, 3);
    let client = server.client();
    server.tokens_live(20);
    get_card(&client).await.unwrap();
    server.clock.advance(14);
    get_card(&client).await.unwrap();
    assert_eq!(server.tokens_asked(), 1);
    server.clock.advance(1);
    get_card(&client).await.unwrap();
    eventually(|| server.tokens_asked() == 2).await;
}

#[tokio::test]
async fn a_token_that_could_not_be_renewed_ahead_is_used_to_its_end() {
    let server = Server::start().await;
    ready(&server, 3);
    let client = server.client_without_retries();
    get_card(&client).await.unwrap();
    server.clock.advance(3600 - 30);
    server.respond_next_token(StatusCode::SERVICE_UNAVAILABLE);
    get_card(&client).await.unwrap();
    eventually(|| server.tokens_asked() == 2).await;
    get_card(&client).await.unwrap();
    server.clock.advance(30);
    server.respond_next_token(StatusCode::SERVICE_UNAVAILABLE);
    let error = get_card(&client).await.unwrap_err();
    assert!(error.is_server_error(), "{error}");
}

#[tokio::test]
async fn a_fetch_outlives_callers_that_do_not_wait_for_it() {
    let server = Server::start().await;
    ready(&server, 1);
    let client = server.client();
    let card: CardId = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap();
    let hurried = (0..100).map(|_| {
        let call = client.get_card(card).deadline(Duration::ZERO);
        tokio::spawn(async move { call.await.map(|_| ()) })
    });
    for call in hurried.collect::<Vec<_>>() {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_timeout() && !error.is_outcome_unknown(), "{error}");
    }
    get_card(&client).await.unwrap();
    assert_eq!(server.tokens_asked(), 1);
}

#[tokio::test]
async fn a_token_endpoint_that_hangs_stalls_no_call_while_the_token_is_valid() {
    let server = Server::start().await;
    ready(&server, 301);
    let client = server.client();
    get_card(&client).await.unwrap();
    server.hang_tokens();
    server.clock.advance(3600 - 30);
    let calls =
        (0..300).map(|_| tokio::spawn(client.get_card(CardId(uuid::Uuid::nil())).into_future()));
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    eventually(|| server.tokens_asked() == 2).await;
}

#[tokio::test]
async fn the_life_of_a_token_is_measured_on_the_servers_clock() {
    let server = Server::start().await;
    ready(&server, 2);
    // This machine is 200 seconds ahead: by its clock, the token has ended when it comes.
    server.tokens_live(100);
    let ahead = Arc::new(crate::server::TestClock::default());
    ahead.advance(200);
    let client = server.signing().clock(ahead).build().unwrap();
    get_card(&client).await.unwrap();
    get_card(&client).await.unwrap();
    assert_eq!(server.tokens_asked(), 1);
}

#[tokio::test]
async fn credentials_and_tokens_are_replaced_in_a_client_in_use() {
    let server = Server::start().await;
    ready(&server, 3);
    let client = server.builder().bearer_token("token-x").build().unwrap();
    let clone = client.clone();
    let (key, id) = server.key();
    client.replace_signing_key(key, id);
    let error = get_card(&clone).await.unwrap_err();
    assert!(error.is_unauthorised(), "{error}");
    assert_eq!(server.tokens_asked(), 0);
    client.replace_credentials(Credentials::new(crate::server::API_KEY, SECRET));
    get_card(&clone).await.unwrap();
    client.replace_bearer_token("token-1");
    get_card(&clone).await.unwrap();
    assert_eq!(server.tokens_asked(), 1);
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once_and_the_call_signed_anew() {
    let server = Server::start().await;
    ready(&server, 2);
    let client = server.client();
    get_card(&client).await.unwrap();
    server.revoke_tokens();
    get_card(&client).await.unwrap();
    assert_eq!(server.tokens_asked(), 2);
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    assert_ne!(seen[1].header("signature"), seen[2].header("signature"));
}

#[tokio::test]
async fn the_key_stays_when_a_call_is_sent_again() {
    let server = Server::start().await;
    let client = server.client();
    ready(&server, 1);
    get_card(&client).await.unwrap();
    server.revoke_tokens();
    server.respond_next(StatusCode::ACCEPTED);
    let card: CardId = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap();
    client.simulate_issue_card(card).send().await.unwrap();
    let seen = server.seen();
    let keys: Vec<_> = seen[1..]
        .iter()
        .map(|seen| seen.header("idempotency-key"))
        .collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[0], "");
}

#[tokio::test]
async fn a_second_rejection_stands() {
    let server = Server::start().await;
    let client = server.client();
    ready(&server, 1);
    get_card(&client).await.unwrap();
    server.respond_next(StatusCode::UNAUTHORIZED);
    server.respond_next(StatusCode::UNAUTHORIZED);
    let error = get_card(&client).await.unwrap_err();
    assert!(error.is_unauthorised(), "{error}");
    assert_eq!((server.tokens_asked(), server.seen().len()), (2, 3));
}

#[tokio::test]
async fn a_rejection_of_a_fresh_token_stands_at_once() {
    let server = Server::start().await;
    server.respond_next(StatusCode::UNAUTHORIZED);
    let error = get_card(&server.client()).await.unwrap_err();
    assert!(error.is_unauthorised(), "{error}");
    assert_eq!((server.tokens_asked(), server.seen().len()), (1, 1));
}

#[tokio::test]
async fn fifty_rejections_cost_one_token() {
    let server = Server::start().await;
    let client = server.client();
    ready(&server, 51);
    get_card(&client).await.unwrap();
    server.revoke_tokens();
    let calls = (0..50).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { get_card(&client).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.tokens_asked(), 2);
}

#[tokio::test]
async fn a_token_that_comes_ended_is_used_by_all_who_waited_for_it() {
    let server = Server::start().await;
    server.tokens_live(-10);
    ready(&server, 50);
    let client = server.client();
    let calls = (0..50).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { get_card(&client).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(
        server.tokens_asked(),
        1,
        "the clocks disagree, and the server still gets few requests"
    );
}

#[tokio::test]
async fn a_caller_dropped_while_fetching_stops_no_other() {
    let server = Server::start().await;
    ready(&server, 1);
    let client = server.client();
    let mut waiting = std::pin::pin!(get_card(&client));
    {
        // One caller fetches and another waits behind it; then the first one gives up.
        let mut fetching = std::pin::pin!(get_card(&client));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(fetching.as_mut().poll(&mut context).is_pending());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
    }
    waiting.await.unwrap();
}

#[tokio::test]
async fn no_secret_and_no_token_shows() {
    let server = Server::start().await;
    let builder = server.builder().credentials(crate::server::API_KEY, SECRET);
    let mut texts = vec![format!("{builder:?}")];
    let client = server.client();
    server.respond_next_token((
        StatusCode::UNAUTHORIZED,
        format!("no such secret: {SECRET}"),
    ));
    let error = get_card(&client).await.unwrap_err();
    texts.extend([error.to_string(), format!("{error:?}")]);
    server.respond_next_token(json(
        StatusCode::OK,
        r#"{"token": "token-x", "expiresAt": "soon"}"#,
    ));
    let error = get_card(&client).await.unwrap_err();
    assert!(error.is_decode() && error.body().is_none(), "{error}");
    texts.extend([
        error.to_string(),
        format!("{error:?}"),
        format!("{client:?}"),
    ]);
    for text in texts {
        assert!(
            !text.contains(SECRET) && !text.contains("token-x"),
            "{text}"
        );
    }
}
