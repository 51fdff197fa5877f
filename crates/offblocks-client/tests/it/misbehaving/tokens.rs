//! A token endpoint that does what it likes. No order is sent without a token.

use std::sync::Arc;

use offblocks_client::{Client, ErrorKind};

use super::run::{PRIVATE, account, builder, order};
use super::script::{Act, Script};
use crate::server::{API_KEY, CARD, SECRET};

const JSON: &str = "Content-Type: application/json\r\n";

fn token(text: &str, ends: &str) -> Act {
    let body = format!(r#"{{"token": {text}, "expiresAt": {ends}, "tokenType": "Bearer"}}"#);
    Act::whole("200 OK", JSON, body)
}

async fn stage(acts: Vec<Act>) -> (Script, Client) {
    let script = Script::start(acts).await;
    let client = builder(&script.url, &Arc::default());
    let client = client.credentials(API_KEY, SECRET).build().unwrap();
    (script, client)
}

#[tokio::test]
async fn what_is_no_token_is_told_and_no_order_is_sent() {
    use ErrorKind::{Decode, Server, Setup, Unauthorised, UnexpectedStatus};
    let whole = |status: &str, headers: &str, body: &str| Act::whole(status, headers, body);
    let long = format!("{{\"token\": \"{}\"", "x".repeat(1 << 20));
    let broken = token(r#""two\nlines""#, "4000000000");
    let cases = [
        (
            whole("200 OK", "", "<html>Please log in</html>"),
            Decode,
            "HTML",
        ),
        (whole("204 No Content", "", ""), Decode, "the body is empty"),
        (token("7", "4000000000"), Decode, "`/token`"),
        (token("\"hunter2\"", "\"soon\""), Decode, "`/expiresAt`"),
        (
            whole("200 OK", JSON, "{\"token\": \"hunt"),
            Decode,
            "cut off",
        ),
        (
            whole("200 OK", JSON, &long),
            Decode,
            "longer than the 65536 bytes",
        ),
        (
            whole("302 Found", "Location: /login\r\n", ""),
            UnexpectedStatus,
            "redirects are not followed",
        ),
        (
            whole("401 Unauthorized", "", SECRET),
            Unauthorised,
            "check the API key and its secret",
        ),
        (
            whole("501 Not Implemented", "", ""),
            Server,
            "does not offer",
        ),
        (broken, Setup, "characters that cannot stand in a header"),
    ];
    for (act, kind, says) in cases {
        let (script, client) = stage(vec![act.clone()]).await;
        let call = client.create_account_card(account(), order());
        let key = call.key();
        let error = call.await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert_eq!(error.kind(), kind, "{text}");
        assert!(text.contains(says), "{says} of {text}");
        assert_eq!(error.called_operation(), "createAccountCard", "{text}");
        assert!(!error.is_outcome_unknown(), "{text}");
        assert_eq!(error.idempotency_key(), key, "{text}");
        for secret in [SECRET, "hunt", "body_limit", PRIVATE] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        let keys: String = script.keys().concat();
        assert_eq!(keys, "", "an order was sent: {act:?}");
    }
}

#[tokio::test]
async fn a_token_endpoint_that_fails_for_a_while_is_asked_again() {
    let half = Act::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"tok".to_vec());
    let busy = Act::whole("503 Service Unavailable", "", "");
    let good = token("\"token-1\"", "4000000000");
    let (script, client) = stage(vec![Act::Close(Vec::new()), half, busy, good]).await;
    let ordered = client.create_account_card(account(), order()).await;
    assert_eq!(
        ordered.unwrap().attempts(),
        1,
        "the order itself is sent once"
    );
    assert_eq!(script.requests().len(), 5);
}

#[tokio::test]
async fn tokens_that_end_at_odd_times_are_used() {
    for ends in ["0", "-1", "-9223372036854775808", "9223372036854775807"] {
        let card = Act::whole("201 Created", JSON, CARD);
        let acts = vec![token("\"token-1\"", ends), card];
        let (script, client) = stage(acts).await;
        let ordered = client.create_account_card(account(), order()).await;
        ordered.unwrap_or_else(|error| panic!("{ends}: {error}"));
        assert_eq!(script.requests().len(), 2, "{ends}");
    }
}

/// The server takes no token. Each call has one renewal, and no more.
#[tokio::test]
async fn a_server_that_rejects_every_token_is_not_asked_for_ever() {
    let good = || token("\"token-1\"", "4000000000");
    let no = || Act::whole("401 Unauthorized", "", "");
    let acts = vec![good(), no(), no(), good(), no(), no(), good(), no()];
    let (script, client) = stage(acts).await;
    for requests in [2, 5, 8] {
        let error = client.create_account_card(account(), order()).await;
        assert!(error.unwrap_err().is_unauthorised());
        assert_eq!(script.requests().len(), requests);
    }
}
