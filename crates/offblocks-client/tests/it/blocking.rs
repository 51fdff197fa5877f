//! Calls that block the thread.

use offblocks_client::Client;
use offblocks_types::CardId;
use uuid::Uuid;

use crate::server::{KEY_ID, Server};

fn card() -> CardId {
    Uuid::from_u128(7).into()
}

/// The server runs in a runtime of its own, as another process would.
fn start() -> (tokio::runtime::Runtime, Server) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(Server::start());
    (runtime, server)
}

#[test]
fn many_threads_share_one_client_and_one_token() {
    let (_runtime, server) = start();
    let client = server.client();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.get_card(card()).send_blocking().unwrap());
        }
    });
    assert_eq!((server.tokens_asked(), server.seen().len()), (1, 8));
    let (key, id) = server.key();
    assert_eq!(id.as_str(), KEY_ID);
    client.register_signing_key_blocking(&key, &id).unwrap();
}

#[tokio::test]
async fn inside_a_runtime_it_is_an_error_and_not_a_panic() {
    let client = Client::builder()
        .base_url("http://127.0.0.1:1/v1")
        .build()
        .unwrap();
    let error = client.get_card(card()).send_blocking().unwrap_err();
    assert!(error.is_setup(), "{error}");
    assert!(
        error.to_string().contains("await the call instead"),
        "{error}"
    );
}
