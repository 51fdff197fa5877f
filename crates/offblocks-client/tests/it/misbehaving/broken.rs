//! Responses that break off, or that are not HTTP. They are sent again, because the call carries a key.

use offblocks_client::ErrorKind;

use super::run::{Case, check};
use super::script::{Act, message};
use crate::server::CARD;

fn case(name: &'static str, bytes: impl Into<Vec<u8>>, says: &'static str) -> Case {
    Case {
        name,
        act: Act::Close(bytes.into()),
        kind: ErrorKind::Interrupted,
        says,
        unknown: true,
        again: true,
    }
}

#[tokio::test]
async fn a_response_that_breaks_off_is_asked_for_again() {
    let half = &CARD[..CARD.len() / 2];
    let created = |headers: &str, body: &str| message("201 Created", headers, body);
    let json = "Content-Type: application/json\r\n";
    check(vec![
        case("nothing", "", "connection closed before message completed"),
        case("half of a head", "HTTP/1.1 201 Cre", "closed"),
        case(
            "a head alone",
            created("Content-Length: 300\r\n", ""),
            "broke off",
        ),
        case(
            "half of a body",
            created("Content-Length: 900\r\n", half),
            "broke off",
        ),
        case(
            "half of a chunk",
            created("Transfer-Encoding: chunked\r\n", "1f4\r\n{\"id\""),
            "broke off",
        ),
        case(
            "chunks without an end",
            created("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n"),
            "broke off",
        ),
        case(
            "half of a body whose length nothing says",
            created(json, half),
            "closed in the middle of the body",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_is_not_http_is_named_as_such() {
    let created = |headers: &str| message("201 Created", headers, CARD);
    let many: String = (0..500)
        .map(|number| format!("X-{number}: 1\r\n"))
        .collect();
    let large = format!("X-Large: {}\r\n", "x".repeat(2 << 20));
    check(vec![
        case(
            "another protocol",
            "SSH-2.0-OpenSSH_9.9\r\n\r\n",
            "invalid HTTP",
        ),
        case(
            "another version",
            "HTTP/7.3 201 Created\r\n\r\n",
            "invalid HTTP",
        ),
        case("no status", "HTTP/1.1 OK\r\n\r\n", "invalid HTTP status"),
        case(
            "a status of two digits",
            "HTTP/1.1 20 Created\r\n\r\n",
            "invalid HTTP status",
        ),
        case(
            "two lengths",
            created("Content-Length: 5\r\nContent-Length: 900\r\n"),
            "content-length",
        ),
        case(
            "a negative length",
            created("Content-Length: -1\r\n"),
            "content-length",
        ),
        case(
            "a length of words",
            created("Content-Length: long\r\n"),
            "content-length",
        ),
        case(
            "a header without a name",
            created(": nothing\r\n"),
            "invalid HTTP header",
        ),
        case(
            "a chunk of no length",
            created("Transfer-Encoding: chunked\r\n"),
            "broke off",
        ),
        case("five hundred headers", created(&many), "too large"),
        case("a header of two megabytes", created(&large), "too large"),
    ])
    .await;
}
