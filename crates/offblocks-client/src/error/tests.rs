//! What an error says, and what it never says.

use std::error::Error as _;

use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue};

use super::*;
use crate::generated::operations::{
    ACTIVATE_CARD, CREATE_ACCOUNT_CARD, GET_CARD, GET_CHAINS, GET_TOKEN, UPDATE_SIGNING_KEY,
};

const KEY: Uuid = Uuid::from_u128(7);

fn status(operation: &'static Operation, status: u16) -> ErrorBuilder {
    let id = HeaderName::from_static("x-request-id");
    ErrorBuilder::new(operation)
        .status(StatusCode::from_u16(status).unwrap())
        .header(id, HeaderValue::from_static("req-1"))
}

fn failed(operation: &'static Operation, code: u16, body: &str) -> Error {
    status(operation, code).body(body).build()
}

#[test]
fn each_status_has_its_predicate() {
    type Predicate = fn(&Error) -> bool;
    let cases: [(u16, Predicate, bool); 8] = [
        (400, Error::is_bad_request, false),
        (401, Error::is_unauthorised, false),
        (404, Error::is_not_found, false),
        (409, Error::is_conflict, false),
        (422, Error::is_unprocessable, false),
        (429, Error::is_rate_limited, true),
        (500, Error::is_server_error, true),
        (503, Error::is_server_error, true),
    ];
    for (status, holds, retryable) in cases {
        let error = failed(&GET_CARD, status, "");
        assert!(holds(&error), "the predicate of {status}");
        assert_eq!(error.is_retryable(), retryable, "{status}");
        let others = cases
            .iter()
            .filter(|(other, ..)| other / 100 != status / 100);
        for (other, holds, _) in others {
            assert!(!holds(&error), "{status} is not {other}");
        }
    }
}

#[test]
fn the_text_says_what_where_and_what_now() {
    let problem = r#"{"title": "Conflict", "detail": "the card is terminated"}"#;
    assert_eq!(
        failed(&GET_CARD, 409, problem).to_string(),
        "`getCard` failed with 409 Conflict: the card is terminated (request req-1); fetch \
         the current state before trying again"
    );
    assert_eq!(
        failed(&CREATE_ACCOUNT_CARD, 400, "").to_string(),
        "`createAccountCard` failed with 400 Bad Request (request req-1); correct the \
         request; unchanged it will fail again"
    );
}

#[test]
fn a_path_without_an_identifier_is_missing_because_of_the_base_url() {
    let text = |operation| failed(operation, 404, "").to_string();
    assert!(text(&GET_CHAINS).contains("check the base URL"));
    assert!(text(&GET_CARD).contains("check the identifier"));
}

#[test]
fn any_body_is_kept_and_quoted() {
    let error = failed(&GET_CARD, 500, "oh\n no");
    assert_eq!(error.body(), Some("oh\n no"));
    assert!(error.to_string().contains(": oh no ("), "{error}");
    assert_eq!(error.problem(), None);
    let long = failed(&GET_CARD, 500, &"x".repeat(Body::LIMIT + 1));
    assert_eq!(
        long.body().map(str::len),
        Some(Body::LIMIT + '…'.len_utf8())
    );
    assert!(long.to_string().len() < 600, "{long}");
}

#[test]
fn what_comes_from_the_token_call_is_never_printed() {
    let error = failed(&GET_TOKEN, 401, "wrong secret hunter2");
    assert_eq!(error.body(), Some("wrong secret hunter2"));
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    let granted = failed(&GET_TOKEN, 200, r#"{"token": "eyJ"}"#);
    assert_eq!(granted.body(), None);
}

#[test]
fn a_failed_token_names_both_calls() {
    let error = failed(&GET_TOKEN, 401, "").on_behalf_of(&GET_CARD);
    assert_eq!(
        (error.operation(), error.called_operation()),
        ("getToken", "getCard")
    );
    assert!(
        error
            .to_string()
            .starts_with("`getToken` (for `getCard`) failed with 401")
    );
    assert!(error.source().is_none());
}

#[test]
fn the_problem_can_name_the_request() {
    let error = ErrorBuilder::new(&GET_CARD)
        .status(StatusCode::BAD_REQUEST)
        .body(r#"{"title": "t", "requestId": "p-1"}"#)
        .build();
    assert_eq!(error.request_id(), Some("p-1"));
}

#[test]
fn each_status_has_its_kind() {
    let cases = [
        (400, ErrorKind::BadRequest),
        (401, ErrorKind::Unauthorised),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
        (418, ErrorKind::UnexpectedStatus),
        (422, ErrorKind::Unprocessable),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Server),
        (599, ErrorKind::Server),
        (302, ErrorKind::UnexpectedStatus),
        (200, ErrorKind::Decode),
    ];
    for (code, expected) in cases {
        assert_eq!(failed(&GET_CARD, code, "").kind(), expected, "{code}");
    }
    let others = [
        (ErrorBuilder::new(&GET_CARD), ErrorKind::Connect),
        (ErrorBuilder::new(&GET_CARD).timed_out(), ErrorKind::Timeout),
        (
            ErrorBuilder::new(&GET_CARD).not_sent("why"),
            ErrorKind::Setup,
        ),
        (
            ErrorBuilder::new(&GET_CARD).unsettled(),
            ErrorKind::OutcomeUnknown,
        ),
    ];
    for (builder, expected) in others {
        assert_eq!(builder.build().kind(), expected);
    }
}

#[test]
fn a_key_that_still_runs_is_no_conflict() {
    let running = status(&ACTIVATE_CARD, 409)
        .header(RETRY_AFTER, HeaderValue::from_static("1"))
        .build();
    assert_eq!(running.kind(), ErrorKind::StillRunning);
    assert!(!running.is_conflict() && running.is_retryable());
    assert!(
        running
            .to_string()
            .ends_with("with the same idempotency key")
    );
}

#[test]
fn what_may_have_been_carried_out_says_so_with_its_key() {
    let lost = ErrorBuilder::new(&CREATE_ACCOUNT_CARD)
        .timed_out()
        .idempotency_key(KEY)
        .attempts(4)
        .build();
    assert!(lost.is_outcome_unknown() && lost.is_retryable());
    assert_eq!((lost.idempotency_key(), lost.attempts()), (Some(KEY), 4));
    assert_eq!(
        lost.to_string(),
        "`createAccountCard` timed out; it may have been carried out: send it again with the same \
         idempotency key (00000000-0000-0000-0000-000000000007)"
    );
    let unkeyed = ErrorBuilder::new(&UPDATE_SIGNING_KEY).timed_out().build();
    assert!(
        unkeyed
            .to_string()
            .ends_with("check that before you send it again")
    );
}

#[test]
fn advice_fits_the_operation() {
    let read = ErrorBuilder::new(&GET_CARD).timed_out().build();
    assert!(!read.is_outcome_unknown());
    assert_eq!(read.to_string(), "`getCard` timed out; send it again");
    let cases = [
        (failed(&GET_CARD, 503, ""), "send it again later"),
        (failed(&GET_CARD, 429, ""), "wait, then send it again"),
        (
            failed(&GET_TOKEN, 401, ""),
            "check the API key and its secret",
        ),
        (
            failed(&UPDATE_SIGNING_KEY, 401, ""),
            "check the API credentials",
        ),
        (
            failed(&GET_CARD, 501, ""),
            "check the base URL and its version",
        ),
        (
            failed(&ACTIVATE_CARD, 200, "{"),
            "compare the crate's contract with the server's",
        ),
    ];
    for (error, expected) in cases {
        let text = error.to_string();
        assert!(text.ends_with(expected), "{text}");
        assert!(!text.contains("idempotency key"), "{text}");
    }
}

#[test]
fn bodies_that_no_api_sends_are_named_and_not_quoted() {
    let html = failed(&GET_CARD, 502, "<html>hunter2</html>");
    assert!(html.to_string().contains("the body is HTML"), "{html}");
    let zipped = status(&GET_CARD, 500).body([0x1f, 0x8b, 8, 0]).build();
    assert!(zipped.to_string().contains("is compressed"), "{zipped}");
    assert!(!html.to_string().contains("hunter2"));
}

#[test]
fn no_body_of_a_success_is_kept() {
    let error = failed(&GET_CARD, 200, r#"{"firstLine": "18 Harbour Row"}"#);
    assert_eq!((error.kind(), error.body()), (ErrorKind::Decode, None));
    assert!(!format!("{error} {error:?}").contains("Harbour"));
}
