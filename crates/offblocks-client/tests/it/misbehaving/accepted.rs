//! What a server may do although nobody expects it.

use offblocks_client::RetryPolicy;

use super::run::ordered;
use super::script::{Act, message};
use crate::server::CARD;

#[tokio::test]
async fn what_only_looks_odd_is_accepted() {
    let json = "Content-Type: application/json\r\n";
    let whole = |status: &str, headers: &str| Act::whole(status, headers, CARD);
    let after = |before: &str| {
        let Act::Send(response) = Act::good() else {
            unreachable!("it is sent whole");
        };
        Act::Send([before.as_bytes(), &response].concat())
    };
    let (first, second) = CARD.split_at(CARD.len() / 3);
    let chunks = format!(
        "{:x}\r\n{first}\r\n{:X};name=value\r\n{second}\r\n0\r\nX-Trailer: 1\r\n\r\n",
        first.len(),
        second.len()
    );
    let extra = CARD.replacen('{', "{\"newField\": {\"a\": [1]}, ", 1);
    let cases = [
        ("200", whole("200 OK", json)),
        ("202", whole("202 Accepted", json)),
        ("206", whole("206 Partial Content", json)),
        ("a success without a name", whole("299 \u{e9}", json)),
        ("text", whole("201 Created", "Content-Type: text/plain\r\n")),
        (
            "two types",
            whole("201 Created", "Content-Type: a/b\r\nContent-Type: c/d\r\n"),
        ),
        ("no type", whole("201 Created", "")),
        (
            "no coding",
            whole("201 Created", "Content-Encoding: identity\r\n"),
        ),
        (
            "a date of words",
            whole("201 Created", "Date: today\r\nDate: tomorrow\r\n"),
        ),
        ("a pause", whole("201 Created", "Retry-After: 4000\r\n")),
        ("continue", after("HTTP/1.1 100 Continue\r\n\r\n")),
        (
            "hints",
            after(&"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(20)),
        ),
        (
            "chunks",
            Act::Send(message(
                "201 Created",
                "Transfer-Encoding: chunked\r\n",
                chunks,
            )),
        ),
        (
            "until the end",
            Act::Close(message("201 Created", json, CARD)),
        ),
        (
            "the older version",
            Act::Close(format!("HTTP/1.0 201 Created\r\n\r\n{CARD}").into()),
        ),
        (
            "blanks",
            Act::whole("201 Created", json, format!(" \r\n\t{CARD}\n\n ")),
        ),
        (
            "a byte order mark",
            Act::whole("201 Created", json, format!("\u{feff}{CARD}")),
        ),
        ("a new field", Act::whole("201 Created", json, extra)),
    ];
    for (name, act) in cases {
        let (script, ended) = ordered(act, RetryPolicy::none()).await;
        let card = ended.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(CARD.contains(&card.id.to_string()), "{name}");
        assert_eq!(script.keys().len(), 1, "{name}: it is sent once");
    }
}
