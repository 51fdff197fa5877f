//! What an error says, and what it never says.

use std::error::Error as _;

use http::HeaderMap;

use super::*;
use crate::generated::operations::{CREATE_ACCOUNT_CARD, GET_CARD, GET_TOKEN};

fn answered(operation: &'static Operation, status: u16, body: &str) -> Error {
    let status = StatusCode::from_u16(status).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", "req-1".parse().unwrap());
    let body = Body::new(body.as_bytes().to_vec(), false);
    Error::new(operation, Kind::Status).answered(status, &headers, body)
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
        let error = answered(&GET_CARD, status, "");
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
        answered(&GET_CARD, 409, problem).to_string(),
        "`getCard` was answered with 409 Conflict: the card is terminated (request req-1); fetch \
         the current state before trying again"
    );
    assert_eq!(
        answered(&CREATE_ACCOUNT_CARD, 400, "").to_string(),
        "`createAccountCard` was answered with 400 Bad Request (request req-1); correct the \
         request; unchanged it will fail again"
    );
}

#[test]
fn a_path_without_an_identifier_is_missing_because_of_the_base_url() {
    let told = |operation| answered(operation, 404, "").to_string();
    assert!(told(&GET_TOKEN).contains("check the base URL"));
    assert!(told(&GET_CARD).contains("check the identifier"));
}

#[test]
fn any_body_is_kept_and_quoted() {
    let error = answered(&GET_CARD, 500, "oh\n no");
    assert_eq!(error.body(), Some("oh\n no"));
    assert!(error.to_string().contains(": oh no ("), "{error}");
    assert_eq!(error.problem(), None);
    let long = answered(&GET_CARD, 500, &"x".repeat(Body::LIMIT + 1));
    assert_eq!(
        long.body().map(str::len),
        Some(Body::LIMIT + '…'.len_utf8())
    );
    assert!(long.to_string().len() < 600, "{long}");
}

#[test]
fn what_comes_from_the_token_call_is_never_printed() {
    let error = answered(&GET_TOKEN, 401, "wrong secret hunter2");
    assert_eq!(error.body(), Some("wrong secret hunter2"));
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    let granted = answered(&GET_TOKEN, 200, r#"{"token": "eyJ"}"#);
    assert_eq!(granted.body(), None);
}

#[test]
fn a_failed_token_names_both_calls() {
    let error = answered(&GET_TOKEN, 401, "").on_behalf_of(&GET_CARD);
    assert_eq!(
        (error.operation(), error.called_operation()),
        ("getToken", "getCard")
    );
    assert!(
        error
            .to_string()
            .starts_with("`getToken` (for `getCard`) was answered with 401")
    );
    assert!(error.source().is_none());
}

#[test]
fn the_problem_can_name_the_request() {
    let body = Body::new(br#"{"title": "t", "requestId": "p-1"}"#.to_vec(), false);
    let status = StatusCode::BAD_REQUEST;
    let error = Error::new(&GET_CARD, Kind::Status).answered(status, &HeaderMap::new(), body);
    assert_eq!(error.request_id(), Some("p-1"));
}
