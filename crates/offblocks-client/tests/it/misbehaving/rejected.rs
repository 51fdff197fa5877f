//! Statuses, and headers that make no sense.

use std::time::Duration;

use offblocks_client::{ErrorKind, RetryPolicy};

use super::run::{Case, check, client, ordered};
use super::script::{Act, Script};

fn case(
    name: &'static str,
    status: &str,
    headers: &str,
    kind: ErrorKind,
    says: &'static str,
) -> Case {
    Case {
        name,
        act: Act::whole(status, headers, ""),
        kind,
        says,
        unknown: false,
        again: false,
    }
}

#[tokio::test]
async fn statuses_that_do_not_pass_end_the_call() {
    use ErrorKind::{Forbidden, UnexpectedStatus};
    let far = "Location: https://elsewhere.example/\r\n";
    check(vec![
        case(
            "another protocol",
            "101 Switching Protocols",
            "",
            UnexpectedStatus,
            "no other protocol",
        ),
        case(
            "found",
            "302 Found",
            far,
            UnexpectedStatus,
            "redirects are not followed",
        ),
        case(
            "elsewhere permanently",
            "308 Permanent Redirect",
            far,
            UnexpectedStatus,
            "redirects",
        ),
        case(
            "not modified",
            "304 Not Modified",
            "",
            UnexpectedStatus,
            "cache in between",
        ),
        case(
            "payment",
            "402 Payment Required",
            "",
            UnexpectedStatus,
            "402",
        ),
        case(
            "forbidden",
            "403 Forbidden",
            "",
            Forbidden,
            "these credentials",
        ),
    ])
    .await;
}

#[tokio::test]
async fn statuses_of_gateways_end_the_call_and_name_what_to_look_at() {
    use ErrorKind::{Server, Unauthorised, UnexpectedStatus};
    check(vec![
        case(
            "method",
            "405 Method Not Allowed",
            "",
            UnexpectedStatus,
            "base URL",
        ),
        case(
            "proxy",
            "407 Proxy Authentication Required",
            "",
            UnexpectedStatus,
            "proxy",
        ),
        case(
            "too large",
            "413 Content Too Large",
            "",
            UnexpectedStatus,
            "send less",
        ),
        case(
            "media type",
            "415 Unsupported Media Type",
            "",
            UnexpectedStatus,
            "JSON",
        ),
        case(
            "unknown",
            "499 Client Closed Request",
            "",
            UnexpectedStatus,
            "499",
        ),
        case(
            "not implemented",
            "501 Not Implemented",
            "",
            Server,
            "does not offer",
        ),
        case(
            "a number of its own",
            "799 Whatever",
            "",
            UnexpectedStatus,
            "799",
        ),
        case(
            "a clock of long ago",
            "401 No",
            "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
            Unauthorised,
            "clock is",
        ),
        case(
            "a clock of words",
            "401 No",
            "Date: yesterday\r\n",
            Unauthorised,
            "signing key",
        ),
    ])
    .await;
}

/// Gateways have statuses for a server that has not responded to them. It may have the call.
#[tokio::test]
async fn after_a_status_of_a_gateway_a_change_may_have_been_carried_out() {
    let unknown = |name, status| Case {
        unknown: true,
        ..case(name, status, "", ErrorKind::Server, "")
    };
    check(vec![
        unknown("unknown error", "520 Web Server Returned an Unknown Error"),
        unknown("no response in time", "524 A Timeout Occurred"),
        unknown("no room", "507 Insufficient Storage"),
        unknown("a network timeout", "599 Network Connect Timeout"),
    ])
    .await;
}

/// What a server asks to wait, and whether the client does.
#[tokio::test]
async fn pauses_that_make_no_sense_are_not_waited_for() {
    let cases = [
        ("Retry-After: 3\r\n", true),
        ("Retry-After: 30\r\n", true),
        ("Retry-After: 31\r\n", false),
        ("Retry-After: 99999999999999999999999\r\n", false),
        ("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n", false),
        ("Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n", true),
        ("Retry-After: -5\r\n", true),
        ("Retry-After: 1.5\r\n", true),
        ("Retry-After: soon\r\n", true),
        ("Retry-After: \r\n", true),
        ("Retry-After: \u{e9}\r\n", true),
        ("Retry-After: 2\r\nRetry-After: 4000\r\n", true),
    ];
    for (header, waits) in cases {
        for status in ["429 Too Many Requests", "503 Service Unavailable"] {
            let act = Act::whole(status, header, "");
            let (script, ended) = ordered(act, RetryPolicy::default()).await;
            assert_eq!(ended.is_ok(), waits, "{status}, {header}: {ended:?}");
            let keys = script.keys();
            assert_eq!(keys.len(), 1 + usize::from(waits), "{status}, {header}");
            if let Err(error) = ended {
                let asked = error.retry_after().unwrap();
                assert!(asked > Duration::from_secs(30), "{header}: {asked:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_server_says_can_change_no_log_and_no_terminal() {
    let body = r#"{"title": "\u001b[2JNo\r\nERROR forged", "requestId": "\u001b]0;x\u0007"}"#;
    let long = format!("X-Request-Id: {}\r\n", "r".repeat(5000));
    for (headers, body) in [("", body), ("", "\u{1b}[31mred\u{7}"), (long.as_str(), "")] {
        let script = Script::start([Act::whole("400 Bad Request", headers, body)]).await;
        let call = client(&script.url).get_card(super::run::card());
        let error = call.await.unwrap_err();
        let text = error.to_string();
        assert!(!text.chars().any(char::is_control), "{text:?}");
        assert!(text.len() < 500, "{text}");
        assert_eq!(error.request_id(), None);
    }
}
