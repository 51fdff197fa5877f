//! The router behind a real socket: its responses in HTTP/1.1.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use common::bank;
use tokio::net::TcpListener;

/// Sends these bytes to a server and returns everything it sends until it closes the connection.
async fn exchange(request: String) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = bank().body_limit(64).into_router();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let response = tokio::task::spawn_blocking(move || talk(address, &request))
        .await
        .unwrap();
    server.abort();
    response
}

fn talk(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

fn call(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n")
}

#[tokio::test]
async fn statuses_and_headers_arrive() {
    let cases = [
        (call("GET /cards", ""), "HTTP/1.1 200", "\r\n\r\n[]"),
        (call("HEAD /cards", ""), "HTTP/1.1 405", "\r\n\r\n"),
        (
            call("OPTIONS /cards", ""),
            "HTTP/1.1 405",
            "for this path\"}",
        ),
        (call("OPTIONS *", ""), "HTTP/1.1 404", "no such path\"}"),
        (call("BREW /cards", ""), "HTTP/1.1 405", "for this path\"}"),
        (call("GET /teapots", ""), "HTTP/1.1 404", "no such path\"}"),
    ];
    for (request, status, end) in cases {
        let response = exchange(request.clone()).await;
        assert!(response.starts_with(status), "{request}{response}");
        assert!(response.ends_with(end), "{request}{response}");
        assert_eq!(
            response.contains("\r\nallow: GET\r\n"),
            status.ends_with("405"),
            "{response}"
        );
    }
}

#[tokio::test]
async fn a_chunked_body_is_cut_off_at_the_limit() {
    let key = common::KEY;
    let headers = format!(
        "idempotency-key: {key}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n"
    );
    let chunk = format!("40\r\n{}\r\n", " ".repeat(64));
    let request = call(&format!("POST {}", common::new_card()), &headers) + &chunk + &chunk;
    let response = exchange(request + "0\r\n\r\n").await;
    assert!(response.starts_with("HTTP/1.1 413"), "{response}");
}
