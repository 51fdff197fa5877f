//! What happens when nothing whole comes back.

use std::time::Duration;

use offblocks_client::{BuildError, Client, RetryPolicy};
use offblocks_types::CardId;

use crate::server::{API_KEY, SECRET, Server};

fn card() -> CardId {
    "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap()
}

/// An address where no server listens.
async fn closed_port() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn no_server_is_a_failed_connection() {
    let client = Client::builder()
        .base_url(closed_port().await)
        .credentials(API_KEY, SECRET)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = client.get_card(card()).send().await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable(), "{error}");
    assert!(error.to_string().contains("could not connect"), "{error}");
    assert_eq!(error.called_operation(), "getCard");
}

#[tokio::test]
async fn a_server_that_says_nothing_times_out() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::builder()
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .credentials(API_KEY, SECRET)
        .timeout(Duration::from_millis(50))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = client.get_card(card()).send().await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error}");
}

#[tokio::test]
async fn a_base_url_with_a_slash_at_its_end_is_the_same() {
    let server = Server::start().await;
    let url = format!("{}/", server.url);
    let client = server.builder().base_url(url).build().unwrap();
    assert_eq!(client.base_url(), server.url);
}

#[test]
fn a_client_without_an_address_or_in_clear_is_not_built() {
    assert!(matches!(
        Client::builder().build(),
        Err(BuildError::NoBaseUrl)
    ));
    let clear = Client::builder()
        .base_url("http://api.offblocks.xyz/v1")
        .build();
    assert!(matches!(clear, Err(BuildError::BaseUrl { .. })));
}

/// Runs [`under_a_proxy`] in a process that has a proxy in its environment: the variables of this
/// process cannot be changed while other tests run.
#[test]
fn a_proxy_of_the_environment_is_named_and_never_used_for_this_machine() {
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "transport::under_a_proxy", "--ignored"])
        .env("HTTP_PROXY", "http://user:hunter2@127.0.0.1:1")
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env_remove("REQUEST_METHOD")
        .env_remove("http_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&status.stdout);
    assert!(
        status.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[tokio::test]
#[ignore = "needs a proxy in its environment; another test runs it"]
async fn under_a_proxy() {
    let server = Server::start().await;
    let client = server.client();
    client.simulate_issue_card(card()).await.unwrap();

    let elsewhere = server
        .signing()
        .base_url("http://api.invalid/v1")
        .allow_plain_http()
        .build()
        .unwrap();
    let error = elsewhere.get_card(card()).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(
        text.contains("the proxy http://127.0.0.1:1 is in use"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");

    let direct = server.signing().base_url("http://api.invalid/v1");
    let direct = direct.allow_plain_http().no_proxy().build().unwrap();
    let error = direct.get_card(card()).await.unwrap_err();
    assert!(!error.to_string().contains("proxy"), "{error}");
}
