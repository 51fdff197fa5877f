//! Responses with headers, and those that are neither success nor error.

use super::shell;
use loopback_client::builder;
use loopback_client::{Client, Error};
use loopback_server::{OnlyDefaultSuccess, OutcomeError, OutcomeSuccess};
use loopback_types::*;
use serde_json::json;

/// What the server responds with, by the number that is asked for.
pub fn respond(outcome: i64) -> Result<OutcomeSuccess, OutcomeError> {
    match outcome {
        200 => Ok(OutcomeSuccess::Ok(full(), vec!["body".to_owned()])),
        // A line break in a header would be a header more.
        201 => {
            let mut headers = full();
            headers.e_tag = Some("a\r\nX-Evil: 1".to_owned());
            Ok(OutcomeSuccess::Ok(headers, Vec::new()))
        }
        // The comma would separate one name from another.
        202 => {
            let mut headers = full();
            headers.x_names = Some(vec!["a,b".to_owned()]);
            Ok(OutcomeSuccess::Ok(headers, Vec::new()))
        }
        204 => Ok(OutcomeSuccess::NoContent(OutcomeResponse204Headers::new(7))),
        302 => Ok(OutcomeSuccess::Found(OutcomeResponse302Headers::new("https://a.b"))),
        304 => Ok(OutcomeSuccess::NotModified),
        429 => Err(OutcomeError::too_many_requests(OutcomeResponse429Headers::new(60), "slowly")),
        502 => {
            let mut headers = OutcomeResponse5xxHeaders::new();
            headers.x_fault = Some("gateway".to_owned());
            let status = axum::http::StatusCode::BAD_GATEWAY.try_into().unwrap();
            Err(OutcomeError::ServerError(status, headers, shell("red")))
        }
        _ => Err(OutcomeError::not_found("there is none")),
    }
}

pub fn default() -> OnlyDefaultSuccess {
    OnlyDefaultSuccess::Other(
        axum::http::StatusCode::ACCEPTED,
        OnlyDefaultResponseDefaultHeaders::new(3),
        shell("blue"),
    )
}

fn full() -> OutcomeResponse200Headers {
    let mut headers = OutcomeResponse200Headers::new(12);
    headers.x_ratio = Some(0.5);
    headers.x_done = Some(true);
    headers.x_left = serde_json::from_value(json!(-7)).unwrap();
    headers.x_used = serde_json::from_value(json!("none")).unwrap();
    headers.x_mark = serde_json::from_value(json!(true)).unwrap();
    headers.e_tag = Some("\"a,b\"".to_owned());
    headers.x_names = Some(vec!["a b".to_owned(), "é".to_owned()]);
    headers.x_numbers = Some(vec![1, -2]);
    headers.x_kind = Some(OutcomeResponse200HeadersXKind::Big);
    headers.x_shell = Some(shell("red"));
    headers.x_pairs = Some(shell("blue"));
    headers.x_json = Some(shell("a,b"));
    headers.set_cookie = Some(vec!["a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT".to_owned(), "b=2".to_owned()]);
    headers
}

pub async fn arrive(client: &Client) {
    let response = client.outcome(200).send().await.unwrap();
    assert_eq!(response.headers()["x-total"], "12");
    assert_eq!(response.headers()["x-names"].as_bytes(), "a b,é".as_bytes());
    assert_eq!(response.headers()["x-shell"], "count,-2,hue,red,old,true,weight,1.5");
    assert_eq!(response.headers()["x-pairs"], "count=-2,hue=blue,old=true,weight=1.5");
    match response.into_inner() {
        builder::OutcomeSuccess::Status200(headers, body) => {
            assert_eq!(json!(headers), json!(full()));
            assert_eq!(body, ["body"]);
        }
        other => panic!("{other:?}"),
    }
    for (asked, expected) in [
        (204, builder::OutcomeSuccess::Status204(OutcomeResponse204Headers::new(7))),
        (302, builder::OutcomeSuccess::Status302(OutcomeResponse302Headers::new("https://a.b"))),
        (304, builder::OutcomeSuccess::Status304),
    ] {
        let response = client.outcome(asked).send().await.unwrap();
        assert_eq!(i64::from(response.status().as_u16()), asked);
        assert_eq!(format!("{:?}", response.into_inner()), format!("{expected:?}"));
    }
    errors(client).await;
    let response = client.only_default().send().await.unwrap();
    assert_eq!(response.status(), 202);
    let (headers, body) = response.into_inner();
    assert_eq!((headers.x_total, body), (3, shell("blue")));
    unreadable().await;
}

async fn errors(client: &Client) {
    match client.outcome(404).send().await.unwrap_err() {
        Error::ErrorResponse(response) => match response.into_inner() {
            builder::OutcomeFailure::Status404(text) => {
                let problem: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(problem["status"], 404);
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
    match client.outcome(429).send().await.unwrap_err() {
        Error::ErrorResponse(response) => match response.into_inner() {
            builder::OutcomeFailure::Status429(headers, _) => assert_eq!(headers.retry_after, 60),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
    for asked in [201, 202] {
        let error = client.outcome(asked).send().await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(500), "{error:?}");
    }
    match client.outcome(502).send().await.unwrap_err() {
        Error::ErrorResponse(response) => match response.into_inner() {
            builder::OutcomeFailure::Status5xx(headers, body) => {
                assert_eq!((headers.x_fault.as_deref(), body), (Some("gateway"), shell("red")));
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// A server that leaves out what the contract requires, or writes it wrong.
async fn unreadable() {
    for (total, reason) in [(None, "missing field `X-Total`"), (Some("many"), "header `X-Total`: `many` is not")] {
        let error = careless(200, "x-total", total).await;
        assert!(matches!(error, Error::InvalidResponsePayload(..)), "{error:?}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    // The status of an error is seen all the same.
    for retry in [None, Some("soon")] {
        match careless(429, "retry-after", retry).await {
            Error::UnexpectedResponse(response) => {
                assert_eq!(response.status(), 429);
                assert_eq!(response.headers().contains_key("retry-after"), retry.is_some());
                assert_eq!(response.text().await.unwrap(), "[]");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// What a call says of a response with one header, or without it.
async fn careless(status: u16, name: &'static str, value: Option<&'static str>) -> Error<builder::OutcomeFailure> {
    let route = axum::routing::get(move || async move {
        let mut response = axum::response::Response::new(axum::body::Body::from("[]"));
        *response.status_mut() = status.try_into().unwrap();
        if let Some(value) = value {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        response
    });
    let router = axum::Router::new().route("/outcomes/{outcome}", route);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    client.outcome(i64::from(status)).send().await.unwrap_err()
}
