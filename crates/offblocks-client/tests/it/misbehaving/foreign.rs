//! Whole responses that are not what the contract says.

use offblocks_client::ErrorKind;

use super::run::{Case, PRIVATE, check};
use super::script::Act;
use crate::server::CARD;

/// A success that cannot be read. The server has carried the change out, so it is not sent again.
fn unreadable(name: &'static str, act: Act, says: &'static str) -> Case {
    Case {
        name,
        act,
        kind: ErrorKind::Decode,
        says,
        unknown: false,
        again: false,
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_is_final_and_says_why() {
    let zipped = [&[0x1f, 0x8b, 8, 0][..], PRIVATE.as_bytes()].concat();
    let created = |headers: &str, body: &[u8]| Act::whole("201 Created", headers, body);
    let half = &CARD.as_bytes()[..CARD.len() / 2];
    let other = format!("{{\"id\": \"{PRIVATE}\"}}");
    let words = format!("see {PRIVATE}");
    let deep = "[".repeat(100_000);
    check(vec![
        unreadable("nothing", created("", b""), "the body is empty"),
        unreadable(
            "no content",
            Act::whole("204 No Content", "", ""),
            "the body is empty",
        ),
        unreadable("no JSON", created("", words.as_bytes()), "is not JSON"),
        unreadable(
            "half of the JSON, at its length",
            created("", half),
            "cut off",
        ),
        unreadable(
            "other JSON",
            created("", other.as_bytes()),
            "is not what the contract says",
        ),
        unreadable("a list", created("", b"[]"), "`Card`"),
        unreadable(
            "null",
            created("", b"null"),
            "is not what the contract says",
        ),
        unreadable(
            "JSON that is too deep",
            created("", deep.as_bytes()),
            "is not what the contract says",
        ),
        unreadable(
            "text that is not UTF-8",
            created("", b"{\"id\": \"\xff\xfe\"}"),
            "the body",
        ),
        unreadable("gzip by its bytes", created("", &zipped), "compressed"),
        unreadable(
            "gzip by its header",
            created("Content-Encoding: gzip\r\n", b"x"),
            "compressed",
        ),
        unreadable(
            "two codings",
            created("Content-Encoding: identity, br\r\n", b"x"),
            "compressed",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_page_for_people_says_nothing_of_the_api() {
    let page = format!("\n <!DOCTYPE html><html><p>{PRIVATE}</p></html>");
    let html = |name, status: &str, headers: &str, body: &str| Case {
        name,
        act: Act::whole(status, headers, body),
        kind: ErrorKind::Decode,
        says: "HTML",
        unknown: true,
        again: false,
    };
    let mut gateway = html("a gateway's page", "502 Bad Gateway", "", &page);
    (gateway.kind, gateway.again) = (ErrorKind::Server, true);
    let typed = "Content-Type: text/html; charset=utf-8\r\n";
    check(vec![
        html("a page", "200 OK", typed, &page),
        html(
            "a page that says it is JSON",
            "201 Created",
            "Content-Type: application/json\r\n",
            &page,
        ),
        html(
            "text that says it is a page",
            "200 OK",
            typed,
            "Please log in",
        ),
        gateway,
    ])
    .await;
}

/// A page instead of a response without a body would look like a success otherwise.
#[tokio::test]
async fn a_page_is_not_taken_for_a_success_without_a_body() {
    use super::run::client;
    use super::script::Script;

    let page = Act::whole(
        "200 OK",
        "Content-Type: text/html\r\n",
        "<html>Please log in</html>",
    );
    let script = Script::start([page]).await;
    let id = offblocks_types::WebhookId(uuid::Uuid::from_u128(3));
    let error = client(&script.url).delete_webhook(id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert!(error.is_outcome_unknown(), "{error}");
    assert!(
        error.to_string().contains("same idempotency key"),
        "{error}"
    );
}
